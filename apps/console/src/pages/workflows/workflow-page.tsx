import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function WorkflowPage() {
  return <Page title={text.frame.workflows}>{null}</Page>
}
