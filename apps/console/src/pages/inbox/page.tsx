import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function InboxPage() {
  return <Page title={text.frame.inbox}>{null}</Page>
}
