import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function SettingsPage() {
  return <Page title={text.frame.settings}>{null}</Page>
}
