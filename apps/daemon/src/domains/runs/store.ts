import type { Origin, Run, RunOptions, RunStatus, UsageSum } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'
import { decodePlace, encodePage } from '../../platform/page.ts'

/** A run as it is stored: what clients see, and what carrying it on needs. */
export interface RunRecord extends Run {
  readonly agentId: string
  readonly options: RunOptions
  readonly origin: Origin | null
  /** Who started it: its tools have at most this caller's rights. */
  readonly caller: string
  readonly elapsedMs: number
  /** Messages of the session before this place are its history. */
  readonly firstPosition: number
}
const columns = `id, session_id AS sessionId, agent_id AS agentId, status, stop, error, output, model, options, origin, caller, steps, tool_calls AS toolCalls, resumes,
  elapsed_ms AS elapsedMs, first_position AS firstPosition, input_tokens AS inputTokens, output_tokens AS outputTokens, cache_read_tokens AS cacheReadTokens,
  cache_write_tokens AS cacheWriteTokens, cost_usd AS costUsd, created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt`
const parsed = (text: unknown) => (text === null ? null : (JSON.parse(text as string) as never))
const toRecord = (row: unknown): RunRecord => {
  const { options, origin, output, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd, ...rest } =
    plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as RunRecord),
    options: JSON.parse(options as string) as RunOptions,
    origin: parsed(origin),
    output: parsed(output),
    usage: { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd } as UsageSum,
  }
}
/** The run as clients see it. */
export function toRun({ agentId: _a, options: _o, origin: _g, caller: _c, elapsedMs: _e, firstPosition: _f, ...run }: RunRecord): Run {
  return run
}
export interface Outcome {
  readonly status: RunStatus
  readonly stop: string | null
  readonly error: string | null
  readonly output: unknown
}

/** Rows in, records out: the only file that knows the table runs. */
export function createRunStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM runs WHERE id = ?`)
  const insert = db.prepare(
    `INSERT INTO runs (id, session_id, agent_id, status, model, options, origin, caller, created_at) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?)`,
  )
  const start = db.prepare(`UPDATE runs SET status = 'running', started_at = coalesce(started_at, ?), first_position = ?, model = ? WHERE id = ?`)
  const setStatus = db.prepare('UPDATE runs SET status = ? WHERE id = ?')
  const finish = db.prepare('UPDATE runs SET status = ?, stop = ?, error = ?, output = ?, finished_at = ? WHERE id = ?')
  const resume = db.prepare('UPDATE runs SET resumes = resumes + 1 WHERE id = ? RETURNING resumes')
  const reopen = db.prepare(`UPDATE runs SET status = 'running', stop = NULL, error = NULL, finished_at = NULL WHERE id = ?`)
  const spend =
    db.prepare(`UPDATE runs SET input_tokens = input_tokens + ?, output_tokens = output_tokens + ?, cache_read_tokens = cache_read_tokens + ?,
    cache_write_tokens = cache_write_tokens + ?, cost_usd = cost_usd + ? WHERE id = ?`)
  const count = db.prepare(
    'UPDATE runs SET steps = steps + ?, tool_calls = tool_calls + ?, elapsed_ms = max(elapsed_ms, ?), model = coalesce(?, model) WHERE id = ?',
  )
  const unfinished = db.prepare(`SELECT ${columns} FROM runs WHERE status IN ('running', 'waiting') ORDER BY id`)
  const queued = db.prepare(`SELECT ${columns} FROM runs WHERE status = 'queued' ORDER BY id LIMIT 1000`)
  const active = db.prepare(
    `SELECT ${columns} FROM runs WHERE session_id = ? AND status IN ('running', 'waiting', 'queued') ORDER BY CASE status WHEN 'queued' THEN 1 ELSE 0 END, id LIMIT 1`,
  )
  const open = db.prepare(
    `SELECT ${columns} FROM runs WHERE session_id = ? AND status IN ('running', 'waiting', 'queued', 'interrupted') ORDER BY id`,
  )
  const counts = db.prepare(`SELECT status, count(*) AS n FROM runs WHERE status IN ('running', 'waiting', 'queued') GROUP BY status`)
  const lists = {
    all: db.prepare(`SELECT ${columns} FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?`),
    session: db.prepare(`SELECT ${columns} FROM runs WHERE session_id = ? AND id < ? ORDER BY id DESC LIMIT ?`),
    status: db.prepare(`SELECT ${columns} FROM runs WHERE status = ? AND id < ? ORDER BY id DESC LIMIT ?`),
    both: db.prepare(`SELECT ${columns} FROM runs WHERE session_id = ? AND status = ? AND id < ? ORDER BY id DESC LIMIT ?`),
  }
  const one = (row: unknown): RunRecord | undefined => (row ? toRecord(row) : undefined)
  return {
    find: (id: string) => one(byId.get(id)),
    insert(run: Pick<RunRecord, 'id' | 'sessionId' | 'agentId' | 'model' | 'options' | 'origin' | 'caller' | 'createdAt'>) {
      insert.run(
        run.id,
        run.sessionId,
        run.agentId,
        run.model,
        JSON.stringify(run.options),
        run.origin && JSON.stringify(run.origin),
        run.caller,
        run.createdAt,
      )
    },
    start: (id: string, at: string, firstPosition: number, model: string) => void start.run(at, firstPosition, model, id),
    setStatus: (id: string, status: RunStatus) => void setStatus.run(status, id),
    finish: (id: string, { status, stop, error, output }: Outcome, at: string) =>
      void finish.run(status, stop, error, output === undefined || output === null ? null : JSON.stringify(output), at, id),
    /** Counts one more taking-up after a crash; returns how many there have been. */
    resume: (id: string) => Number((resume.get(id) as { resumes: number }).resumes),
    reopen: (id: string) => void reopen.run(id),
    spend: (id: string, usage: UsageSum) =>
      void spend.run(usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheWriteTokens, usage.costUsd, id),
    count: (id: string, add: { steps?: number; toolCalls?: number; elapsedMs?: number; model?: string }) =>
      void count.run(add.steps ?? 0, add.toolCalls ?? 0, add.elapsedMs ?? 0, add.model ?? null, id),
    unfinished: () => unfinished.all().map(toRecord),
    queued: () => queued.all().map(toRecord),
    /** The session's run under way, else its next queued one. */
    active: (sessionId: string) => one(active.get(sessionId)),
    /** Every run of a session that has not ended for good. */
    open: (sessionId: string) => open.all(sessionId).map(toRecord),
    counts(): { running: number; waiting: number; queued: number } {
      const sums = { running: 0, waiting: 0, queued: 0 }
      for (const { status, n } of counts.all() as { status: keyof typeof sums; n: number }[]) sums[status] = Number(n)
      return sums
    },
    list({
      sessionId,
      status,
      cursor,
      limit,
    }: {
      sessionId?: string | undefined
      status?: string | undefined
      cursor?: string | undefined
      limit: number
    }) {
      const before = cursor === undefined ? '~' : String(decodePlace(cursor)['id'] ?? '')
      const rows = (
        sessionId !== undefined && status !== undefined
          ? lists.both.all(sessionId, status, before, limit + 1)
          : sessionId !== undefined
            ? lists.session.all(sessionId, before, limit + 1)
            : status !== undefined
              ? lists.status.all(status, before, limit + 1)
              : lists.all.all(before, limit + 1)
      ).map(toRecord)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items: items.map(toRun), nextCursor: rows.length > limit && last ? encodePage({ id: last.id }) : null }
    },
  }
}
export type RunStore = ReturnType<typeof createRunStore>
