import { Table, type Column } from '../parts/table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Duration } from '../parts/facts.tsx'
import { Json } from '../parts/json.tsx'
import { useState, type ReactNode } from 'react'
import { executions as words } from '../text/executions.ts'
import { Errors } from './errors.tsx'
import type { Progress, StepRow } from './progress.ts'
import { StepState } from './step-state.tsx'
import { ValueView } from './value-view.tsx'

/** A part of a detail under its own small heading. */
export function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-1">
      <h3 className="text-xs font-bold text-muted">{label}</h3>
      {children}
    </section>
  )
}
const isNothing = (value: unknown) => value === null || (typeof value === 'object' && Object.keys(value as object).length === 0)
/** Milliseconds between a call's begin and end. */
const tookMs = ({ startedAt, finishedAt }: Pick<StepRow, 'startedAt' | 'finishedAt'>): number | null =>
  startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt)

/** One call as it went: what it was given, what it gave, what went wrong. */
function CallDetail({ row }: { readonly row: StepRow }) {
  return (
    <>
      {row.error !== null && <Errors errors={[{ code: row.error.code, message: row.error.message }]} />}
      <Labelled label={words.inputs}>{isNothing(row.inputs) ? <p className="text-muted">{words.noInputs}</p> : <Json value={row.inputs} />}</Labelled>
      {row.outputs !== null && (
        <Labelled label={words.outputs}>
          <ValueView value={row.outputs} label={row.id} />
        </Labelled>
      )}
    </>
  )
}
const columns: readonly Column<StepRow>[] = [
  { id: 'place', header: words.partId, cell: ({ id }) => id },
  { id: 'state', header: words.state, cell: ({ status }) => <StepState status={status} /> },
  { id: 'took', header: words.took, align: 'end', cell: (row) => <Took row={row} /> },
]
/** A step as it went: its call, or all calls of a loop or of a workflow inside. */
export function StepDetail({ progress }: { readonly progress: Progress | undefined }) {
  const [opened, setOpened] = useState<string>()
  const [first, ...more] = progress?.rows ?? []
  if (first === undefined || progress === undefined) return <p className="text-muted">{words.notBegun}</p>
  if (more.length === 0) return <CallDetail row={first} />
  const shown = progress.rows.find(({ id }) => id === opened)
  return (
    <Labelled label={words.parts}>
      <Table label={words.parts} rows={progress.rows} rowKey={({ id }) => id} onOpen={({ id }) => setOpened(id)} columns={columns} />
      <Dialog open={shown !== undefined} onClose={() => setOpened(undefined)} title={shown?.id ?? ''} shape="side">
        <div className="flex flex-col gap-3">{shown && <CallDetail row={shown} />}</div>
      </Dialog>
    </Labelled>
  )
}
/** How long a call took; nothing while it goes on. */
export function Took({ row }: { readonly row: Pick<StepRow, 'startedAt' | 'finishedAt'> }) {
  const ms = tookMs(row)
  return ms === null ? null : <Duration ms={ms} />
}
