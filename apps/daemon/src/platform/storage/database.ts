import { DatabaseSync, type PrepareOptions, type StatementSync } from 'node:sqlite'
import { Fault } from '@steward/contract'

export type Database = DatabaseSync
/** A connection whose statements say what a failing disk or file means: whoever reads or writes gets Fault `unavailable`, never a bare SQLite error. */
class GuardedDatabase extends DatabaseSync {
  override prepare(sql: string, options?: PrepareOptions): StatementSync {
    const statement = super.prepare(sql, options)
    statement.run = new Proxy<typeof statement.run>(statement.run, explained)
    statement.get = new Proxy<typeof statement.get>(statement.get, explained)
    statement.all = new Proxy<typeof statement.all>(statement.all, explained)
    return statement
  }
}
const explained: ProxyHandler<(...values: never[]) => unknown> = {
  apply(verb, statement, values) {
    try {
      return Reflect.apply(verb, statement, values)
    } catch (error) {
      throw storageFault(error)
    }
  },
}
/**
 * Opens a database file the way every store expects it. Checkpoints are ours to time, so the automatic one is off. An extension can be loaded by code
 * that switches that on for the moment, never by SQL.
 */
export function openDatabase(path: string, sync: 'barrier' | 'full' = 'barrier'): Database {
  const db = new GuardedDatabase(path, { timeout: 5000, enableForeignKeyConstraints: true, allowExtension: true })
  db.enableLoadExtension(false)
  db.exec(
    `PRAGMA journal_mode=WAL; PRAGMA synchronous=${sync === 'full' ? 'FULL' : 'NORMAL'}; PRAGMA fullfsync=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-4000`,
  )
  return db
}
/** A second connection that can only read, for a thread of its own: what is committed is seen at its next statement. */
export const openReadOnly = (path: string): Database => new GuardedDatabase(path, { readOnly: true, timeout: 5000 })
/** Runs `write` in one immediate transaction; what it throws undoes all of it. Throws Fault `unavailable` when the disk or the file fails. */
export function transaction<T>(db: Database, write: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE')
    const value = write()
    if (value instanceof Promise) throw new TypeError('A transaction may not be asynchronous.')
    db.exec('COMMIT')
    return value
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw storageFault(error)
  }
}
const sentences: Record<number, string> = {
  5: 'The database is locked by another program.',
  8: 'The data folder cannot be written to; check its permissions.',
  10: 'The disk reported an error; nothing was changed.',
  11: 'The database is damaged. Stop Steward and restore a backup with `steward backup restore`.',
  13: 'The disk is full; nothing was changed. Free some space and try again.',
  14: 'The database file cannot be opened; check the data folder.',
  26: 'The database file is not a database. Stop Steward and restore a backup with `steward backup restore`.',
}
/** SQLite's result codes (https://sqlite.org/rescode.html) that are the machine's fault, as a 503 that says what to do; anything else as it is. */
export function storageFault(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error
  const sentence = sentences[error.errcode & 0xff]
  return sentence === undefined ? error : new Fault('unavailable', sentence, undefined, { cause: error })
}
/** Rows come without a prototype; stores hand out plain objects. */
export const plain = <T>(row: unknown): T => ({ ...(row as object) }) as T
