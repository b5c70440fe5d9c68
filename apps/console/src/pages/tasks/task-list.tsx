import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../parts/button.tsx'
import { Time } from '../../parts/facts.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { sayFault, sayUndo } from '../../parts/toast.tsx'
import { call } from '../../platform/daemon.ts'
import { useList, useRead, useWrite } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'
import { Does } from './about-task.tsx'
import { whenWords, zoneHere, type StoredTask } from './schedule-words.ts'
import { FireState, TaskState } from './states.tsx'

const columns: readonly Column<StoredTask>[] = [
  {
    id: 'name',
    header: words.name,
    cell: ({ name }) => <Plain text={name} className="whitespace-pre!" />,
    width: '2fr',
    sort: (a, b) => a.name.localeCompare(b.name),
  },
  { id: 'state', header: words.state, cell: ({ status }) => <TaskState status={status} />, width: 84 },
  { id: 'does', header: words.what, cell: ({ target }) => <Does target={target} />, width: '2fr', hideBelow: 'lg' },
  { id: 'when', header: words.when, cell: (task) => <span title={whenWords(task)}>{whenWords(task)}</span>, width: '2fr' },
  {
    id: 'next',
    header: words.next,
    cell: ({ nextAt }) => (nextAt === null ? <span className="text-muted">—</span> : <Time at={nextAt} />),
    width: 110,
    sort: (a, b) => (a.nextAt ?? '~').localeCompare(b.nextAt ?? '~'),
  },
  { id: 'last', header: words.last, cell: ({ id }) => <LastFire id={id} />, width: 170 },
  { id: 'owner', header: words.owner, cell: ({ owner }) => <Plain text={owner} className="whitespace-pre!" />, width: 90, hideBelow: 'lg' },
]
/** What came of the newest fire. Only tasks in view ask for it. */
function LastFire({ id }: { readonly id: string }) {
  const runs = useRead('tasks.runs', { id, limit: 1 })
  const fire = runs.data?.items[0]
  if (!runs.data) return null
  if (!fire) return <span className="text-muted">{words.notYet}</span>
  return (
    <span className="inline-flex items-center gap-2">
      <FireState status={fire.status} />
      <Time at={fire.finishedAt ?? fire.at} />
    </span>
  )
}
/** The stored tasks, newest first. */
export function TaskList() {
  const tasks = useList('tasks.list', { kind: 'stored', limit: 100 })
  const navigate = useNavigate()
  const rows = tasks.items.filter((task): task is StoredTask => task.kind === 'stored')
  if (tasks.error && rows.length === 0) return <Failed error={tasks.error} retry={tasks.more} />
  if (tasks.isPending) return <Loading rows={8} />
  return (
    <Table
      label={words.table}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      href={({ id }) => `/app/tasks/${id}`}
      onOpen={({ id }) => void navigate({ to: '/tasks/$taskId', params: { taskId: id } })}
      hasMore={tasks.hasMore}
      isMore={tasks.isMore}
      more={tasks.more}
      empty={<NoTasks />}
    />
  )
}
function NoTasks() {
  const create = useWrite('tasks.create')
  const navigate = useNavigate()
  const make = () =>
    create.mutate(
      {
        name: words.exampleName,
        target: { kind: 'tool', toolId: 'files.list', inputs: {} },
        schedule: { kind: 'cron', expression: '0 7 * * 1-5', zone: zoneHere() },
      },
      {
        onSuccess({ id, name }) {
          sayUndo(words.created(name), () => void call('tasks.delete', { id }).then(() => navigate({ to: '/tasks' }), sayFault))
          void navigate({ to: '/tasks/$taskId', params: { taskId: id } })
        },
        onError: sayFault,
      },
    )
  return (
    <Empty
      title={words.emptyTitle}
      action={
        <Button kind="primary" busy={create.isPending} onClick={make}>
          {words.example}
        </Button>
      }
    >
      {words.empty} {words.exampleAbout}
    </Empty>
  )
}
