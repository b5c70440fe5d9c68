import type { File } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

const columns = 'id, session_id AS sessionId, name, media_type AS mediaType, size, sha256, created_at AS createdAt'
/** The only file that knows the files table. */
export function createFileStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM files WHERE id = ?`)
  const byHash = db.prepare('SELECT 1 FROM files WHERE sha256 = ? LIMIT 1')
  const insert = db.prepare('INSERT INTO files (id, session_id, name, media_type, size, sha256, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM files WHERE id = ?')
  const newest = db.prepare(`SELECT ${columns} FROM files WHERE id < ? ORDER BY id DESC LIMIT ?`)
  const newestOf = db.prepare(`SELECT ${columns} FROM files WHERE session_id = ? AND id < ? ORDER BY id DESC LIMIT ?`)
  return {
    find(id: string): File | undefined {
      const row = byId.get(id)
      return row && plain<File>(row)
    },
    /** True when some file has these bytes. */
    isWanted: (sha256: string) => byHash.get(sha256) !== undefined,
    insert: ({ id, sessionId, name, mediaType, size, sha256, createdAt }: File) =>
      void insert.run(id, sessionId, name, mediaType, size, sha256, createdAt),
    remove: (id: string) => void remove.run(id),
    list: (sessionId: string | undefined, limit: number, before = '~'): File[] =>
      (sessionId === undefined ? newest.all(before, limit) : newestOf.all(sessionId, before, limit)).map((row) => plain(row)),
  }
}
