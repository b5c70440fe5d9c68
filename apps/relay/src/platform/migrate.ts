import { Fault } from '@steward/contract'
import { sql } from 'kysely'
import { migrations, type Migration } from '../migrations/index.ts'
import type { Database } from './database.ts'

export interface SchemaState {
  /** The version the database has; 0 for an empty one. */
  readonly version: number
  readonly newest: number
  readonly applied: readonly { readonly version: number; readonly name: string; readonly at: number }[]
}
const newest = Math.max(...migrations.map(({ version }) => version))

/** An empty database has no table yet: PostgreSQL's code for that, and SQLite's words. */
const noneYet = (error: Error & { code?: string }) => {
  if (error.code === '42P01' || /no such table/.test(error.message)) return []
  throw error
}
/** What the database has of the schema. */
export async function schemaState({ queries }: Database): Promise<SchemaState> {
  const rows = await queries.selectFrom('schema_migrations').selectAll().orderBy('version').execute().catch(noneYet)
  const applied = rows.map(({ version, name, applied_at }) => ({ version, name, at: applied_at }))
  return { version: applied.at(-1)?.version ?? 0, newest, applied }
}
/**
 * Brings the database to the newest schema; each step is one transaction with its record. Of several nodes that start together one does it. Answers the steps
 * it made. Throws Fault `unprocessable` for a database that a newer program has written.
 */
export async function migrate(database: Database): Promise<readonly Migration[]> {
  const before = await schemaState(database)
  checkNotNewer(before)
  if (before.version === newest) return []
  return database.alone(async () => {
    await sql`CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)`.execute(
      database.queries,
    )
    const missing = stepsAfter(await schemaState(database))
    for (const step of missing)
      await database.queries.transaction().execute(async (tx) => {
        // Another process with the same file may have made the step while this one waited for the lock.
        if (await tx.selectFrom('schema_migrations').select('version').where('version', '=', step.version).executeTakeFirst()) return
        for (const statement of step.statements) await sql.raw(statement).execute(tx)
        await tx.insertInto('schema_migrations').values({ version: step.version, name: step.name, applied_at: Date.now() }).execute()
      })
    await database.durable()
    return missing
  })
}
/** The steps that a database in this state still needs. Throws Fault `unprocessable` for one that a newer program has written. */
export function stepsAfter(state: Pick<SchemaState, 'version'>): readonly Migration[] {
  checkNotNewer(state)
  return migrations.filter(({ version }) => version > state.version)
}
/** Removes all tables of all migrations, with everything in them. */
export const reset = (database: Database): Promise<void> =>
  database.alone(async () => {
    const made = migrations.flatMap(({ statements }) => statements.flatMap((text) => /^CREATE TABLE (\w+)/.exec(text)?.[1] ?? []))
    await database.queries.transaction().execute(async (tx) => {
      for (const table of ['schema_migrations', ...made.toReversed()]) await sql`DROP TABLE IF EXISTS ${sql.table(table)}`.execute(tx)
    })
    await database.durable()
  })
/** Whether the database has the schema that this program knows. */
export const isCurrent = async (database: Database): Promise<boolean> => (await schemaState(database)).version === newest

/** Throws Fault `unprocessable` when a newer program has written the database. */
export function checkNotNewer({ version }: Pick<SchemaState, 'version'>): void {
  if (version > newest)
    throw new Fault(
      'unprocessable',
      `The database has schema ${version}, this program knows up to ${newest}: start the newer program, or restore a backup.`,
    )
}
