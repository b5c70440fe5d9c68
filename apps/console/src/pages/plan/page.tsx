import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function PlanPage() {
  return <Page title={text.frame.plan}>{null}</Page>
}
