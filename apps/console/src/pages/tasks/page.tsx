import { Page } from '../../parts/page.tsx'
import { text } from '../../text/index.ts'

export function TasksPage() {
  return <Page title={text.frame.tasks}>{null}</Page>
}
