import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Line } from '../../executions/line.tsx'
import { Button } from '../../parts/button.tsx'
import { Time } from '../../parts/facts.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { isKept } from '../../platform/kept.ts'
import { useList, useWrite, type ItemOf } from '../../platform/operations.ts'
import { workflows as words } from '../../text/workflows.ts'
import { exampleWorkflow } from './example.ts'
import { ImportDialog } from './import-dialog.tsx'
import { draftKey } from './use-draft.ts'

const columns: readonly Column<ItemOf<'workflows.list'>>[] = [
  {
    id: 'name',
    header: words.columns.name,
    cell: ({ id, name, description }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="shrink-0 font-bold">
          <Line text={name} />
        </span>
        {isKept(draftKey(id), localStorage) && <span className="shrink-0 text-warn">{words.unsaved}</span>}
        <span className="truncate text-muted">
          <Line text={description ?? ''} />
        </span>
      </span>
    ),
    sort: (one, other) => one.name.localeCompare(other.name),
  },
  { id: 'steps', header: words.columns.steps, width: '72px', align: 'end', cell: ({ steps }) => steps.length },
  { id: 'version', header: words.columns.version, width: '80px', align: 'end', cell: ({ version }) => version },
  { id: 'by', header: words.columns.by, width: '120px', hideBelow: 'lg', cell: ({ createdBy }) => createdBy },
  { id: 'at', header: words.columns.at, width: '110px', align: 'end', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
]
/** All workflows; from here one is made, imported or opened. */
export function WorkflowsPage() {
  const { items, isPending, error, hasMore, isMore, more } = useList('workflows.list', { limit: 50 })
  const [isImporting, setImporting] = useState(false)
  const save = useWrite('workflows.save')
  const navigate = useNavigate()
  const open = (workflowId: string, tab: string) => void navigate({ to: '/workflows/$workflowId', params: { workflowId }, search: { tab } })
  return (
    <Page
      title={words.title}
      about={words.about}
      wide
      actions={
        <>
          <Button onClick={() => setImporting(true)}>{words.import}</Button>
          <Button kind="primary" onClick={() => open('new', 'edit')}>
            {words.new}
          </Button>
        </>
      }
    >
      {save.error && <Failed error={save.error} />}
      {error ? (
        <Failed error={error} />
      ) : isPending ? (
        <Loading rows={5} />
      ) : (
        <Table
          label={words.list}
          rows={items}
          rowKey={({ id }) => id}
          href={({ id }) => `/app/workflows/${id}`}
          onOpen={({ id }) => open(id, 'run')}
          hasMore={hasMore}
          isMore={isMore}
          more={more}
          empty={
            <Empty
              title={words.empty}
              action={
                <Button kind="primary" busy={save.isPending} onClick={() => save.mutate(exampleWorkflow, { onSuccess: ({ id }) => open(id, 'run') })}>
                  {words.example}
                </Button>
              }
            >
              {words.emptyAbout}
            </Empty>
          }
          columns={columns}
        />
      )}
      <ImportDialog open={isImporting} onClose={() => setImporting(false)} onImported={({ id }) => open(id, 'edit')} />
    </Page>
  )
}
