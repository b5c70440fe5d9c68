import { ArrowLeft } from 'lucide-react'
import { ExecutionView } from '../../executions/execution-view.tsx'
import { Took } from '../../executions/step-detail.tsx'
import { Button } from '../../parts/button.tsx'
import { Time } from '../../parts/facts.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { useList, type ItemOf } from '../../platform/operations.ts'
import { workflows as words } from '../../text/workflows.ts'

export interface RunsTabProps {
  readonly id: string
  readonly executionId: string | undefined
  readonly onOpen: (executionId: string | undefined) => void
}
const columns: readonly Column<ItemOf<'history.list'>>[] = [
  { id: 'state', header: words.runs.columns.state, width: '130px', cell: ({ status }) => <Status state={status} /> },
  { id: 'id', header: words.runs.columns.id, cell: (run) => <span className="font-mono text-xs">{run.id}</span> },
  { id: 'by', header: words.runs.columns.by, width: '120px', hideBelow: 'sm', cell: ({ caller }) => caller },
  {
    id: 'took',
    header: words.runs.columns.took,
    width: '90px',
    align: 'end',
    cell: ({ createdAt, finishedAt }) => <Took row={{ startedAt: createdAt, finishedAt }} />,
  },
  { id: 'at', header: words.runs.columns.at, width: '110px', align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
]
/** The runs of a workflow; one opened, it replays on the graph. */
export function RunsTab({ id, executionId, onOpen }: RunsTabProps) {
  const { items, isPending, error, hasMore, isMore, more } = useList(
    'history.list',
    { workflowId: id, limit: 50 },
    { enabled: executionId === undefined },
  )
  if (executionId !== undefined)
    return (
      <div className="flex flex-col gap-4">
        <div>
          <Button onClick={() => onOpen(undefined)}>
            <ArrowLeft aria-hidden size={14} />
            {words.runs.back}
          </Button>
        </div>
        <ExecutionView key={executionId} id={executionId} />
      </div>
    )
  if (error) return <Failed error={error} />
  if (isPending) return <Loading rows={5} />
  return (
    <Table
      label={words.tabs.runs}
      rows={items}
      rowKey={(run) => run.id}
      href={(run) => `/app/workflows/${id}?tab=runs&execution=${run.id}`}
      onOpen={(run) => onOpen(run.id)}
      hasMore={hasMore}
      isMore={isMore}
      more={more}
      empty={<p className="text-muted">{words.runs.none}</p>}
      columns={columns}
    />
  )
}
