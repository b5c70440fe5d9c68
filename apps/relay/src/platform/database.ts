import { Fault } from '@steward/contract'
import { sql, type IsolationLevel, type Kysely, type Logger, type Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

/** Hears of every query. */
export type QueryLog = Logger
export type Queries = Kysely<Schema> | Transaction<Schema>
/** The one database, SQLite or PostgreSQL. */
export interface Database {
  readonly kind: 'sqlite' | 'postgres'
  readonly queries: Kysely<Schema>
  /** Resolves when everything committed so far is on disk. Throws Fault `unavailable` when the disk has refused. */
  durable(): Promise<void>
  /** Keeps others from migrating meanwhile. */
  alone<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}
/** So long work is tried again, with pauses of up to so long. */
const patienceMs = 10_000
const longestPauseMs = 100
/** PostgreSQL: serialization failure, deadlock, and a twin that inserted the same key first. */
const again = new Set(['40001', '40P01', '23505'])

/**
 * Runs work in one transaction. `read committed` is for work that holds the account's row: it needs no retry. `serializable` is for all else that reads
 * before it writes: it is run again where the database could not put it in order, so it must do nothing but query. Throws Fault `unavailable` when it
 * could not be put in order for 10 s.
 */
export async function inTx<T>(
  database: Database,
  isolation: IsolationLevel & ('read committed' | 'serializable'),
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  const until = performance.now() + patienceMs
  for (let tries = 1; ; tries++) {
    try {
      const begun = database.queries.transaction()
      return await (database.kind === 'postgres' ? begun.setIsolationLevel(isolation) : begun).execute(work)
    } catch (error) {
      const code = (error as { code?: unknown }).code
      if (database.kind !== 'postgres' || typeof code !== 'string' || !again.has(code)) throw error
      if (performance.now() > until || (isolation === 'read committed' && tries > 1))
        throw new Fault('unavailable', 'The database was too busy with the same records; ask again in a moment.', undefined, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(longestPauseMs, 2 ** tries)))
    }
  }
}
/** Answers when the database does. Throws what the database says otherwise. */
export const probe = async ({ queries }: Database): Promise<void> => void (await sql`SELECT 1`.execute(queries))
/** True when the database is away, not when it refuses what was asked: no SQLSTATE at all from the network, or one of its classes for that. */
export function outage(error: unknown): boolean {
  if (error instanceof Fault || !(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return /^(08|53|57)/.test(code) || code === '25P03'
  return /ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN/.test(String(code)) || /timeout|terminated|not queryable|Connection/i.test(error.message)
}
