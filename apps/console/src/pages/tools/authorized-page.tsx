import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function AuthorizedPage() {
  return <Page title={text.frame.tools}>{null}</Page>
}
