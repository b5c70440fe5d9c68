import type { Database } from '../../platform/storage/database.ts'

/** The only file that knows the settings table. Values are JSON. */
export function createSettingStore(db: Database) {
  const every = db.prepare('SELECT key, value FROM settings ORDER BY key')
  const put = db.prepare(
    'INSERT INTO settings (key, value, updated_at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at',
  )
  const remove = db.prepare('DELETE FROM settings WHERE key = ?')
  return {
    all: () => every.all() as { key: string; value: string }[],
    put: (key: string, value: unknown) => void put.run(key, JSON.stringify(value), new Date().toISOString()),
    remove: (key: string) => void remove.run(key),
  }
}
export type SettingStore = ReturnType<typeof createSettingStore>
