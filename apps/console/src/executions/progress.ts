import type { Link } from './chain.ts'
import type { ItemOf } from '../platform/operations.ts'

export type StepRow = ItemOf<'executions.steps'>
/** How a step stands; `pending` before it has begun. */
export type StepStatus = StepRow['status'] | 'pending'
/** A step of a chain as all its rows together say: one of its own, or those of its elements (`a[2]`) and of what is inside it (`a/b`). */
export interface Progress {
  readonly status: StepStatus
  /** Calls that are over, and those that have begun: of a loop. */
  readonly over: number
  readonly begun: number
  readonly attempts: number
  readonly rows: readonly StepRow[]
  readonly startedAt: string | null
  readonly finishedAt: string | null
}
const finals: ReadonlySet<StepStatus> = new Set<StepStatus>(['completed', 'failed', 'denied', 'cancelled', 'skipped'])
/** Whether a row will stay as it is. */
export const isFinal = ({ status }: Pick<StepRow, 'status'>): boolean => finals.has(status)
/** The step of the outermost chain that a row belongs to. */
const outermost = (id: string): string => /^[^/[]*/.exec(id)?.[0] ?? id
/** What is said of a step of many rows: the first of these that one of them is. */
const telling: readonly StepStatus[] = ['unknown', 'waiting', 'started', 'retrying', 'failed', 'denied', 'cancelled']

function together(id: string, rows: readonly StepRow[], isOver: boolean): Progress {
  const own = rows.find((row) => row.id === id)
  const worst = telling.find((status) => rows.some((row) => row.status === status))
  const over = rows.filter(isFinal)
  const times = (all: readonly (string | null)[]) => all.filter((at) => at !== null).toSorted()
  return {
    // While the execution goes on, more elements of a loop may come.
    status: own?.status ?? worst ?? (isOver ? 'completed' : 'started'),
    over: over.length,
    begun: rows.length,
    attempts: Math.max(0, ...rows.map(({ attempts }) => attempts)),
    rows,
    startedAt: times(rows.map(({ startedAt }) => startedAt))[0] ?? null,
    finishedAt: over.length === rows.length ? (times(rows.map(({ finishedAt }) => finishedAt)).at(-1) ?? null) : null,
  }
}
/** How each step of a chain stands, by its id. `isOver`: no row will come any more. `links` tell when a loop is over: what comes after it has begun. */
export function progressOf(rows: readonly StepRow[], isOver: boolean, links: readonly Link[] = []): ReadonlyMap<string, Progress> {
  const grouped = Map.groupBy(rows, ({ id }) => outermost(id))
  const isPassed = (id: string) => links.some(({ from, to }) => from === id && grouped.has(to))
  return new Map([...grouped].map(([id, group]) => [id, together(id, group, isOver || isPassed(id))]))
}
/** The moments at which something began or ended, in order. */
export const momentsOf = (rows: readonly StepRow[]): string[] =>
  [...new Set(rows.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]).filter((at) => at !== null))].toSorted()
/** The rows as they were at a moment: what had not begun is not there, what had not ended was at work. */
export function asOf(rows: readonly StepRow[], at: string): StepRow[] {
  return rows.flatMap((row): StepRow[] => {
    if ((row.startedAt ?? row.finishedAt ?? at) > at) return []
    if (row.finishedAt === null || row.finishedAt <= at) return [row]
    return [{ ...row, status: 'started', outputs: null, error: null, finishedAt: null }]
  })
}
