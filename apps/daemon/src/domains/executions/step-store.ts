import type { ExecutionStep, ExecutionStepStatus } from '@steward/contract/daemon'
import type { StepError } from '../../engine/execution/schedule.ts'
import type { Json } from '../../engine/types.ts'
import { decodePage, encodePage } from '../../platform/page.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

/** One step's row. `step` is its place: `a`, `a[2]`, `a/b`. `inputs` are redacted; `sealed` holds them whole where they differ, until its end. */
export interface StepRecord {
  readonly seq: number
  readonly step: string
  readonly toolId: string | null
  readonly callId: string | null
  readonly status: ExecutionStepStatus
  readonly inputs: Json
  readonly sealed: string | null
  readonly outputs: Json
  readonly error: StepError | null
  readonly attempts: number
  readonly retryAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
}
const columns = `seq, step, tool_id AS toolId, call_id AS callId, status, inputs, sealed, outputs, error, attempts, retry_at AS retryAt,
  started_at AS startedAt, finished_at AS finishedAt`
const parsed = <T>(text: unknown): T => (text === null ? null : JSON.parse(text as string)) as T
const written = (value: unknown) => (value === null ? null : JSON.stringify(value))
const toRecord = (row: unknown): StepRecord => {
  const { inputs, outputs, error, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as StepRecord), inputs: parsed(inputs), outputs: parsed(outputs), error: parsed(error) }
}
const toStep = ({ step, toolId, callId, status, inputs, outputs, error, attempts, startedAt, finishedAt }: StepRecord): ExecutionStep => ({
  id: step,
  toolId,
  callId,
  status,
  inputs,
  outputs,
  error,
  attempts,
  startedAt,
  finishedAt,
})
/** Rows in, records out: the only file that knows the table execution_steps. */
export function createStepStore(db: Database) {
  const put = db.prepare(`INSERT INTO execution_steps
    (execution_seq, step, tool_id, call_id, status, inputs, sealed, outputs, error, attempts, retry_at, started_at, finished_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (execution_seq, step) DO UPDATE SET status = excluded.status, inputs = excluded.inputs, sealed = excluded.sealed,
      outputs = excluded.outputs, error = excluded.error, attempts = excluded.attempts, retry_at = excluded.retry_at,
      started_at = excluded.started_at, finished_at = excluded.finished_at`)
  const all = db.prepare(`SELECT ${columns} FROM execution_steps WHERE execution_seq = ? ORDER BY seq`)
  const page = db.prepare(`SELECT ${columns} FROM execution_steps WHERE execution_seq = ? AND seq > ? ORDER BY seq LIMIT ?`)
  return {
    put: (executionSeq: number, row: Omit<StepRecord, 'seq'>) =>
      void put.run(
        executionSeq,
        row.step,
        row.toolId,
        row.callId,
        row.status,
        written(row.inputs),
        row.sealed,
        written(row.outputs),
        written(row.error),
        row.attempts,
        row.retryAt,
        row.startedAt,
        row.finishedAt,
      ),
    all: (executionSeq: number) => all.all(executionSeq).map(toRecord),
    list(executionSeq: number, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const rows = page.all(executionSeq, cursor === undefined ? 0 : decodePage(cursor, 'seq'), limit + 1).map(toRecord)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items: items.map(toStep), nextCursor: rows.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
  }
}
export type StepStore = ReturnType<typeof createStepStore>
