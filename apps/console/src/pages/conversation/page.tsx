import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function ConversationPage() {
  return <Page title={text.frame.sessions}>{null}</Page>
}
