import type { Update } from '@steward/contract/relay'
import type { Transaction } from 'kysely'
import type { Queries } from '../platform/database.ts'
import { fitting, octets } from '../platform/weights.ts'
import type { Schema } from '../schema.ts'
import type { CountColumn } from './quotas.ts'

/** Who must hear of a change beside the account's user-scoped sockets. */
export interface Audience {
  readonly sessionId?: string
  readonly machineId?: string
  /** The socket that made the change and knows already. */
  readonly exceptSocket?: string
}
/** A change before it has its number. */
export interface Change extends Audience {
  readonly t: string
  readonly body: Readonly<Record<string, unknown>>
  /** The body is that of a message, which is kept once: the log points at it. */
  readonly messageSeq?: number
}
/** A change with its number. */
export interface Numbered extends Audience {
  readonly update: Update
}
const rowsOfStatement = 500
const idOf = (accountId: string, seq: number) => `${accountId}.${seq}`

/**
 * Writes changes under the account's next numbers, and what the account holds by so much more or less, in one statement. The account's row must be locked by this
 * transaction. Answers the changes as readers get them.
 */
export async function append(
  tx: Transaction<Schema>,
  accountId: string,
  changes: readonly Change[],
  now: number,
  counted: readonly (readonly [CountColumn, number])[] = [],
): Promise<Numbered[]> {
  const { seq: last } = await tx
    .updateTable('accounts')
    .set((row) => ({ seq: row('seq', '+', changes.length), ...Object.fromEntries(counted.map(([column, by]) => [column, row(column, '+', by)])) }))
    .where('id', '=', accountId)
    .returning('seq')
    .executeTakeFirstOrThrow()
  const first = last - changes.length + 1
  for (let from = 0; from < changes.length; from += rowsOfStatement)
    await tx
      .insertInto('changes')
      .values(
        changes.slice(from, from + rowsOfStatement).map((change, at) => ({
          account_id: accountId,
          seq: first + from + at,
          t: change.t,
          body: change.messageSeq === undefined ? JSON.stringify(change.body) : null,
          session_id: change.sessionId ?? null,
          machine_id: change.machineId ?? null,
          message_seq: change.messageSeq ?? null,
          except_socket: change.exceptSocket ?? null,
          created_at: now,
        })),
      )
      .execute()
  return changes.map((change, at) => ({
    update: { id: idOf(accountId, first + at), seq: first + at, createdAt: now, body: { t: change.t, ...change.body } },
    ...(change.sessionId === undefined ? {} : { sessionId: change.sessionId }),
    ...(change.machineId === undefined ? {} : { machineId: change.machineId }),
    ...(change.exceptSocket === undefined ? {} : { exceptSocket: change.exceptSocket }),
  }))
}
/** A message as the log shows it, made from its row. */
export const messageBody = (sessionId: string, row: { id: string; seq: number; local_id: string | null; content: string; created_at: number }) => ({
  sid: sessionId,
  message: {
    id: row.id,
    seq: row.seq,
    content: { t: 'encrypted' as const, c: row.content },
    localId: row.local_id,
    createdAt: row.created_at,
    updatedAt: row.created_at,
  },
})
/** Changes after a number, in order, without gaps; as many as fit into a page. One whose message is gone has `t: 'erased'`. */
export async function changesAfter(queries: Queries, accountId: string, after: number, limit: number): Promise<Numbered[]> {
  const all = queries
    .selectFrom('changes')
    .leftJoin('messages', (join) => join.onRef('messages.session_id', '=', 'changes.session_id').onRef('messages.seq', '=', 'changes.message_seq'))
    .where('changes.account_id', '=', accountId)
    .where('changes.seq', '>', after)
    .orderBy('changes.seq')
    .limit(limit)
  const rows = await all
    .limit(fitting(all.select(['changes.seq as place', octets('body', 'content').as('weight')]), 'asc'))
    .select(['changes.seq', 't', 'body', 'changes.session_id', 'machine_id', 'message_seq', 'except_socket', 'changes.created_at'])
    .select(['messages.id as mid', 'messages.local_id', 'messages.content', 'messages.created_at as sent_at'])
    .execute()
  return rows.map((row) => {
    const whole = bodyOf(row)
    return {
      update: { id: idOf(accountId, row.seq), seq: row.seq, createdAt: row.created_at, body: whole },
      ...(row.session_id === null ? {} : { sessionId: row.session_id }),
      ...(row.machine_id === null ? {} : { machineId: row.machine_id }),
      ...(row.except_socket === null ? {} : { exceptSocket: row.except_socket }),
    }
  })
}
interface Row {
  readonly t: string
  readonly body: string | null
  readonly session_id: string | null
  readonly message_seq: number | null
  readonly mid: string | null
  readonly local_id: string | null
  readonly content: string | null
  readonly sent_at: number | null
}
function bodyOf({ t, body, session_id, message_seq, mid, local_id, content, sent_at }: Row): Update['body'] {
  if (body !== null) return { t, ...(JSON.parse(body) as Record<string, unknown>) }
  if (session_id === null || message_seq === null || mid === null || content === null || sent_at === null) return { t: 'erased', was: t }
  return { t, ...messageBody(session_id, { id: mid, seq: message_seq, local_id, content, created_at: sent_at }) }
}
/** How far the account's log goes, and up to where it is gone. */
export async function extentOf(queries: Queries, accountId: string): Promise<{ seq: number; prunedSeq: number } | undefined> {
  const row = await queries.selectFrom('accounts').select(['seq', 'pruned_seq']).where('id', '=', accountId).executeTakeFirst()
  return row && { seq: row.seq, prunedSeq: row.pruned_seq }
}
