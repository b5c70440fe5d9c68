import type { Operations } from '@steward/contract/daemon'
import type { Input } from '@steward/contract'
import { plain, type Database } from '../../platform/storage/database.ts'

export type ServerSent = Input<Operations['apps.add']>['server']
/** What is stored of an app: an MCP server, or what a person set for one that comes from a manifest (then `server` is null). */
export interface AppRecord {
  readonly id: string
  readonly name: string | null
  readonly server: ServerSent | null
  readonly trusted: boolean
  readonly timeoutMs: number
  readonly enabled: boolean
  readonly settings: Readonly<Record<string, string>>
  readonly updatedAt: string
}
/** The value that a person gave a setting. */
export const givenSetting = (app: AppRecord | undefined, name: string): string | undefined =>
  app && Object.hasOwn(app.settings, name) ? app.settings[name] : undefined
const columns = 'id, name, server, trusted, timeout_ms AS timeoutMs, enabled, settings, updated_at AS updatedAt'
const toRecord = (row: unknown): AppRecord => {
  const { server, trusted, enabled, settings, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as AppRecord),
    server: server === null ? null : (JSON.parse(server as string) as ServerSent),
    trusted: trusted === 1,
    enabled: enabled === 1,
    settings: JSON.parse(settings as string) as Record<string, string>,
  }
}
/** Rows in, records out: the only file that knows the table apps. */
export function createAppStore(db: Database) {
  const put = db.prepare(
    `INSERT OR REPLACE INTO apps (id, name, server, trusted, timeout_ms, enabled, settings, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const byId = db.prepare(`SELECT ${columns} FROM apps WHERE id = ?`)
  const all = db.prepare(`SELECT ${columns} FROM apps ORDER BY id`)
  const remove = db.prepare('DELETE FROM apps WHERE id = ?')
  return {
    put: (app: AppRecord) =>
      void put.run(
        app.id,
        app.name,
        app.server === null ? null : JSON.stringify(app.server),
        Number(app.trusted),
        app.timeoutMs,
        Number(app.enabled),
        JSON.stringify(app.settings),
        app.updatedAt,
      ),
    find(id: string): AppRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    all: () => all.all().map(toRecord),
    remove: (id: string) => Number(remove.run(id).changes) > 0,
  }
}
export type AppStore = ReturnType<typeof createAppStore>
