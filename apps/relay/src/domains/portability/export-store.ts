import { sql } from 'kysely'
import type { Queries } from '../../platform/database.ts'

/** What an export tells of, table by table, with the columns by which it is paged. What passes by itself (pairings, the log) is not in it. */
export const exported = [
  { type: 'device', table: 'devices', keys: ['id'] },
  { type: 'machine', table: 'machines', keys: ['id'] },
  { type: 'artifact', table: 'artifacts', keys: ['id'] },
  { type: 'accessKey', table: 'access_keys', keys: ['session_id', 'machine_id'] },
  { type: 'keyValue', table: 'kv', keys: ['key'] },
  { type: 'usageReport', table: 'usage_reports', keys: ['session_id', 'key'] },
  { type: 'pushToken', table: 'push_tokens', keys: ['id'] },
  { type: 'vendorToken', table: 'vendor_tokens', keys: ['vendor'] },
  { type: 'voiceSession', table: 'voice_sessions', keys: ['id'] },
  { type: 'session', table: 'sessions', keys: ['id'] },
  { type: 'attachment', table: 'attachments', keys: ['ref'] },
] as const
export type Exported = (typeof exported)[number]
type Row = Readonly<Record<string, unknown>>

export const findAccount = (queries: Queries, accountId: string) =>
  queries.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirst()
/** Rows of the account in a table, after one. */
export async function pageOf(
  queries: Queries,
  { table, keys }: Exported,
  accountId: string,
  after: Row | undefined,
  limit: number,
): Promise<readonly Row[]> {
  const columns = sql.join(keys.map((key) => sql.ref(key)))
  const beyond = after === undefined ? sql`` : sql`AND (${columns}) > (${sql.join(keys.map((key) => sql.val(after[key])))})`
  const page = await sql<Row>`SELECT * FROM ${sql.table(table)} WHERE account_id = ${accountId} ${beyond} ORDER BY ${columns} LIMIT ${limit}`.execute(
    queries,
  )
  return page.rows
}
/** Messages of a session after a number: at most so many, and no more than `bytes` together unless the first alone is more. */
export async function messagesAfter(queries: Queries, sessionId: string, after: number, limit: number, bytes: number) {
  const weights = await queries
    .selectFrom('messages')
    .select(['seq', sql<number>`octet_length(content)`.as('weight')])
    .where('session_id', '=', sessionId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  let upTo = weights[0]?.seq
  if (upTo === undefined) return []
  let sum = 0
  for (const { seq, weight } of weights) {
    sum += weight
    if (sum > bytes) break
    upTo = seq
  }
  return queries
    .selectFrom('messages')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .execute()
}
