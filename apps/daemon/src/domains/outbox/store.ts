import { plain, type Database } from '../../platform/storage/database.ts'

export type LetterStatus = 'waiting' | 'delivered' | 'failed' | 'cancelled'
/** Something that is to be sent. `target` is whom it goes to: what one cannot be reached with holds no other up. */
export interface Letter {
  readonly seq: number
  /** Stays the same for every try, so that the target can tell a second copy. */
  readonly id: string
  /** Who sends it. */
  readonly kind: string
  readonly target: string
  /** What it is about, for those who list it. */
  readonly subject: unknown
  readonly payload: unknown
  readonly status: LetterStatus
  readonly attempts: number
  readonly error: string | null
  readonly nextAt: string | null
  readonly createdAt: string
  readonly finishedAt: string | null
}
export type NewLetter = Pick<Letter, 'id' | 'kind' | 'target' | 'subject' | 'payload' | 'createdAt'>
/** So many wait for one target; further ones are given up at once. */
const mostWaiting = 5_000
const overflow = `More than ${mostWaiting} were waiting.`

const columns = `seq, id, kind, target, subject, payload, status, attempts, error, next_at AS nextAt, created_at AS createdAt, finished_at AS finishedAt`
const toLetter = (row: unknown): Letter => {
  const { subject, payload, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as Letter), subject: JSON.parse(subject as string), payload: JSON.parse(payload as string) }
}
const one = (row: unknown) => (row === undefined ? undefined : toLetter(row))

/** Rows in, records out: the only file that knows the table outbox. */
export function createOutboxStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM outbox WHERE id = ?`)
  const insert = db.prepare(`INSERT INTO outbox (id, kind, target, subject, payload, status, error, next_at, created_at, finished_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const full = db.prepare(`SELECT 1 FROM outbox WHERE target = ? AND next_at IS NOT NULL LIMIT 1 OFFSET ${mostWaiting - 1}`)
  const begin = db.prepare('UPDATE outbox SET attempts = attempts + 1 WHERE id = ?')
  const end = db.prepare('UPDATE outbox SET status = ?, error = ?, next_at = ?, finished_at = ? WHERE id = ? AND next_at IS NOT NULL')
  const drop = db.prepare(`UPDATE outbox SET status = 'cancelled', next_at = NULL, finished_at = ? WHERE target = ? AND next_at IS NOT NULL`)
  const remove = db.prepare('DELETE FROM outbox WHERE target = ?')
  const nextTarget = db.prepare('SELECT min(target) AS target FROM outbox WHERE next_at IS NOT NULL AND target > ?')
  const due = db.prepare(`SELECT ${columns} FROM outbox WHERE target = ? AND next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, seq LIMIT ?`)
  const earliest = db.prepare('SELECT next_at AS at FROM outbox WHERE next_at > ? ORDER BY next_at LIMIT 1')
  const any = db.prepare('SELECT 1 FROM outbox WHERE next_at IS NOT NULL LIMIT 1')
  const list = db.prepare(`SELECT ${columns} FROM outbox WHERE target = ? AND seq < ? ORDER BY seq DESC LIMIT ?`)
  const listBy = db.prepare(`SELECT ${columns} FROM outbox WHERE target = ? AND status = ? AND seq < ? ORDER BY seq DESC LIMIT ?`)
  const prune = db.prepare('DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE finished_at < ? LIMIT ?)')
  return {
    find: (id: string) => one(byId.get(id)),
    /** To be sent at once. A part of the commit that tells why it is sent. */
    insert(letter: NewLetter): void {
      const { id, kind, target, subject, payload, createdAt } = letter
      const isFull = full.get(target) !== undefined
      const words = [id, kind, target, JSON.stringify(subject), JSON.stringify(payload)]
      const state = isFull ? ['failed', overflow, null, createdAt, createdAt] : ['waiting', null, createdAt, createdAt, null]
      insert.run(...words, ...state)
    },
    /** Counts a try before it is made. */
    begin: (id: string) => void begin.run(id),
    /** What a try came to; `nextAt` where there is another. Nothing for one that was dropped meanwhile. */
    end: (id: string, status: LetterStatus, error: string | null, nextAt: string | null, finishedAt: string | null) =>
      Number(end.run(status, error, nextAt, finishedAt, id).changes) === 1,
    /** Gives up what waits for a target. */
    drop: (target: string, at: string) => void drop.run(at, target),
    /** Forgets everything of a target. */
    remove: (target: string) => void remove.run(target),
    /** Everyone something waits for. */
    *targets(): Generator<string> {
      for (let at = ''; ;) {
        const { target } = nextTarget.get(at) as { target: string | null }
        if (target === null) return
        yield (at = target)
      }
    },
    due: (target: string, now: string, limit: number) => due.all(target, now, limit).map(toLetter),
    /** When the first is due after a time. */
    earliest: (after: string): string | null => (earliest.get(after) as { at: string } | undefined)?.at ?? null,
    isWaiting: () => any.get() !== undefined,
    /** Newest first, below a number; one more than `limit` when there are more. */
    list: (target: string, status: LetterStatus | undefined, below: number, limit: number) =>
      (status === undefined ? list.all(target, below, limit + 1) : listBy.all(target, status, below, limit + 1)).map(toLetter),
    /** Forgets at most `limit` that were over before `at`. Answers how many went. */
    prune: (at: string, limit: number) => Number(prune.run(at, limit).changes),
  }
}
export type OutboxStore = ReturnType<typeof createOutboxStore>
