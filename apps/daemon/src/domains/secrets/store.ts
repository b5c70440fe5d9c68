import type { Secret } from '@steward/contract/daemon'
import { decodePlace, encodePage } from '../../platform/page.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

/** Rows in, records out: the only file that knows the table app_secrets. Names with a `$` are Steward's own and are not listed. */
export function createSecretStore(db: Database) {
  const put = db.prepare('INSERT OR REPLACE INTO app_secrets (name, sealed, updated_at) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM app_secrets WHERE name = ?')
  const byName = db.prepare('SELECT sealed FROM app_secrets WHERE name = ?')
  const list = db.prepare(`SELECT name, updated_at AS updatedAt FROM app_secrets WHERE name > ? AND instr(name, '$') = 0 ORDER BY name LIMIT ?`)
  const all = db.prepare('SELECT name, sealed FROM app_secrets')
  return {
    put: (name: string, sealed: string, at: string) => void put.run(name, sealed, at),
    remove: (name: string) => Number(remove.run(name).changes) > 0,
    sealed: (name: string): string | undefined => byName.get(name)?.['sealed'] as string | undefined,
    all: () => all.all().map((row) => plain<{ name: string; sealed: string }>(row)),
    list({ cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const after = cursor === undefined ? '' : String(decodePlace(cursor)['name'] ?? '')
      const rows = list.all(after, limit + 1).map((row) => plain<Secret>(row))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ name: last.name }) : null }
    },
  }
}
