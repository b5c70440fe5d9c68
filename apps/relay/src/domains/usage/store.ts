import type { Queries } from '../../platform/database.ts'

export interface Report {
  readonly id: string
  readonly accountId: string
  /** Empty for none. */
  readonly sessionId: string
  readonly key: string
  /** JSON of amounts by name. */
  readonly tokens: string
  readonly cost: string
  readonly now: number
}
/** Keeps a report in place of an earlier one of the same session and key, whose id and time of making it takes over. */
export const saveReport = (queries: Queries, { id, accountId, sessionId, key, tokens, cost, now }: Report) =>
  queries
    .insertInto('usage_reports')
    .values({ id, account_id: accountId, session_id: sessionId, key, tokens, cost, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.columns(['account_id', 'session_id', 'key']).doUpdateSet({ tokens, cost, updated_at: now }))
    .returning(['id', 'created_at'])
    .executeTakeFirstOrThrow()
/** Which reports are asked for: made from `from` to `to` inclusive, milliseconds since 1970. */
export interface Wanted {
  readonly accountId: string
  readonly sessionId?: string
  readonly from: number
  readonly to: number
}
const pageSize = 500
/** Reports in the order of their making, page by page. */
export async function* readReports(queries: Queries, { accountId, sessionId, from, to }: Wanted) {
  let last = { created_at: from, id: '' }
  for (;;) {
    const { created_at, id } = last
    const all = queries
      .selectFrom('usage_reports')
      .select(['id', 'created_at', 'tokens', 'cost'])
      .where('account_id', '=', accountId)
      .where('created_at', '>=', created_at)
      .where('created_at', '<=', to)
      .where((row) => row.or([row('created_at', '>', created_at), row('id', '>', id)]))
      .orderBy('created_at')
      .orderBy('id')
      .limit(pageSize)
    const rows = await (sessionId === undefined ? all : all.where('session_id', '=', sessionId)).execute()
    yield rows
    const end = rows.at(-1)
    if (end === undefined || rows.length < pageSize) return
    last = end
  }
}
