import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function LogsPage() {
  return <Page title={text.frame.logs}>{null}</Page>
}
