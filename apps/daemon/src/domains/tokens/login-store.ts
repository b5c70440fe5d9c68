import type { Login } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

export type LoginRecord = Omit<Login, 'current'>
const columns = `id, client, address, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt, ended_at AS endedAt`
/** The only file that knows the table logins. */
export function createLoginStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM logins WHERE id = ?`)
  const insert = db.prepare('INSERT INTO logins (id, client, address, created_at, expires_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?)')
  const end = db.prepare('UPDATE logins SET ended_at = ? WHERE id = ? AND ended_at IS NULL')
  const used = db.prepare('UPDATE logins SET last_used_at = ? WHERE id = ?')
  const newest = db.prepare(`SELECT ${columns} FROM logins WHERE id < ? AND expires_at > ? ORDER BY id DESC LIMIT ?`)
  const prune = db.prepare('DELETE FROM logins WHERE expires_at <= ?')
  return {
    find(id: string): LoginRecord | undefined {
      const row = byId.get(id)
      return row && plain<LoginRecord>(row)
    },
    /** Adds a login, and forgets those whose cookies have expired. */
    insert({ id, client, address, createdAt, expiresAt, lastUsedAt }: LoginRecord): void {
      prune.run(createdAt)
      insert.run(id, client, address, createdAt, expiresAt, lastUsedAt)
    },
    /** True where it had not ended before. */
    end: (id: string, at: string): boolean => end.run(at, id).changes > 0,
    used: (id: string, at: string) => void used.run(at, id),
    /** Newest first, before this id; without those that have expired by now. */
    list: (limit: number, before = '~') => newest.all(before, new Date().toISOString(), limit).map((row) => plain<LoginRecord>(row)),
  }
}
