import { plain, type Database } from '../../platform/storage/database.ts'

export interface Indexable {
  readonly id: string
  readonly sessionId: string
  readonly position: number
  readonly text: string
  readonly at: string
}
const finished = `status IN ('final', 'interrupted') AND synthetic = 0 AND text <> ''`
const columns = 'id, session_id AS sessionId, position, text, created_at AS at'

/** Writes the search index. The only file that writes the table search_rows; triggers keep the index `search` in step with it. */
export function createSearchStore(db: Database) {
  const titleOf = db.prepare('SELECT title, created_at AS at, parent_id AS parentId FROM sessions WHERE id = ?')
  const message = db.prepare(`SELECT ${columns} FROM messages WHERE id = ? AND ${finished}`)
  const after = db.prepare(`SELECT ${columns} FROM messages WHERE session_id = ? AND position > ? AND ${finished} ORDER BY position LIMIT 50`)
  const dropTitle = db.prepare('DELETE FROM search_rows WHERE session_id = ? AND message_id IS NULL')
  const insert = db.prepare(
    'INSERT INTO search_rows (session_id, message_id, text, at) VALUES (?, ?, ?, ?) ON CONFLICT (message_id) DO UPDATE SET text = excluded.text',
  )
  const dropDead = db.prepare(`DELETE FROM search_rows WHERE rowid IN (SELECT r.rowid FROM search_rows r LEFT JOIN messages m ON m.id = r.message_id
    WHERE r.session_id = ? AND m.id IS NULL AND (r.message_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = r.session_id)) LIMIT 50)`)
  return {
    /** The session's title and parent; undefined when it is gone. */
    session(id: string): { title: string; at: string; parentId: string | null } | undefined {
      const row = titleOf.get(id)
      return row && plain(row)
    },
    /** A finished message with words; undefined when it is gone or has none. */
    message(id: string): Indexable | undefined {
      const row = message.get(id)
      return row && plain(row)
    },
    messagesAfter: (sessionId: string, position: number) => after.all(sessionId, position).map((row) => plain<Indexable>(row)),
    putTitle(sessionId: string, title: string, at: string) {
      dropTitle.run(sessionId)
      insert.run(sessionId, null, title, at)
    },
    putMessage: ({ id, sessionId, text, at }: Indexable) => void insert.run(sessionId, id, text, at),
    /** Removes up to 50 rows of messages, or of a session, that are gone; returns how many went. */
    dropDead: (sessionId: string) => Number(dropDead.run(sessionId).changes),
  }
}
