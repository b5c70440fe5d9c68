import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function HistoryPage() {
  return <Page title={text.frame.history}>{null}</Page>
}
