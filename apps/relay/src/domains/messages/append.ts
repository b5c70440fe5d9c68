import type { AccountTx, Batch } from '../../changes/lane.ts'
import { messageBody } from '../../changes/log.ts'
import { newId } from '../../platform/ids.ts'
import * as store from './store.ts'
import type { MessageRow } from './store.ts'

/** What one caller appends to one session. */
export interface Append {
  readonly sessionId: string
  readonly messages: readonly { readonly content: string; readonly localId: string | null }[]
  /** The socket that sent them and knows them. */
  readonly exceptSocket?: string
}
/** The rows of what was asked for, those that were there already among them; null when the account has no such session. */
export type Appended = readonly MessageRow[] | null

/**
 * Appends what many callers of one account sent, in their order: a few statements for all. A message with the sender's id of an earlier one is that one; the
 * numbers of a session have no gaps.
 */
export const appendAll: Batch<Append, Appended> = async (tx, inputs) => {
  const sessions = [...new Set(inputs.map(({ sessionId }) => sessionId))].toSorted()
  const last = await store.lastSeqs(tx.db, tx.accountId, sessions)
  // Nearly always all of them are new: they are written without a look for earlier ones, which is made only where the database says that there are some.
  const hoped = place(inputs, last, new Map(), tx.now)
  const { answers, fresh } = (await store.insertMessages(tx.db, hoped.fresh)) === hoped.fresh.length ? hoped : await placeAgain(tx, inputs, last)
  if (fresh.length > 0) tx.count('messageBytes', weightOf(fresh))
  for (const [sessionId, ofSession] of Map.groupBy(fresh, ({ row }) => row.session_id))
    await store.grow(tx.db, sessionId, ofSession.at(-1)?.row.seq ?? 0, weightOf(ofSession), tx.now)
  for (const { row, exceptSocket } of fresh)
    tx.emit({
      t: 'new-message',
      sessionId: row.session_id,
      messageSeq: row.seq,
      body: messageBody(row.session_id, row),
      ...(exceptSocket === undefined ? {} : { exceptSocket }),
    })
  return answers
}
interface Placed {
  readonly answers: readonly Appended[]
  readonly fresh: readonly { readonly row: MessageRow; readonly exceptSocket: string | undefined }[]
}
const weightOf = (fresh: Placed['fresh']) => fresh.reduce((sum, { row }) => sum + Buffer.byteLength(row.content), 0)
const keyOf = (sessionId: string, localId: string) => `${sessionId} ${localId}`
/** Gives each message its place: that of the known one with the sender's id, else the next of its session. */
function place(inputs: readonly Append[], last: ReadonlyMap<string, number>, known: Map<string, MessageRow>, now: number): Placed {
  const next = new Map(last)
  const fresh: { row: MessageRow; exceptSocket: string | undefined }[] = []
  const answers = inputs.map(({ sessionId, messages, exceptSocket }): Appended => {
    if (!next.has(sessionId)) return null
    return messages.map(({ content, localId }) => {
      const key = localId === null ? undefined : keyOf(sessionId, localId)
      const there = key === undefined ? undefined : known.get(key)
      if (there) return there
      const seq = (next.get(sessionId) ?? 0) + 1
      next.set(sessionId, seq)
      const row = { id: newId(), session_id: sessionId, seq, local_id: localId, content, created_at: now }
      if (key !== undefined) known.set(key, row)
      fresh.push({ row, exceptSocket })
      return row
    })
  })
  return { answers, fresh }
}
/** Takes back what was written beyond the last messages, and places all of it with those that are known. */
async function placeAgain(tx: AccountTx, inputs: readonly Append[], last: ReadonlyMap<string, number>): Promise<Placed> {
  for (const [sessionId, seq] of last) await store.removeAfter(tx.db, sessionId, seq)
  const placed = place(inputs, last, await knownOnes(tx, inputs, last), tx.now)
  await store.insertMessages(tx.db, placed.fresh)
  return placed
}
async function knownOnes(tx: AccountTx, inputs: readonly Append[], sessions: ReadonlyMap<string, number>): Promise<Map<string, MessageRow>> {
  const known = new Map<string, MessageRow>()
  for (const sessionId of sessions.keys()) {
    const localIds = inputs.flatMap((input) => (input.sessionId === sessionId ? input.messages.flatMap(({ localId }) => localId ?? []) : []))
    for (const row of await store.findByLocalIds(tx.db, sessionId, localIds))
      if (row.local_id !== null) known.set(keyOf(sessionId, row.local_id), row)
  }
  return known
}
