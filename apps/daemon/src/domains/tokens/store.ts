import type { Token } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

/** A token as it is stored: never its secret, only the SHA-256 of it. */
export interface TokenRecord extends Token {
  readonly hash: Uint8Array
}
const columns = `id, name, scopes, hash, created_by AS createdBy, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt, revoked_at AS revokedAt`
const toRecord = (row: unknown): TokenRecord => {
  const { scopes, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as TokenRecord), scopes: JSON.parse(scopes as string) as string[] }
}
/** The token as clients see it. */
export function toToken({ hash: _hash, ...token }: TokenRecord): Token {
  return token
}
/** The only file that knows the tables tokens and secrets. */
export function createTokenStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM tokens WHERE id = ?`)
  const byHash = db.prepare(`SELECT ${columns} FROM tokens WHERE hash = ?`)
  const insert = db.prepare('INSERT INTO tokens (id, name, scopes, hash, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const revoke = db.prepare(`WITH RECURSIVE line(id) AS (SELECT ? UNION SELECT tokens.id FROM tokens JOIN line ON tokens.created_by = line.id)
    UPDATE tokens SET revoked_at = ? WHERE id IN (SELECT id FROM line) AND revoked_at IS NULL RETURNING id`)
  const used = db.prepare('UPDATE tokens SET last_used_at = ? WHERE id = ?')
  const newest = db.prepare(`SELECT ${columns} FROM tokens WHERE id < ? ORDER BY id DESC LIMIT ?`)
  const secret = db.prepare('SELECT sealed FROM secrets WHERE name = ?')
  const putSecret = db.prepare('INSERT OR REPLACE INTO secrets (name, sealed, updated_at) VALUES (?, ?, ?)')
  return {
    find(id: string): TokenRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    findByHash(hash: Uint8Array): TokenRecord | undefined {
      const row = byHash.get(hash)
      return row && toRecord(row)
    },
    insert: ({ id, name, scopes, hash, createdBy, createdAt, expiresAt }: TokenRecord) =>
      void insert.run(id, name, JSON.stringify(scopes), hash, createdBy, createdAt, expiresAt),
    /** Ends a token, those it has made, and theirs; answers the ids of those that were still good. */
    revoke: (id: string, at: string): string[] => revoke.all(id, at).map((row) => String(row['id'])),
    used: (id: string, at: string) => void used.run(at, id),
    /** Newest first, before this id. */
    list: (limit: number, before = '~') => newest.all(before, limit).map(toRecord),
    findSecret: (name: string) => (secret.get(name) as { sealed: string } | undefined)?.sealed,
    putSecret: (name: string, sealed: string) => void putSecret.run(name, sealed, new Date().toISOString()),
  }
}
