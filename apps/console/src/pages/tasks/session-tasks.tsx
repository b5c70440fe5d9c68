import { useNavigate } from '@tanstack/react-router'
import { Money, Time } from '../../parts/facts.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import type { AnswerOf } from '../../platform/daemon.ts'
import { useList } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'

type SessionTask = Extract<AnswerOf<'tasks.get'>, { kind: 'session' }>
const columns: readonly Column<SessionTask>[] = [
  { id: 'name', header: words.name, cell: ({ title }) => <Plain text={title} className="whitespace-pre!" />, width: '2fr' },
  { id: 'state', header: words.state, cell: ({ status }) => <Status state={status} />, width: 130 },
  {
    id: 'model',
    header: words.model,
    cell: ({ settings }) => <Plain text={settings.model} className="whitespace-pre!" />,
    width: '1fr',
    hideBelow: 'lg',
  },
  {
    id: 'cost',
    header: words.cost,
    cell: ({ usage }) => <Money usd={usage.costUsd} />,
    width: 90,
    align: 'end',
    sort: (a, b) => a.usage.costUsd - b.usage.costUsd,
  },
  { id: 'changed', header: words.changed, cell: ({ updatedAt }) => <Time at={updatedAt} />, width: 120, align: 'end' },
]
/** What sessions do: each is a task under the session's own name. */
export function SessionTasks() {
  const tasks = useList('tasks.list', { kind: 'session', limit: 100 })
  const navigate = useNavigate()
  const rows = tasks.items.filter((task): task is SessionTask => task.kind === 'session')
  if (tasks.error && rows.length === 0) return <Failed error={tasks.error} retry={tasks.more} />
  if (tasks.isPending) return <Loading rows={8} />
  return (
    <Table
      label={words.sessionsTable}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      href={({ id }) => `/app/sessions/${id}`}
      onOpen={({ id }) => void navigate({ to: '/sessions/$sessionId', params: { sessionId: id } })}
      hasMore={tasks.hasMore}
      isMore={tasks.isMore}
      more={tasks.more}
      empty={<Empty title={words.noSessionsTitle}>{words.noSessions}</Empty>}
    />
  )
}
