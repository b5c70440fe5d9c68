import type { Queries } from '../../platform/database.ts'

export const findToken = async (queries: Queries, accountId: string, vendor: string): Promise<string | undefined> =>
  (await queries.selectFrom('vendor_tokens').select('sealed').where('account_id', '=', accountId).where('vendor', '=', vendor).executeTakeFirst())
    ?.sealed
export const listTokens = (queries: Queries, accountId: string) =>
  queries.selectFrom('vendor_tokens').select(['vendor', 'sealed']).where('account_id', '=', accountId).orderBy('vendor').execute()
export async function saveToken(queries: Queries, row: { account_id: string; vendor: string; sealed: string; updated_at: number }): Promise<void> {
  await queries
    .insertInto('vendor_tokens')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account_id', 'vendor']).doUpdateSet({ sealed: row.sealed, updated_at: row.updated_at }))
    .execute()
}
/** Removes a token; false when there is none. */
export const removeToken = async (queries: Queries, accountId: string, vendor: string): Promise<boolean> =>
  (await queries
    .deleteFrom('vendor_tokens')
    .where('account_id', '=', accountId)
    .where('vendor', '=', vendor)
    .returning('vendor')
    .executeTakeFirst()) !== undefined
