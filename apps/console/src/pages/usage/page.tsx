import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function UsagePage() {
  return <Page title={text.frame.usage}>{null}</Page>
}
