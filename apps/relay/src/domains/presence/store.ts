import { sql } from 'kysely'
import { inTx, type Database, type Queries } from '../../platform/database.ts'

/** What gives signs of life; each has the table of its name. */
export type Kind = 'sessions' | 'machines'
/** What is known of a life. Times are milliseconds since 1970. */
export interface Life {
  active: boolean
  activeAt: number
  /** Signs of life before this time count for nothing. */
  mutedUntil: number
}
/** A sign of life that is to be kept. */
export interface Sign {
  readonly accountId: string
  readonly id: string
  readonly at: number
}
const rowsOfStatement = 400
const mutedUntil = (kind: Kind) => (kind === 'sessions' ? sql<number>`muted_until` : sql<number>`0`)

/** What is known of one; undefined where the account has no such. */
export async function findLife(queries: Queries, kind: Kind, accountId: string, id: string): Promise<Life | undefined> {
  const { rows } = await sql<{ active: number; active_at: number; muted: number }>`
    SELECT active, active_at, ${mutedUntil(kind)} AS muted FROM ${sql.table(kind)} WHERE account_id = ${accountId} AND id = ${id}`.execute(queries)
  const [row] = rows
  return row && { active: row.active === 1, activeAt: row.active_at, mutedUntil: row.muted }
}
interface Locked {
  readonly account_id: string
  readonly id: string
  readonly active: number
  readonly active_at: number
  readonly muted: number
}
/** Rows that another transaction holds are passed over, so that this one waits for nobody and nobody for ever. */
const freeRows = ({ kind }: Database) => (kind === 'postgres' ? sql`FOR UPDATE SKIP LOCKED` : sql``)
const pairs = (rows: readonly { readonly account_id: string; readonly id: string }[]) =>
  sql`(VALUES ${sql.join(rows.map((row) => sql`(${row.account_id}, ${row.id})`))})`

/**
 * Keeps signs of life, each where it is newer than what is kept and not muted: one statement for all. Answers those that are settled: kept, or of no use;
 * the others are busy and may be tried again.
 */
export async function keepSigns(database: Database, kind: Kind, signs: readonly Sign[], now: number): Promise<Sign[]> {
  const settled: Sign[] = []
  for (let from = 0; from < signs.length; from += rowsOfStatement)
    settled.push(...(await keepSome(database, kind, signs.slice(from, from + rowsOfStatement), now)))
  return settled
}
const keepSome = (database: Database, kind: Kind, signs: readonly Sign[], now: number): Promise<Sign[]> =>
  inTx(database, 'read committed', async (db) => {
    const asked = pairs(signs.map(({ accountId, id }) => ({ account_id: accountId, id })))
    const select = sql`SELECT account_id, id, active, active_at, ${mutedUntil(kind)} AS muted FROM ${sql.table(kind)} WHERE (account_id, id) IN ${asked}`
    const { rows } = await sql<Locked>`${select} ${freeRows(database)}`.execute(db)
    const byKey = new Map(rows.map((row) => [`${row.account_id} ${row.id}`, row]))
    const fresh = signs.flatMap((sign) => {
      const row = byKey.get(`${sign.accountId} ${sign.id}`)
      return row && row.muted <= now && (row.active === 0 || row.active_at < sign.at) ? [{ row, at: Math.max(sign.at, row.active_at) }] : []
    })
    if (fresh.length > 0)
      await sql`
        UPDATE ${sql.table(kind)} SET active = 1, active_at = signs.column3, updated_at = CASE WHEN active = 0 THEN CAST(${now} AS BIGINT) ELSE updated_at END
        FROM (VALUES ${sql.join(fresh.map(({ row, at }) => sql`(${row.account_id}, ${row.id}, CAST(${at} AS BIGINT))`))}) AS signs
        WHERE account_id = signs.column1 AND id = signs.column2`.execute(db)
    if (rows.length === signs.length) return [...signs]
    // What was not found is either busy or gone.
    const { rows: there } = await sql<Locked>`${select}`.execute(db)
    const busy = new Set(there.map((row) => `${row.account_id} ${row.id}`).filter((key) => !byKey.has(key)))
    return signs.filter((sign) => !busy.has(`${sign.accountId} ${sign.id}`))
  })

/** Finds the active ones that gave no sign of life since a time and says that they are inactive. Answers at most 400 of them, with when they were alive last. */
export const endSilent = (database: Database, kind: Kind, since: number, now: number): Promise<Sign[]> =>
  inTx(database, 'read committed', async (db) => {
    const { rows } = await sql<Locked>`
      SELECT account_id, id, active_at FROM ${sql.table(kind)} WHERE active = 1 AND active_at < ${since}
      ORDER BY active_at LIMIT ${rowsOfStatement} ${freeRows(database)}`.execute(db)
    if (rows.length > 0) await sql`UPDATE ${sql.table(kind)} SET active = 0, updated_at = ${now} WHERE (account_id, id) IN ${pairs(rows)}`.execute(db)
    return rows.map((row) => ({ accountId: row.account_id, id: row.id, at: row.active_at }))
  })
