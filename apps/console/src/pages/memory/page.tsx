import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function MemoryPage() {
  return <Page title={text.frame.memory}>{null}</Page>
}
