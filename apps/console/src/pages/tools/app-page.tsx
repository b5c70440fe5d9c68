import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function AppPage() {
  return <Page title={text.frame.tools}>{null}</Page>
}
