import type { Queries } from '../../platform/database.ts'

/** The accounts of the `limit` oldest changes that are older than a time. */
export async function accountsWithOld(queries: Queries, before: number, limit: number): Promise<string[]> {
  const rows = await queries
    .selectFrom('changes')
    .innerJoin('accounts', 'accounts.id', 'changes.account_id')
    .select('account_id')
    .where('closed_at', 'is', null)
    .where('changes.created_at', '<', before)
    .orderBy('changes.created_at')
    .limit(limit)
    .execute()
  return [...new Set(rows.map((row) => row.account_id))]
}
/** The number up to which the first `limit` changes of an account are all older than a time; undefined when the first is not. */
export async function oldUpTo(queries: Queries, accountId: string, before: number, limit: number): Promise<number | undefined> {
  const rows = await queries
    .selectFrom('changes')
    .select(['seq', 'created_at'])
    .where('account_id', '=', accountId)
    .orderBy('seq')
    .limit(limit)
    .execute()
  const young = rows.findIndex((row) => row.created_at >= before)
  return (young === -1 ? rows.at(-1) : rows[young - 1])?.seq
}
/** Removes the log of an account up to a number, and notes that it begins there. The account's row must be locked. */
export async function prune(queries: Queries, accountId: string, upTo: number): Promise<void> {
  await queries.updateTable('accounts').set({ pruned_seq: upTo }).where('id', '=', accountId).execute()
  await queries.deleteFrom('changes').where('account_id', '=', accountId).where('seq', '<=', upTo).execute()
}
/** Sessions that are over and that nothing was heard of since a time, the oldest first; none of an account that is being removed. */
export const listIdle = (queries: Queries, before: number, limit: number) =>
  queries
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .select(['sessions.id', 'sessions.account_id'])
    .where('closed_at', 'is', null)
    .where('active', '=', 0)
    .where('active_at', '<', before)
    .where('sessions.updated_at', '<', before)
    .orderBy('active_at')
    .limit(limit)
    .execute()
