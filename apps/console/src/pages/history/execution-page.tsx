import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function ExecutionPage() {
  return <Page title={text.frame.history}>{null}</Page>
}
