import { DatabaseSync } from 'node:sqlite'
import { Fault } from '@steward/contract'

export type Database = DatabaseSync
/** Opens a database file the way every store expects it. Checkpoints are ours to time, so the automatic one is off. */
export function openDatabase(path: string): Database {
  const db = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true })
  db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA fullfsync=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-4000`)
  return db
}
/** A second connection that can only read, for a thread of its own: what is committed is seen at its next statement. */
export const openReadOnly = (path: string): Database => new DatabaseSync(path, { readOnly: true, timeout: 5000 })
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
