import type { Queries } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'

/** An account has at most so many phones. */
const mostTokens = 200

export const listTokens = (queries: Queries, accountId: string) =>
  queries
    .selectFrom('push_tokens')
    .select(['id', 'token', 'created_at', 'updated_at'])
    .where('account_id', '=', accountId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostTokens)
    .execute()
/** Adds a token, or notes that it is still used; lets go of those over the limit that were added longest ago. */
export async function addToken(queries: Queries, accountId: string, token: string, now: number): Promise<void> {
  await queries
    .insertInto('push_tokens')
    .values({ id: newId(), account_id: accountId, token, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.columns(['account_id', 'token']).doUpdateSet({ updated_at: now }))
    .execute()
  const over = await queries
    .selectFrom('push_tokens')
    .select('id')
    .where('account_id', '=', accountId)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .offset(mostTokens)
    .execute()
  if (over.length === 0) return
  const ids = over.map(({ id }) => id)
  await queries.deleteFrom('push_tokens').where('id', 'in', ids).execute()
}
export const removeToken = async (queries: Queries, accountId: string, token: string): Promise<void> =>
  void (await queries.deleteFrom('push_tokens').where('account_id', '=', accountId).where('token', '=', token).execute())
/** Removes tokens whose phones are gone, but for those that were added again after `asOf`. */
export const removeGone = async (queries: Queries, accountId: string, ids: readonly string[], asOf: number): Promise<void> =>
  void (await queries.deleteFrom('push_tokens').where('account_id', '=', accountId).where('id', 'in', ids).where('updated_at', '<=', asOf).execute())
