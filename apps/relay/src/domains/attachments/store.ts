import type { Queries } from '../../platform/database.ts'

export interface Attachment {
  readonly ref: string
  readonly accountId: string
  readonly size: number
  /** Where its bytes lie; null until they are there. */
  readonly key: string | null
}
export async function insertAttachment(
  queries: Queries,
  { ref, accountId, sessionId, size, now }: { ref: string; accountId: string; sessionId: string; size: number; now: number },
): Promise<void> {
  await queries.insertInto('attachments').values({ ref, account_id: accountId, session_id: sessionId, size, key: null, created_at: now }).execute()
}
/** An attachment of the account, or undefined. */
export async function findAttachment(queries: Queries, accountId: string, ref: string): Promise<Attachment | undefined> {
  const row = await queries
    .selectFrom('attachments')
    .select(['size', 'key'])
    .where('ref', '=', ref)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row && { ref, accountId, size: row.size, key: row.key }
}
/** Notes where the bytes lie, unless they lie elsewhere already. Answers where they lie; undefined when the attachment is gone. */
export async function settle(queries: Queries, accountId: string, ref: string, key: string): Promise<string | undefined> {
  const row = await queries
    .updateTable('attachments')
    .set((old) => ({ key: old.fn.coalesce('key', old.val(key)) }))
    .where('ref', '=', ref)
    .where('account_id', '=', accountId)
    .returning('key')
    .executeTakeFirst()
  return row?.key ?? undefined
}
/** Announced attachments whose bytes have not come, announced before a time, the oldest first; none of an account that is being removed. */
export async function listAwaited(queries: Queries, before: number, limit: number): Promise<{ ref: string; accountId: string }[]> {
  const rows = await queries
    .selectFrom('attachments')
    .innerJoin('accounts', 'accounts.id', 'attachments.account_id')
    .select(['ref', 'account_id'])
    .where('closed_at', 'is', null)
    .where('key', 'is', null)
    .where('attachments.created_at', '<', before)
    .orderBy('attachments.created_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ref: row.ref, accountId: row.account_id }))
}
/** Removes an announced attachment whose bytes have not come. Answers its announced size, or 0 when they came after all. */
export async function removeAwaited(queries: Queries, accountId: string, ref: string): Promise<number> {
  const row = await queries
    .deleteFrom('attachments')
    .where('ref', '=', ref)
    .where('account_id', '=', accountId)
    .where('key', 'is', null)
    .returning('size')
    .executeTakeFirst()
  return row?.size ?? 0
}
/** Which of these places are those of attachments. */
export async function knownKeys(queries: Queries, keys: readonly string[]): Promise<Set<string | null>> {
  const rows = await queries.selectFrom('attachments').select('key').where('key', 'in', keys).execute()
  return new Set(rows.map(({ key }) => key))
}
