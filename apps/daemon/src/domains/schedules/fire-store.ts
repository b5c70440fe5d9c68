import { plain, type Database } from '../../platform/storage/database.ts'
import type { Fire, FireStatus } from '@steward/contract/daemon'

export interface FireRecord extends Fire {
  readonly seq: number
  readonly deadlineAt: string | null
}
/** What a fire has started. */
export interface Started {
  readonly sessionId: string | null
  readonly runId: string | null
  readonly executionId: string | null
}
export type FireError = NonNullable<Fire['error']>
export const toFire = ({ seq: _seq, deadlineAt: _deadline, ...fire }: FireRecord): Fire => fire

const columns = `seq, id, schedule_id AS scheduleId, at, until, count, cause, status, attempt, session_id AS sessionId, run_id AS runId,
  execution_id AS executionId, error, retry_at AS retryAt, deadline_at AS deadlineAt, started_at AS startedAt, finished_at AS finishedAt`
const toRecord = (row: unknown): FireRecord => {
  const { error, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as FireRecord), error: error === null ? null : (JSON.parse(error as string) as FireError) }
}
const written = (error: FireError | null) => (error === null ? null : JSON.stringify(error))
const open = 'finished_at IS NULL'

/** Rows in, records out: the only file that knows the table schedule_fires. */
export function createFireStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE id = ?`)
  const insert = db.prepare(`INSERT INTO schedule_fires (id, schedule_id, at, until, count, cause, status, attempt, started_at, finished_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const begin = db.prepare(`UPDATE schedule_fires SET status = 'starting', attempt = attempt + 1, retry_at = NULL, error = NULL, started_at = ?,
    session_id = NULL, run_id = NULL, execution_id = NULL WHERE id = ?`)
  const note = db.prepare(`UPDATE schedule_fires SET status = 'running', session_id = ?, run_id = ?, execution_id = ?, deadline_at = ?
    WHERE id = ? AND status = 'starting'`)
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
  const retries = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE retry_at IS NOT NULL AND retry_at <= ? ORDER BY retry_at LIMIT ?`)
  const expired = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE deadline_at IS NOT NULL AND deadline_at <= ? ORDER BY deadline_at LIMIT ?`)
  const firstRetry = db.prepare('SELECT retry_at AS at FROM schedule_fires WHERE retry_at IS NOT NULL ORDER BY retry_at LIMIT 1')
  const firstDeadline = db.prepare('SELECT deadline_at AS at FROM schedule_fires WHERE deadline_at IS NOT NULL ORDER BY deadline_at LIMIT 1')
  const anyOpen = db.prepare(`SELECT 1 FROM schedule_fires WHERE status IN ('queued', 'starting', 'running', 'retrying') AND ${open} LIMIT 1`)
  const list = db.prepare(`SELECT ${columns} FROM schedule_fires WHERE schedule_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`)
  const prune = db.prepare('DELETE FROM schedule_fires WHERE seq IN (SELECT seq FROM schedule_fires WHERE finished_at < ? LIMIT ?)')
  const atOf = (row: unknown): string | null => (row as { at: string } | undefined)?.at ?? null
  return {
    find(id: string): FireRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    /** False when there is a fire of this schedule for this time already. */
    insert: (f: Pick<Fire, 'id' | 'scheduleId' | 'at' | 'until' | 'count' | 'cause' | 'status' | 'finishedAt'>) =>
      Number(insert.run(f.id, f.scheduleId, f.at, f.until, f.count, f.cause, f.status, 0, null, f.finishedAt).changes) === 1,
    /** Its next try begins; what is to be done is not done yet. */
    begin: (id: string, at: string) => void begin.run(at, id),
    /** What its try has started. */
    note: (id: string, made: Started, deadlineAt: string | null) =>
      Number(note.run(made.sessionId, made.runId, made.executionId, deadlineAt, id).changes) === 1,
    expire: (id: string, error: FireError) => void expire.run(written(error), id),
    end: (id: string, status: FireStatus, error: FireError | null, retryAt: string | null, finishedAt: string | null) =>
      void end.run(status, written(error), retryAt, finishedAt, id),
    /** Gives up what waits for its turn or for its next try. */
    drop(scheduleId: string, at: string): void {
      dropQueued.run(at, scheduleId)
      dropRetrying.run(at, scheduleId)
    },
    /** How many are at work, also between two tries, and how many wait for their turn. */
    counts(scheduleId: string): { active: number; queued: number } {
      const found = { active: 0, queued: 0 }
      for (const { status, n } of count.all(scheduleId)) found[status === 'queued' ? 'queued' : 'active'] += Number(n)
      return found
    },
    oldestQueued(scheduleId: string): FireRecord | undefined {
      const row = oldestQueued.get(scheduleId)
      return row && toRecord(row)
    },
    inStatus: (status: FireStatus, after: number, limit: number) => inStatus.all(status, after, limit).map(toRecord),
    starting: (scheduleId: string) => starting.all(scheduleId).map(toRecord),
    retries: (now: string, limit: number) => retries.all(now, limit).map(toRecord),
    expired: (now: string, limit: number) => expired.all(now, limit).map(toRecord),
    earliest: (): string | null => [atOf(firstRetry.get()), atOf(firstDeadline.get())].filter((at) => at !== null).toSorted()[0] ?? null,
    isOpen: () => anyOpen.get() !== undefined,
    /** Newest first, below a number; one more than `limit` when there are more. */
    list: (scheduleId: string, below: number, limit: number) => list.all(scheduleId, below, limit + 1).map(toRecord),
    /** Forgets at most `limit` fires that were over before `at`. Answers how many went. */
    prune: (at: string, limit: number) => Number(prune.run(at, limit).changes),
  }
}
export type FireStore = ReturnType<typeof createFireStore>
