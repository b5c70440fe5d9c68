import type { Execution, ExecutionError, ExecutionStatus, HistoryItem } from '@steward/contract/daemon'
import type { Program } from '../../engine/execution/types.ts'
import type { Json } from '../../engine/types.ts'
import { decodePage, encodePage } from '../../platform/page.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

/** One row of executions. `inputs` are redacted; `sealed` holds them and the program whole where they differ, until the end. */
export interface ExecutionRecord {
  readonly seq: number
  readonly id: string
  readonly planId: string | null
  readonly workflowId: string | null
  readonly workflowVersion: number | null
  readonly toolId: string | null
  readonly appId: string | null
  readonly caller: string
  readonly scopes: readonly string[]
  readonly door: string
  readonly status: ExecutionStatus
  readonly workspace: string
  readonly inputs: Json
  readonly program: Program | null
  readonly sealed: string | null
  readonly outputs: Json
  readonly errors: readonly ExecutionError[] | null
  readonly resumes: number
  /** Times it was taken up since a step last ended. */
  readonly stalled: number
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}
export interface HistoryFilter {
  readonly toolId?: string | undefined
  readonly appId?: string | undefined
  readonly workflowId?: string | undefined
  readonly planId?: string | undefined
  readonly status?: ExecutionStatus | undefined
  readonly caller?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}
const short = `seq, id, plan_id AS planId, workflow_id AS workflowId, tool_id AS toolId, caller, status, outputs, errors, created_at AS createdAt,
  finished_at AS finishedAt`
const columns = `${short}, workflow_version AS workflowVersion, app_id AS appId, scopes, door, workspace, inputs, program, sealed, resumes, stalled,
  started_at AS startedAt`
const parsed = <T>(text: unknown): T => (text === null ? null : JSON.parse(text as string)) as T
const written = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))
const toRecord = (row: unknown): ExecutionRecord => {
  const { scopes, inputs, program, outputs, errors, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as ExecutionRecord),
    scopes: parsed(scopes),
    inputs: parsed(inputs),
    program: parsed(program),
    outputs: parsed(outputs),
    errors: parsed(errors),
  }
}
const toItem = (row: unknown): HistoryItem & { seq: number } => {
  const { outputs, errors, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as HistoryItem & { seq: number }), outputs: parsed(outputs), errors: parsed(errors) }
}
const withoutSeq = ({ seq: _seq, ...item }: HistoryItem & { seq: number }): HistoryItem => item
export const toExecution = (record: ExecutionRecord, approvalId: string | null): Execution => {
  const { seq: _, scopes: _scopes, door: _door, program: _program, sealed: _sealed, stalled: _stalled, appId: _app, errors, ...rest } = record
  return { ...rest, errors: errors === null ? null : [...errors], approvalId }
}
/** The columns that a filter may name, each with its own index over (column, seq). */
const filters = { toolId: 'tool_id', appId: 'app_id', workflowId: 'workflow_id', planId: 'plan_id', status: 'status', caller: 'caller' } as const

/** Rows in, records out: the only file that knows the table executions. */
export function createExecutionStore(db: Database) {
  const insert = db.prepare(`INSERT INTO executions
    (id, plan_id, workflow_id, workflow_version, tool_id, app_id, caller, scopes, door, status, workspace, inputs, program, sealed, outputs, errors,
     created_at, started_at, finished_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const byId = db.prepare(`SELECT ${columns} FROM executions WHERE id = ?`)
  const byPlan = db.prepare(`SELECT ${columns} FROM executions WHERE plan_id = ?`)
  const statusById = db.prepare('SELECT status, outputs, errors FROM executions WHERE id = ?')
  const setStatus = db.prepare('UPDATE executions SET status = ?, started_at = coalesce(started_at, ?) WHERE seq = ?')
  const finish = db.prepare(`UPDATE executions SET status = ?, outputs = ?, errors = ?, finished_at = ?, sealed = NULL
    WHERE seq = ? AND finished_at IS NULL`)
  const rest = db.prepare(`UPDATE executions SET status = 'interrupted', errors = ? WHERE seq = ?`)
  const reopen = db.prepare(`UPDATE executions SET status = 'queued', errors = NULL WHERE seq = ?`)
  const wake = db.prepare(`UPDATE executions SET status = 'running' WHERE id = ? AND status = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM execution_approvals a WHERE a.execution_id = executions.id AND a.status = 'waiting')`)
  const takeUp = db.prepare('UPDATE executions SET resumes = resumes + 1, stalled = stalled + 1 WHERE seq = ?')
  const moved = db.prepare('UPDATE executions SET stalled = 0 WHERE seq = ?')
  const queued = db.prepare(`SELECT ${columns} FROM executions WHERE status = 'queued' ORDER BY seq LIMIT ?`)
  const unfinished = db.prepare(`SELECT ${columns} FROM executions WHERE status IN ('running', 'waiting') ORDER BY seq`)
  const anyUnfinished = db.prepare(`SELECT 1 FROM executions WHERE status IN ('queued', 'running', 'waiting') LIMIT 1`)
  const counts = db.prepare(`SELECT status, count(*) AS n FROM executions WHERE status IN ('queued', 'running', 'waiting') GROUP BY status`)
  const prune = db.prepare('DELETE FROM executions WHERE seq IN (SELECT seq FROM executions WHERE finished_at < ? LIMIT ?)')
  const lists = new Map<string, ReturnType<Database['prepare']>>()
  const listFor = (names: readonly string[], timed: boolean) => {
    const key = `${names.join()}${timed ? ' timed' : ''}`
    const where = ['seq < ?', ...names.map((name) => `${name} = ?`), ...(timed ? ['created_at >= ?', 'created_at < ?'] : [])]
    const statement = lists.get(key) ?? db.prepare(`SELECT ${short} FROM executions WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`)
    lists.set(key, statement)
    return statement
  }
  const page = (filter: HistoryFilter, before: number, limit: number) => {
    const wanted = Object.entries(filters).flatMap(([field, column]): [string, string][] => {
      const value = filter[field as keyof typeof filters]
      return value === undefined ? [] : [[column, value]]
    })
    const timed = filter.since !== undefined || filter.until !== undefined
    // As they stand in the rows: a time to the second would come after each of its milliseconds.
    const exact = (at: string) => new Date(at).toISOString()
    const times = timed ? [filter.since === undefined ? '' : exact(filter.since), filter.until === undefined ? '~' : exact(filter.until)] : []
    return listFor(
      wanted.map(([column]) => column),
      timed,
    )
      .all(before, ...wanted.map(([, value]) => value), ...times, limit)
      .map(toItem)
  }
  return {
    /** Answers the row's number. */
    insert: (record: Omit<ExecutionRecord, 'seq' | 'resumes' | 'stalled'>): number =>
      Number(
        insert.run(
          record.id,
          record.planId,
          record.workflowId,
          record.workflowVersion,
          record.toolId,
          record.appId,
          record.caller,
          JSON.stringify(record.scopes),
          record.door,
          record.status,
          record.workspace,
          written(record.inputs),
          written(record.program),
          record.sealed,
          written(record.outputs),
          written(record.errors),
          record.createdAt,
          record.startedAt,
          record.finishedAt,
        ).lastInsertRowid,
      ),
    find(id: string): ExecutionRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    ofPlan(planId: string): ExecutionRecord | undefined {
      const row = byPlan.get(planId)
      return row && toRecord(row)
    },
    /** Only what an outcome needs. */
    standing(id: string): Pick<ExecutionRecord, 'status' | 'outputs' | 'errors'> | undefined {
      const row = statusById.get(id)
      if (!row) return undefined
      const { status, outputs, errors } = plain<{ status: ExecutionStatus; outputs: string | null; errors: string | null }>(row)
      return { status, outputs: parsed(outputs), errors: parsed(errors) }
    },
    setStatus: (seq: number, status: ExecutionStatus, at: string) => void setStatus.run(status, at, seq),
    /** True for the one who ends it; false when it has ended before. */
    finish: (seq: number, status: ExecutionStatus, outputs: Json, errors: readonly ExecutionError[] | null, at: string) =>
      Number(finish.run(status, written(outputs), written(errors), at, seq).changes) === 1,
    interrupt: (seq: number, errors: readonly ExecutionError[]) => void rest.run(written(errors), seq),
    /** Puts one that rested back into the queue. */
    reopen: (seq: number) => void reopen.run(seq),
    /** It waits no more, once none of its approvals does. True when that was the last. */
    wake: (id: string) => Number(wake.run(id).changes) === 1,
    takeUp: (seq: number) => void takeUp.run(seq),
    moved: (seq: number) => void moved.run(seq),
    queued: (limit: number) => queued.all(limit).map(toRecord),
    unfinished: () => unfinished.all().map(toRecord),
    isUnfinished: () => anyUnfinished.get() !== undefined,
    counts(): { queued: number; running: number; waiting: number } {
      const found = { queued: 0, running: 0, waiting: 0 }
      for (const row of counts.all()) found[row['status'] as keyof typeof found] = Number(row['n'])
      return found
    },
    /** Newest first. Throws Fault `invalid` for a cursor of another list. */
    list(filter: HistoryFilter & { cursor?: string | undefined; limit: number }) {
      const before = filter.cursor === undefined ? Number.MAX_SAFE_INTEGER : decodePage(filter.cursor, 'seq')
      const rows = page(filter, before, filter.limit + 1)
      const items = rows.slice(0, filter.limit)
      const last = items.at(-1)
      return { items: items.map(withoutSeq), nextCursor: rows.length > filter.limit && last ? encodePage({ seq: last.seq }) : null }
    },
    /** Forgets at most `limit` executions that had ended before `at`, with their steps and approvals. Answers how many went. */
    prune: (at: string, limit: number) => Number(prune.run(at, limit).changes),
  }
}
export type ExecutionStore = ReturnType<typeof createExecutionStore>
