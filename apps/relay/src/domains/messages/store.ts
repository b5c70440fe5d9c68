import type { Message } from '@steward/contract/relay'
import type { Queries } from '../../platform/database.ts'
import { fitting, octets } from '../../platform/weights.ts'

export interface MessageRow {
  readonly id: string
  readonly session_id: string
  readonly seq: number
  readonly local_id: string | null
  readonly content: string
  readonly created_at: number
}
export const messageOf = (row: MessageRow): Message => ({
  id: row.id,
  seq: row.seq,
  content: { t: 'encrypted', c: row.content },
  localId: row.local_id,
  createdAt: row.created_at,
  updatedAt: row.created_at,
})
const rowsOfStatement = 500
/** Which of these sessions belong to the account, with the number of their last message. */
export async function lastSeqs(queries: Queries, accountId: string, sessionIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await queries.selectFrom('sessions').select(['id', 'seq']).where('account_id', '=', accountId).where('id', 'in', sessionIds).execute()
  return new Map(rows.map(({ id, seq }) => [id, seq]))
}
/** The messages of a session that have one of these ids of their senders. */
export async function findByLocalIds(queries: Queries, sessionId: string, localIds: readonly string[]): Promise<MessageRow[]> {
  if (localIds.length === 0) return []
  return queries.selectFrom('messages').selectAll().where('session_id', '=', sessionId).where('local_id', 'in', localIds).execute()
}
/** Writes what is not there with the same id of its sender; answers how many that were. */
export async function insertMessages(queries: Queries, messages: readonly { readonly row: MessageRow }[]): Promise<number> {
  let written = 0
  for (let from = 0; from < messages.length; from += rowsOfStatement) {
    const results = await queries
      .insertInto('messages')
      .values(messages.slice(from, from + rowsOfStatement).map(({ row }) => row))
      .onConflict((conflict) => conflict.columns(['session_id', 'local_id']).doNothing())
      .execute()
    for (const { numInsertedOrUpdatedRows = 0n } of results) written += Number(numInsertedOrUpdatedRows)
  }
  return written
}
/** Removes the messages of a session after a number. */
export async function removeAfter(queries: Queries, sessionId: string, seq: number): Promise<void> {
  await queries.deleteFrom('messages').where('session_id', '=', sessionId).where('seq', '>', seq).execute()
}
/** Notes the last number of a session, and that its messages weigh so many bytes more. */
export async function grow(queries: Queries, sessionId: string, seq: number, bytes: number, now: number): Promise<void> {
  await queries
    .updateTable('sessions')
    .set((row) => ({ seq, bytes: row('bytes', '+', bytes), updated_at: now }))
    .where('id', '=', sessionId)
    .execute()
}
const ofSession = (queries: Queries, accountId: string, sessionId: string) =>
  queries
    .selectFrom('messages')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where((row) => row.exists(row.selectFrom('sessions').select('id').where('id', '=', sessionId).where('account_id', '=', accountId)))
const weighed = ['seq as place', octets('content').as('weight')] as const
/** Messages after a number, in order; as many as fit into a page. */
export function listAfter(queries: Queries, accountId: string, sessionId: string, after: number, limit: number) {
  const all = ofSession(queries, accountId, sessionId).where('seq', '>', after).orderBy('seq').limit(limit)
  return all.limit(fitting(all.clearSelect().select(weighed), 'asc')).execute()
}
/** Messages before a number, the last first; as many as fit into a page. */
export function listBefore(queries: Queries, accountId: string, sessionId: string, before: number, limit: number) {
  const all = ofSession(queries, accountId, sessionId).where('seq', '<', before).orderBy('seq', 'desc').limit(limit)
  return all.limit(fitting(all.clearSelect().select(weighed), 'desc')).execute()
}
