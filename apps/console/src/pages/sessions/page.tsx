import { Page } from '../../parts/page.tsx'
import { NewSession } from '../../start/new-session.tsx'
import { text } from '../../text/index.ts'

/** All sessions, and how another is started. */
export function SessionsPage() {
  return (
    <Page title={text.frame.sessions}>
      <NewSession />
    </Page>
  )
}
