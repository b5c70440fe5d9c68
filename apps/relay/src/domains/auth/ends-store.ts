import type { Queries } from '../../platform/database.ts'

/** An account by its id, or by its public key as hex. */
export const findAccountNamed = (queries: Queries, name: string) =>
  queries
    .selectFrom('accounts')
    .select(['id', 'public_key'])
    .where((is) => is.or([is('id', '=', name), is('public_key', '=', name)]))
    .executeTakeFirst()
/** Ends the devices of an account that still count, or the one that is named. Answers which. */
export async function endDevices(queries: Queries, accountId: string, deviceId: string | undefined, now: number): Promise<readonly string[]> {
  let ending = queries.updateTable('devices').set({ revoked_at: now }).where('account_id', '=', accountId).where('revoked_at', 'is', null)
  if (deviceId !== undefined) ending = ending.where('id', '=', deviceId)
  return (await ending.returning('id').execute()).map(({ id }) => id)
}
