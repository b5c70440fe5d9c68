import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function PartsPage() {
  return <Page title={text.frame.product}>{null}</Page>
}
