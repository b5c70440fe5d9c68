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
  const known = await knownOnes(tx, inputs, last)
  const fresh: MessageRow[] = []
  const answers = inputs.map(({ sessionId, messages, exceptSocket }): Appended => {
    if (!last.has(sessionId)) return null
    return messages.map(({ content, localId }) => {
      const key = localId === null ? undefined : keyOf(sessionId, localId)
      const there = key === undefined ? undefined : known.get(key)
      if (there) return there
      const seq = (last.get(sessionId) ?? 0) + 1
      last.set(sessionId, seq)
      const row = { id: newId(), session_id: sessionId, seq, local_id: localId, content, created_at: tx.now }
      if (key !== undefined) known.set(key, row)
      fresh.push(row)
      tx.emit({
        t: 'new-message',
        sessionId,
        messageSeq: seq,
        body: messageBody(sessionId, row),
        ...(exceptSocket === undefined ? {} : { exceptSocket }),
      })
      return row
    })
  })
  if (fresh.length === 0) return answers
  const ofSessions = Map.groupBy(fresh, (row) => row.session_id)
  const weighs = (rows: readonly MessageRow[]) => rows.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)
  tx.count('messageBytes', weighs(fresh))
  await store.insertMessages(tx.db, fresh)
  for (const [sessionId, rows] of ofSessions) await store.grow(tx.db, sessionId, last.get(sessionId) ?? 0, weighs(rows), tx.now)
  return answers
}
const keyOf = (sessionId: string, localId: string) => `${sessionId} ${localId}`
async function knownOnes(tx: AccountTx, inputs: readonly Append[], sessions: ReadonlyMap<string, number>): Promise<Map<string, MessageRow>> {
  const known = new Map<string, MessageRow>()
  for (const sessionId of sessions.keys()) {
    const localIds = inputs.flatMap((input) => (input.sessionId === sessionId ? input.messages.flatMap(({ localId }) => localId ?? []) : []))
    for (const row of await store.findByLocalIds(tx.db, sessionId, localIds))
      if (row.local_id !== null) known.set(keyOf(sessionId, row.local_id), row)
  }
  return known
}
