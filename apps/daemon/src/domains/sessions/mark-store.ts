import type { SessionMark } from '@steward/contract/daemon'
import type { Database } from '../../platform/storage/database.ts'

/** A mark without what its row itself says. */
type Facts = SessionMark extends infer M ? (M extends SessionMark ? Omit<M, 'seq' | 'at'> : never) : never
/**
 * What happened between the messages of a session: the only file that knows the table session_marks. `position`: the mark stands before what has this place of the
 * conversation, or a later one.
 */
export function createMarkStore(db: Database) {
  const insert = db.prepare('INSERT INTO session_marks (session_id, position, at, facts) VALUES (?, ?, ?, ?)')
  const newest = db.prepare('SELECT seq, at, facts FROM session_marks WHERE session_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?')
  const drop = db.prepare('DELETE FROM session_marks WHERE session_id = ? AND position > ?')
  const copy = db.prepare(
    'INSERT INTO session_marks (session_id, position, at, facts) SELECT ?, position, at, facts FROM session_marks WHERE session_id = ? AND position <= ? ORDER BY seq',
  )
  return {
    /** To be called in the transaction that does what the mark tells of. */
    insert: (sessionId: string, position: number, at: string, facts: Facts) => void insert.run(sessionId, position, at, JSON.stringify(facts)),
    /** Newest first, before this one. */
    list: (sessionId: string, limit: number, before = Number.MAX_SAFE_INTEGER): SessionMark[] =>
      newest
        .all(sessionId, before, limit)
        .map(({ seq, at, facts }) => ({ seq: Number(seq), at: String(at), ...(JSON.parse(String(facts)) as Facts) }) as SessionMark),
    /** Takes away what stands behind the messages before this place. */
    dropAfter: (sessionId: string, position: number) => void drop.run(sessionId, position),
    /** Gives another session the marks that stand no later than this place. */
    copy: (from: string, to: string, position: number) => void copy.run(to, from, position),
  }
}
export type MarkStore = ReturnType<typeof createMarkStore>
