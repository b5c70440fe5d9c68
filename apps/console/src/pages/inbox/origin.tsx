import { Link } from '@tanstack/react-router'
import { SessionTitle } from '../../sessions/session-title.tsx'
import { useRead } from '../../platform/operations.ts'
import { inbox as words } from '../../text/inbox.ts'

function SessionLink({ id }: { readonly id: string }) {
  const { data } = useRead('sessions.get', { id })
  return (
    <Link to="/sessions/$sessionId" params={{ sessionId: id }} className="truncate text-accent underline">
      <SessionTitle title={data?.title ?? id} />
    </Link>
  )
}
/** Where something that waits comes from: its session, or its execution. */
export function Origin({ sessionId, executionId }: { readonly sessionId: string | null; readonly executionId: string | null }) {
  return (
    <span className="flex min-w-0 gap-1 text-muted">
      {words.from} {sessionId !== null && <SessionLink id={sessionId} />}
      {executionId !== null && (
        <Link to="/history/$executionId" params={{ executionId }} className="text-accent underline">
          {words.execution}
        </Link>
      )}
    </span>
  )
}
