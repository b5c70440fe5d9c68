import path from 'node:path'
import { Fault } from '@steward/contract'
import type { RelayConfig } from './config.ts'
import { outage, type Database, type QueryLog } from './platform/database.ts'
import { openPostgres } from './platform/postgres.ts'
import { openSqlite } from './platform/sqlite.ts'

/** The file of the embedded database. */
export const databaseFile = (home: string): string => path.join(home, 'relay.db')

/** Opens the database that the configuration names, embedded where it names none. PostgreSQL is not asked yet. */
export function openDatabase(config: RelayConfig, report: (error: unknown) => void, log?: QueryLog): Promise<Database> {
  const { databaseUrl, databaseConnections, home } = config
  if (databaseUrl === undefined) return Promise.resolve(openSqlite(databaseFile(home), log))
  return openPostgres(databaseUrl, databaseConnections, report, log)
}
/** Says in a sentence that the database is away, for whoever starts something with it; other errors stay what they are. */
export function reached(error: unknown): unknown {
  if (!(error instanceof Error) || !outage(error)) return error
  const { message, code } = error as { message: string; code?: string }
  return new Fault('unavailable', `The database cannot be reached: ${message || code || 'it does not answer'}.`, undefined, { cause: error })
}
