import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { createBarrier, syncToDisk, type Barrier } from '@steward/kernel/barrier'
import type { Schema } from '../schema.ts'
import type { Database, QueryLog } from './database.ts'
import { createSqliteDriver } from './sqlite-driver.ts'

/** Opens the embedded database, one file. Commits go to the write-ahead log; `durable` waits for one sync of it that serves many commits. `log` hears of every query. */
export function openSqlite(file: string, log?: QueryLog): Database {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const sqlite = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true })
  sqlite.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16000')
  // The write-ahead log exists from the first write on.
  sqlite.exec('BEGIN IMMEDIATE; COMMIT; PRAGMA user_version=1')
  const barrier: Barrier = createBarrier(`${file}-wal`, syncToDisk)
  const queries = new Kysely<Schema>({
    dialect: {
      createDriver: () => createSqliteDriver(sqlite, barrier.wrote),
      createAdapter: () => new SqliteAdapter(),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (database) => new SqliteIntrospector(database),
    },
    ...(log === undefined ? {} : { log }),
  })
  return {
    kind: 'sqlite',
    queries,
    durable: barrier.durable,
    alone: (work) => work(),
    async close() {
      await barrier.close()
      await queries.destroy()
      if (sqlite.isOpen) sqlite.close()
    },
  }
}
