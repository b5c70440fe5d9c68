import { existsSync, fsyncSync, openSync, closeSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '@steward/contract'
import { transaction, type Database } from './database.ts'

export interface Migration {
  readonly version: number
  readonly up: string | ((db: Database) => void)
}
/**
 * Brings a database to the newest version: numbered migrations in order, each in one transaction with its version record. Before the
 * first new one of a database that already holds data, a copy is written beside it and verified. Refuses a database newer than the program.
 */
export function migrate(db: Database, path: string, migrations: readonly Migration[]): { from: number; to: number; copy: string | null } {
  db.exec('CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT')
  const from = Number((db.prepare('SELECT coalesce(max(version), 0) AS version FROM schema_migrations').get() as { version: number }).version)
  const to = migrations.at(-1)?.version ?? 0
  if (from > to)
    throw new Fault(
      'unavailable',
      `${path} was written by a newer Steward (schema ${from}, this program knows ${to}). Install the newer version, or restore a backup made before.`,
    )
  const due = migrations.filter(({ version }) => version > from)
  const copy = from > 0 && due.length > 0 ? copyBefore(db, path, from) : null
  const record = db.prepare('INSERT INTO schema_migrations (version, applied_at) VALUES (?, ?)')
  for (const { version, up } of due) {
    transaction(db, () => {
      if (typeof up === 'string') db.exec(up)
      else up(db)
      record.run(version, new Date().toISOString())
    })
  }
  return { from, to, copy }
}
/** A consistent copy by VACUUM INTO, checked before anything is changed; an older copy of the same version is kept if it is whole. */
function copyBefore(db: Database, path: string, version: number): string {
  const copy = `${path}.before-v${version + 1}`
  if (existsSync(copy)) rmSync(copy)
  db.prepare('VACUUM INTO ?').run(copy)
  const check = new DatabaseSync(copy, { readOnly: true })
  const { integrity_check: verdict } = check.prepare('PRAGMA integrity_check').get() as { integrity_check: string }
  check.close()
  if (verdict !== 'ok') throw new Fault('unavailable', `The copy ${copy} made before the migration is not whole (${verdict}); nothing was changed.`)
  const fd = openSync(copy, 'r')
  fsyncSync(fd)
  closeSync(fd)
  return copy
}
