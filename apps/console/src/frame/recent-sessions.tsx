import { Link } from '@tanstack/react-router'
import { Status } from '../parts/status.tsx'
import { useList } from '../platform/operations.ts'
import { SessionTitle } from '../sessions/session-title.tsx'
import { useLeaving } from '../sessions/leaving.ts'
import { text } from '../text/index.ts'

/** The sessions last used, with what they do now, below the pages. */
export function RecentSessions() {
  const { items } = useList('sessions.list', { limit: 12 })
  const leaving = useLeaving()
  const shown = items.filter(({ id }) => !leaving.has(id)).slice(0, 10)
  if (shown.length === 0) return null
  return (
    <section aria-label={text.frame.recent} className="mt-3 flex min-h-0 flex-col gap-0.5 overflow-y-auto">
      <p aria-hidden className="px-2 text-xs text-muted">
        {text.frame.recent}
      </p>
      {shown.map(({ id, title, status }) => (
        <Link
          key={id}
          to="/sessions/$sessionId"
          params={{ sessionId: id }}
          className="flex h-7 shrink-0 items-center gap-2 rounded-sm px-2 hover:bg-accent-soft"
          activeProps={{ className: 'bg-accent-soft font-bold', 'aria-current': 'page' }}
        >
          <span className="flex w-3.5 shrink-0 justify-center">
            <Status state={status} dot />
          </span>
          <SessionTitle title={title} />
        </Link>
      ))}
    </section>
  )
}
