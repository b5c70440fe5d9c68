import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import path from 'node:path'
import { createBarrier, syncToDisk, type Sync } from '@steward/kernel/barrier'
import { createCheckpointer } from './checkpointer.ts'
import { openDatabase, storageFault, type Database } from './database.ts'
import { createEventLog, type EventLog, type LogLetter } from './event-log.ts'
import { migrate, type Migration } from './migrations.ts'

export type DatabaseName = 'chat' | 'agents' | 'settings'
export const databaseFiles: Record<DatabaseName, string> = { chat: 'chat_history.db', agents: 'agents.db', settings: 'settings.db' }
const letters: Record<DatabaseName, LogLetter> = { chat: 'c', agents: 'a', settings: 's' }
const quietCheckpointBytes = 4 * 1024 * 1024
const forcedCheckpointBytes = 64 * 1024 * 1024

/** One open database with its log and its durability. */
export interface Store {
  readonly name: DatabaseName
  readonly path: string
  readonly db: Database
  readonly log: EventLog
  walBytes(): number
  /** From now on each commit syncs by itself (setting storage.sync). */
  syncEveryCommit(): void
  /** Null when it can be read and written, else what is wrong. */
  trouble(): string | null
  /** Up to where every reader that saves its place here has read the named log; undefined when none does. */
  readUpTo(log: string): number | undefined
  /** Moves the WAL into the file: in a worker thread from 4 MiB on; at once and with force above 64 MiB, where readers have kept it from shrinking. */
  checkpoint(): void
  close(): Promise<void>
}
/** Opens one database, migrates it and makes what an earlier process left in its WAL durable. */
export async function openStore(home: string, name: DatabaseName, migrations: readonly Migration[], sync: Sync = syncToDisk): Promise<Store> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = path.join(home, databaseFiles[name])
  try {
    const isNew = !existsSync(file)
    const db = openDatabase(file)
    migrate(db, file, migrations)
    db.exec('BEGIN IMMEDIATE; UPDATE log_state SET epoch = epoch; COMMIT')
    if (isNew) syncFolder(home)
    const barrier = createBarrier(`${file}-wal`, sync)
    barrier.wrote()
    await barrier.durable()
    const checkpointer = createCheckpointer(file)
    const log = createEventLog(db, barrier, letters[name])
    const newest = db.prepare('SELECT seq FROM events ORDER BY seq DESC LIMIT 1')
    const slowest = db.prepare('SELECT min(seq) AS seq FROM cursors WHERE log = ?')
    const walBytes = () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
    return {
      name,
      path: file,
      db,
      log,
      walBytes,
      syncEveryCommit: () => db.exec('PRAGMA synchronous=FULL'),
      trouble() {
        if (!barrier.healthy()) return 'The disk refused to keep what was written.'
        try {
          newest.get()
          return null
        } catch (error) {
          return (storageFault(error) as Error).message
        }
      },
      readUpTo: (source) => (slowest.get(source) as { seq: number | null }).seq ?? undefined,
      checkpoint() {
        const bytes = walBytes()
        if (bytes >= forcedCheckpointBytes) db.exec('PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout=5000')
        else if (bytes >= quietCheckpointBytes) checkpointer.request()
      },
      async close() {
        await checkpointer.close()
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
