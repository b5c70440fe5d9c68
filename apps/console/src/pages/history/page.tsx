import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { CaptureDialog } from '../../executions/capture-dialog.tsx'
import { Line as OneLine } from '../../executions/line.tsx'
import { Took } from '../../executions/step-detail.tsx'
import { Button } from '../../parts/button.tsx'
import { Time } from '../../parts/facts.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { useList, useRead, type ItemOf } from '../../platform/operations.ts'
import { executions as shared } from '../../text/executions.ts'
import { history as words } from '../../text/history.ts'
import { FilterBar } from './filter-bar.tsx'
import { exportAddress, filtersOf, queryOf, type Filters } from './filters.ts'

type Line = ItemOf<'history.list'>
/** What came of it, on one line. */
function resultOf({ outputs, errors }: Line): string {
  const [error] = errors ?? []
  if (error) return error.message
  return outputs === null ? '' : typeof outputs === 'string' ? outputs : JSON.stringify(outputs)
}
/** The columns; `whatOf` names what was carried out, `chosen` are the ids that become a workflow. */
const columnsOf = (
  whatOf: (line: Line) => string,
  chosen: readonly string[],
  setChosen: (chosen: readonly string[]) => void,
): readonly Column<Line>[] => [
  { id: 'what', header: words.columns.what, cell: (line) => <OneLine text={whatOf(line)} /> },
  { id: 'state', header: words.columns.state, width: '120px', cell: ({ status }) => <Status state={status} /> },
  {
    id: 'result',
    header: words.columns.result,
    width: '2fr',
    hideBelow: 'sm',
    cell: (line) => (
      <span className="font-mono text-xs text-muted">
        <OneLine text={resultOf(line)} />
      </span>
    ),
  },
  { id: 'by', header: words.columns.by, width: '110px', hideBelow: 'lg', cell: ({ caller }) => caller },
  {
    id: 'took',
    header: words.columns.took,
    width: '80px',
    align: 'end',
    hideBelow: 'sm',
    cell: ({ createdAt, finishedAt }) => <Took row={{ startedAt: createdAt, finishedAt }} />,
  },
  { id: 'at', header: words.columns.at, width: '100px', align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'choose',
    header: words.columns.choose,
    width: '76px',
    align: 'end',
    cell: (line) => (
      <label className="flex size-6 items-center justify-center" title={line.status === 'completed' ? undefined : words.onlyCompleted}>
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          aria-label={words.choose(whatOf(line))}
          disabled={line.status !== 'completed'}
          checked={chosen.includes(line.id)}
          onChange={(event) => setChosen(event.target.checked ? [...chosen, line.id] : chosen.filter((id) => id !== line.id))}
        />
      </label>
    ),
  },
]
const link = 'inline-flex h-8 items-center rounded-sm border bg-raised px-3 hover:border-line-strong'

/** All executions, filtered by the address; several of them make a workflow. */
export function HistoryPage() {
  const search: Readonly<Record<string, string>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const filters = filtersOf(search)
  const { items, isPending, error, hasMore, isMore, more } = useList('history.list', { ...queryOf(filters), limit: 50 })
  const workflows = useRead('workflows.list', { limit: 200 })
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [isSaving, setSaving] = useState(false)
  const isFiltered = Object.keys(filters).length > 0
  const setFilters = (next: Filters) => {
    setChosen([])
    void navigate({ to: '/history', search: filtersOf(next as Record<string, string>), replace: true })
  }
  const whatOf = ({ toolId, planId, workflowId }: Line): string => {
    if (workflowId !== null) return workflows.data?.items.find(({ id }) => id === workflowId)?.name ?? words.workflow(workflowId)
    return toolId ?? (planId === null ? '' : words.plan(planId))
  }
  const open = (executionId: string) => void navigate({ to: '/history/$executionId', params: { executionId } })
  return (
    <Page
      title={words.title}
      about={words.about}
      wide
      actions={
        <>
          <Link to="/audit" className={link}>
            {words.audit}
          </Link>
          <a href={exportAddress(filters)} download className={link}>
            {words.export}
          </a>
        </>
      }
    >
      <FilterBar filters={filters} onChange={setFilters} />
      {chosen.length > 0 && (
        <div role="status" className="flex flex-wrap items-center gap-3 rounded-sm border bg-panel px-3 py-2">
          <span className="flex-1">{words.chosen(chosen.length)}</span>
          <Button onClick={() => setChosen([])}>{words.unchoose}</Button>
          <Button kind="primary" onClick={() => setSaving(true)}>
            {shared.capture}
          </Button>
        </div>
      )}
      {error ? (
        <Failed error={error} />
      ) : isPending ? (
        <Loading rows={8} />
      ) : (
        <Table
          label={words.list}
          rows={items}
          rowKey={({ id }) => id}
          href={({ id }) => `/app/history/${id}`}
          onOpen={({ id }) => open(id)}
          hasMore={hasMore}
          isMore={isMore}
          more={more}
          empty={
            isFiltered ? (
              <Empty title={words.noneFits} action={<Button onClick={() => setFilters({})}>{words.clear}</Button>}>
                {words.noneFitsAbout}
              </Empty>
            ) : (
              <Empty
                title={words.empty}
                action={
                  <Button kind="primary" onClick={() => void navigate({ to: '/plan' })}>
                    {words.emptyGo}
                  </Button>
                }
              >
                {words.emptyAbout}
              </Empty>
            )
          }
          columns={columnsOf(whatOf, chosen, setChosen)}
        />
      )}
      <CaptureDialog
        open={isSaving}
        onClose={() => setSaving(false)}
        from={{ executionIds: chosen }}
        suggestedName={words.captureName}
        onSaved={({ id }) => void navigate({ to: '/workflows/$workflowId', params: { workflowId: id }, search: { tab: 'edit' } })}
      />
    </Page>
  )
}
