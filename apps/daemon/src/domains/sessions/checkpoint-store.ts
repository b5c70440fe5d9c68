import { newId } from '../../platform/ids.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

/** The state of a workspace before the first write of the run that the message at `position` started. */
export interface Checkpoint {
  readonly sessionId: string
  readonly runId: string
  readonly messageId: string
  readonly position: number
  readonly workspace: string
  readonly commit: string
  readonly createdAt: string
}
const columns =
  'session_id AS sessionId, run_id AS runId, message_id AS messageId, position, workspace, commit_id AS "commit", created_at AS createdAt'
/** Rows in, records out: the only file that knows the table checkpoints. */
export function createCheckpointStore(db: Database) {
  const insert = db.prepare(
    'INSERT INTO checkpoints (id, session_id, run_id, message_id, position, workspace, commit_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const from = db.prepare(`SELECT ${columns} FROM checkpoints WHERE session_id = ? AND position >= ? ORDER BY position, id LIMIT 1`)
  const all = db.prepare(`SELECT ${columns} FROM checkpoints WHERE session_id = ? AND position >= ? ORDER BY position, id`)
  const latest = db.prepare(`SELECT ${columns} FROM checkpoints WHERE session_id = ? ORDER BY position DESC, id DESC LIMIT ?`)
  const drop = db.prepare('DELETE FROM checkpoints WHERE session_id = ? AND position >= ?')
  return {
    insert({ sessionId, runId, messageId, position, workspace, commit, createdAt }: Checkpoint) {
      insert.run(newId('cp'), sessionId, runId, messageId, position, workspace, commit, createdAt)
    },
    /** The state before the first write at or after a place of the conversation. */
    findFor(sessionId: string, position: number): Checkpoint | undefined {
      const row = from.get(sessionId, position)
      return row && plain<Checkpoint>(row)
    },
    /** All at and after a place; of the whole session from 0. */
    listFrom: (sessionId: string, position: number) => all.all(sessionId, position).map((row) => plain<Checkpoint>(row)),
    newest: (sessionId: string, limit: number) => latest.all(sessionId, limit).map((row) => plain<Checkpoint>(row)),
    dropFrom: (sessionId: string, position: number) => void drop.run(sessionId, position),
  }
}
export type CheckpointStore = ReturnType<typeof createCheckpointStore>
