import { plain, type Database } from '../../platform/storage/database.ts'
import type { Fire, FireStatus } from '@steward/contract/daemon'

export interface FireRecord extends Fire {
  readonly seq: number
  readonly deadlineAt: string | null
  /** The tasks whose fires led to this one, the first cause first. */
  readonly chain: readonly string[]
}
/** A fire that is written down. `key`: what set it off, by a name that comes once for each task. */
export type NewFire = Pick<Fire, 'id' | 'taskId' | 'at' | 'until' | 'count' | 'cause' | 'status' | 'finishedAt' | 'input'> & {
  readonly key: string | null
  readonly chain: readonly string[]
}
/** What a fire has started. */
export interface Started {
  readonly sessionId: string | null
  readonly runId: string | null
  readonly executionId: string | null
}
export type FireError = NonNullable<Fire['error']>
export const toFire = ({ seq: _seq, deadlineAt: _deadline, chain: _chain, ...fire }: FireRecord): Fire => fire

const columns = `seq, id, schedule_id AS taskId, at, until, count, cause, status, input, chain, attempt, session_id AS sessionId, run_id AS runId,
  execution_id AS executionId, error, retry_at AS retryAt, deadline_at AS deadlineAt, started_at AS startedAt, finished_at AS finishedAt`
const toRecord = (row: unknown): FireRecord => {
  const { error, input, chain, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as FireRecord), error: parsed(error), input: parsed(input), chain: JSON.parse(chain as string) as string[] }
}
const parsed = <T>(text: unknown): T | null => (text === null ? null : (JSON.parse(text as string) as T))
const written = (value: object | null) => (value === null ? null : JSON.stringify(value))
const open = 'finished_at IS NULL'

/** Rows in, records out: the only file that knows the table schedule_fires. It also writes task_runs, by which usage tells what a task has cost. */
export function createFireStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE id = ?`)
  const byKey = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE schedule_id = ? AND key = ?`)
  const bySession = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE session_id = ? ORDER BY seq DESC LIMIT 1`)
  const byExecution = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE execution_id = ? ORDER BY seq DESC LIMIT 1`)
  const insert = db.prepare(`INSERT INTO schedule_fires (id, schedule_id, at, until, count, cause, status, finished_at, input, key, chain)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const begin = db.prepare(`UPDATE schedule_fires SET status = 'starting', attempt = attempt + 1, retry_at = NULL, error = NULL, started_at = ?,
    session_id = NULL, run_id = NULL, execution_id = NULL WHERE id = ?`)
  const note = db.prepare(`UPDATE schedule_fires SET status = 'running', session_id = ?, run_id = ?, execution_id = ?, deadline_at = ?
    WHERE id = ? AND status = 'starting'`)
  const tie = db.prepare('INSERT INTO task_runs (run_id, task_id) VALUES (?, ?) ON CONFLICT (run_id) DO NOTHING')
  const rest = db.prepare(`UPDATE schedule_fires SET status = ? WHERE id = ? AND ${open}`)
  const expire = db.prepare('UPDATE schedule_fires SET deadline_at = NULL, error = ? WHERE id = ?')
  const end = db.prepare('UPDATE schedule_fires SET status = ?, error = ?, retry_at = ?, deadline_at = NULL, finished_at = ? WHERE id = ?')
  const dropQueued = db.prepare(
    `UPDATE schedule_fires SET status = 'skipped', finished_at = ? WHERE schedule_id = ? AND status = 'queued' AND ${open}`,
  )
  const dropRetrying = db.prepare(`UPDATE schedule_fires SET status = 'failed', retry_at = NULL, finished_at = ?
    WHERE schedule_id = ? AND status = 'retrying' AND ${open}`)
  const count = db.prepare(`SELECT status, count(*) AS n FROM schedule_fires WHERE schedule_id = ? AND ${open} GROUP BY status`)
  const oldestQueued = db.prepare(
    `SELECT ${columns} FROM schedule_fires WHERE schedule_id = ? AND status = 'queued' AND ${open} ORDER BY seq LIMIT 1`,
  )
  const inStatus = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE status = ? AND ${open} AND seq > ? ORDER BY seq LIMIT ?`)
  const starting = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE schedule_id = ? AND status = 'starting' AND ${open} ORDER BY seq`)
  const openOf = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE schedule_id = ? AND ${open} ORDER BY seq LIMIT ?`)
  const retries = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE retry_at IS NOT NULL AND retry_at <= ? ORDER BY retry_at LIMIT ?`)
  const expired = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE deadline_at IS NOT NULL AND deadline_at <= ? ORDER BY deadline_at LIMIT ?`)
  const firstRetry = db.prepare('SELECT retry_at AS at FROM schedule_fires WHERE retry_at IS NOT NULL ORDER BY retry_at LIMIT 1')
  const firstDeadline = db.prepare('SELECT deadline_at AS at FROM schedule_fires WHERE deadline_at IS NOT NULL ORDER BY deadline_at LIMIT 1')
  const anyOpen = db.prepare(
    `SELECT 1 FROM schedule_fires WHERE status IN ('queued', 'starting', 'running', 'interrupted', 'retrying') AND ${open} LIMIT 1`,
  )
  const list = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE schedule_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`)
  const prune = db.prepare('DELETE FROM schedule_fires WHERE seq IN (SELECT seq FROM schedule_fires WHERE finished_at < ? LIMIT ?)')
  const one = (row: unknown): FireRecord | undefined => (row === undefined ? undefined : toRecord(row))
  const atOf = (row: unknown): string | null => (row as { at: string } | undefined)?.at ?? null
  return {
    find: (id: string) => one(byId.get(id)),
    /** False when there is a fire of this task for this time, or by this key, already. */
    insert(f: NewFire): boolean {
      const cells = [f.id, f.taskId, f.at, f.until, f.count, f.cause, f.status, f.finishedAt, written(f.input), f.key, JSON.stringify(f.chain)]
      return Number(insert.run(...cells).changes) === 1
    },
    ofKey: (taskId: string, key: string) => one(byKey.get(taskId, key)),
    /** The newest fire that has started this session. */
    ofSession: (sessionId: string) => one(bySession.get(sessionId)),
    ofExecution: (executionId: string) => one(byExecution.get(executionId)),
    /** Its next try begins; what is to be done is not done yet. */
    begin: (id: string, at: string) => void begin.run(at, id),
    /** What its try has started. A run is tied to its task for good: the fire goes after a while, or with the task. */
    note({ id, taskId }: Pick<FireRecord, 'id' | 'taskId'>, made: Started, deadlineAt: string | null): boolean {
      if (made.runId !== null) tie.run(made.runId, taskId)
      return Number(note.run(made.sessionId, made.runId, made.executionId, deadlineAt, id).changes) === 1
    },
    /** While its run or execution rests until a person says what became of a step: `interrupted`, else `running`. */
    rest: (id: string, status: 'running' | 'interrupted') => void rest.run(status, id),
    expire: (id: string, error: FireError) => void expire.run(written(error), id),
    end: (id: string, status: FireStatus, error: FireError | null, retryAt: string | null, finishedAt: string | null) =>
      void end.run(status, written(error), retryAt, finishedAt, id),
    /** Gives up what waits for its turn or for its next try. */
    drop(taskId: string, at: string): void {
      dropQueued.run(at, taskId)
      dropRetrying.run(at, taskId)
    },
    /** How many are at work, also between two tries, and how many wait for their turn. */
    counts(taskId: string): { active: number; queued: number } {
      const found = { active: 0, queued: 0 }
      for (const { status, n } of count.all(taskId)) found[status === 'queued' ? 'queued' : 'active'] += Number(n)
      return found
    },
    oldestQueued: (taskId: string) => one(oldestQueued.get(taskId)),
    inStatus: (status: FireStatus, after: number, limit: number) => inStatus.all(status, after, limit).map(toRecord),
    /** Those of a task that are not over, the oldest first. */
    openOf: (taskId: string, limit: number) => openOf.all(taskId, limit).map(toRecord),
    starting: (taskId: string) => starting.all(taskId).map(toRecord),
    retries: (now: string, limit: number) => retries.all(now, limit).map(toRecord),
    expired: (now: string, limit: number) => expired.all(now, limit).map(toRecord),
    earliest: (): string | null => [atOf(firstRetry.get()), atOf(firstDeadline.get())].filter((at) => at !== null).toSorted()[0] ?? null,
    isOpen: () => anyOpen.get() !== undefined,
    /** Newest first, below a number; one more than `limit` when there are more. */
    list: (taskId: string, below: number, limit: number) => list.all(taskId, below, limit + 1).map(toRecord),
    /** Forgets at most `limit` fires that were over before `at`. Answers how many went. */
    prune: (at: string, limit: number) => Number(prune.run(at, limit).changes),
  }
}
export type FireStore = ReturnType<typeof createFireStore>
