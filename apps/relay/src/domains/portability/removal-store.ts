import type { Queries } from '../../platform/database.ts'

/** Tables with rows of an account that go in one step each; those that hold much go by the step before. */
const small = [
  'access_keys',
  'artifacts',
  'attachments',
  'devices',
  'kv',
  'machines',
  'push_tokens',
  'sessions',
  'usage_reports',
  'vendor_tokens',
  'voice_sessions',
] as const

export const publicKeyOf = async (queries: Queries, accountId: string): Promise<string | undefined> =>
  (await queries.selectFrom('accounts').select('public_key').where('id', '=', accountId).executeTakeFirst())?.public_key
/** Closes an account: its key is free for a fresh one, nobody is logged into it, and nothing is written for it from now on. */
export async function closeAccount(queries: Queries, accountId: string, now: number): Promise<void> {
  await queries
    .updateTable('accounts')
    .set({ public_key: `closed:${accountId}`, closed_at: now })
    .where('id', '=', accountId)
    .execute()
  await queries.deleteFrom('devices').where('account_id', '=', accountId).execute()
  await queries.deleteFrom('pairings').where('account_id', '=', accountId).execute()
}
/** Accounts whose removal has begun. */
export const listClosed = async (queries: Queries, limit: number): Promise<string[]> =>
  (await queries.selectFrom('accounts').select('id').where('closed_at', 'is not', null).orderBy('closed_at').limit(limit).execute()).map(
    ({ id }) => id,
  )
/** Sessions of the account with attachments, some of them. */
export const sessionsWithFiles = async (queries: Queries, accountId: string, limit: number): Promise<string[]> =>
  (await queries.selectFrom('attachments').select('session_id').distinct().where('account_id', '=', accountId).limit(limit).execute()).map(
    (row) => row.session_id,
  )
export const forgetFiles = async (queries: Queries, sessionId: string): Promise<void> =>
  void (await queries.deleteFrom('attachments').where('session_id', '=', sessionId).execute())
/** Rooms of the account's voice sessions that are open. */
export const openRooms = async (queries: Queries, accountId: string): Promise<string[]> =>
  (await queries.selectFrom('voice_sessions').select('room').where('account_id', '=', accountId).where('ended_at', 'is', null).execute()).map(
    ({ room }) => room,
  )
/** The next session of the account by id with the number of its last message. */
export const nextSession = (queries: Queries, accountId: string, after: string) =>
  queries
    .selectFrom('sessions')
    .select(['id', 'seq'])
    .where('account_id', '=', accountId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
export const removeMessages = async (queries: Queries, sessionId: string, upTo: number): Promise<void> =>
  void (await queries.deleteFrom('messages').where('session_id', '=', sessionId).where('seq', '<=', upTo).execute())
/** The number of the account's last change. */
export const lastChange = async (queries: Queries, accountId: string): Promise<number> =>
  (await queries.selectFrom('changes').select('seq').where('account_id', '=', accountId).orderBy('seq', 'desc').limit(1).executeTakeFirst())?.seq ?? 0
export const removeChanges = async (queries: Queries, accountId: string, upTo: number): Promise<void> =>
  void (await queries.deleteFrom('changes').where('account_id', '=', accountId).where('seq', '<=', upTo).execute())
/** Removes all rows of the account that are left, and its own. */
export async function removeRest(queries: Queries, accountId: string): Promise<void> {
  for (const table of small) await queries.deleteFrom(table).where('account_id', '=', accountId).execute()
  await queries.deleteFrom('pairings').where('account_id', '=', accountId).execute()
  await queries.deleteFrom('accounts').where('id', '=', accountId).execute()
}
