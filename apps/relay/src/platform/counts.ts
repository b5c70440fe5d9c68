import { sql } from 'kysely'
import type { Queries } from './database.ts'

const tables = ['accounts', 'devices', 'sessions', 'machines', 'artifacts'] as const
export type Counts = Readonly<Record<(typeof tables)[number] | 'messages', number>>

/** How much is in the database. Messages are not gone through, there may be very many: told is how many the sessions that are have numbered. */
export async function countRecords(queries: Queries): Promise<Counts> {
  const entries: [string, number][] = []
  for (const table of tables) {
    const { rows } = await sql<{ count: number }>`SELECT COUNT(*) AS count FROM ${sql.table(table)}`.execute(queries)
    entries.push([table, Number(rows[0]?.count ?? 0)])
  }
  const { rows } = await sql<{ count: number }>`SELECT COALESCE(SUM(seq), 0) AS count FROM sessions`.execute(queries)
  return Object.fromEntries([...entries, ['messages', Number(rows[0]?.count ?? 0)]]) as Counts
}
/** Sessions that give signs of life. */
export async function countActive(queries: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT COUNT(*) AS count FROM sessions WHERE active = 1`.execute(queries)
  return Number(rows[0]?.count ?? 0)
}
