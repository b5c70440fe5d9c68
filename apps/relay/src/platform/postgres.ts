import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Schema } from '../schema.ts'
import type { Database, QueryLog } from './database.ts'

/** Any number that no other program of this database uses for the same. */
const migrationLock = 7_239_015
const bigint = 20

/** Opens PostgreSQL with a pool of `connections`. A commit is durable when it answers. Loaded only where it is used: the embedded relay does without it. `log` hears of every query. */
export async function openPostgres(url: string, connections: number, report: (error: Error) => void, log?: QueryLog): Promise<Database> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    application_name: 'steward-relay',
    types: { getTypeParser: (oid, format) => (oid === bigint ? Number : pg.types.getTypeParser(oid, format as 'text')) },
  })
  // One that breaks while it is lent, between two statements, is found out by the next one: unheard, it would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  // An idle connection that breaks is replaced by the pool.
  pool.on('error', report)
  const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), ...(log === undefined ? {} : { log }) })
  return {
    kind: 'postgres',
    queries,
    durable: () => Promise.resolve(),
    alone: (work) =>
      queries.connection().execute(async (held) => {
        await sql`SELECT pg_advisory_lock(${migrationLock})`.execute(held)
        try {
          return await work()
        } finally {
          await sql`SELECT pg_advisory_unlock(${migrationLock})`.execute(held)
        }
      }),
    close: () => queries.destroy(),
  }
}
