import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import path from 'node:path'
import { createBarrier, syncToDisk, type Sync } from './barrier.ts'
import { openDatabase, storageFault, type Database } from './database.ts'
import { createEventLog, type EventLog, type LogLetter } from './event-log.ts'
import { migrate, type Migration } from './migrations.ts'

export type DatabaseName = 'chat' | 'agents' | 'settings'
export const databaseFiles: Record<DatabaseName, string> = { chat: 'chat_history.db', agents: 'agents.db', settings: 'settings.db' }
const letters: Record<DatabaseName, LogLetter> = { chat: 'c', agents: 'a', settings: 's' }
const forcedCheckpointBytes = 64 * 1024 * 1024

/** One open database with its log and its durability. */
export interface Store {
  readonly name: DatabaseName
  readonly path: string
  readonly db: Database
  readonly log: EventLog
  walBytes(): number
  healthy(): boolean
  /** Moves the WAL into the file when it has grown over 64 MiB; returns whether it did. */
  checkpointIfLarge(): boolean
  close(): Promise<void>
}
/** Opens one database, migrates it and makes what an earlier process left in its WAL durable. */
export async function openStore(home: string, name: DatabaseName, migrations: readonly Migration[], sync: Sync = syncToDisk, mode: 'barrier' | 'full' = 'barrier'): Promise<Store> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = path.join(home, databaseFiles[name])
  try {
    const isNew = !existsSync(file)
    const db = openDatabase(file, mode)
    migrate(db, file, migrations)
    db.exec('BEGIN IMMEDIATE; UPDATE log_state SET epoch = epoch; COMMIT')
    if (isNew) syncFolder(home)
    const barrier = createBarrier(`${file}-wal`, sync)
    barrier.wrote()
    await barrier.durable()
    const log = createEventLog(db, barrier, letters[name])
    const walBytes = () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
    return {
      name,
      path: file,
      db,
      log,
      walBytes,
      healthy: () => barrier.healthy(),
      checkpointIfLarge() {
        if (walBytes() < forcedCheckpointBytes) return false
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        return true
      },
      async close() {
        await barrier.close()
        db.close()
      },
    }
  } catch (error) {
    throw storageFault(error)
  }
}
/** Makes a folder's entries durable (a new file's name is data of its folder). */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
