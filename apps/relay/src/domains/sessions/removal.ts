import type { Lanes } from '../../changes/lane.ts'
import * as store from './store.ts'

export interface RemovalPorts {
  readonly lanes: Lanes
  /** Sessions are gone: signs of life that are still on their way count for nothing, and what is kept elsewhere for them, such as files, is removed. */
  removed(accountId: string, sessionIds: readonly string[]): void
}
/** So many messages are removed in one transaction: others, of the account and beside it, get their turn between. */
const messagesAtOnce = 2_000

const sumOf = (rows: readonly { readonly bytes: number }[]) => rows.reduce((sum, { bytes }) => sum + bytes, 0)
/**
 * Removes sessions of an account with all that hangs on them, as whoever asks for it wants it: a client, or time. Answers which of them there were. A session with many messages loses
 * them in steps before it goes, and many sessions go some at a time: where it is cut, some are left.
 */
export function createRemoval({ lanes, removed }: RemovalPorts) {
  /** Each of them whole, in one transaction. */
  const removeTogether = (accountId: string, ids: readonly string[]) =>
    lanes.write(accountId, async (tx) => {
      const here = await store.findSessions(tx.db, accountId, ids)
      if (here.length === 0) return []
      const found = new Set(here.map(({ id }) => id))
      const gone = ids.filter((id) => found.has(id))
      const { files, artifacts } = await store.removeSessions(tx.db, accountId, gone)
      tx.count('sessions', -gone.length)
      tx.count('messageBytes', -sumOf(here))
      tx.count('attachmentBytes', -sumOf(files))
      tx.count('artifactBytes', -sumOf(artifacts))
      for (const { id } of artifacts) tx.emit({ t: 'delete-artifact', body: { artifactId: id } })
      for (const id of gone) tx.emit({ t: 'delete-session', sessionId: id, body: { sid: id } })
      return gone
    })
  return async (accountId: string, ids: readonly string[]): Promise<readonly string[]> => {
    const lengths = new Map((await lanes.write(accountId, ({ db }) => store.findSessions(db, accountId, ids))).map(({ id, seq }) => [id, seq]))
    const owned = ids.filter((id) => lengths.has(id))
    for (const id of owned)
      for (let upTo = messagesAtOnce; upTo < (lengths.get(id) ?? 0); upTo += messagesAtOnce)
        await lanes.write(accountId, async ({ db }) => {
          if ((await store.findSessions(db, accountId, [id])).length > 0) await store.removeMessages(db, id, upTo)
        })
    const all: string[] = []
    for (const together of groups(owned, (id) => Math.min(lengths.get(id) ?? 0, messagesAtOnce), messagesAtOnce)) {
      const gone = await removeTogether(accountId, together)
      if (gone.length > 0) removed(accountId, gone)
      all.push(...gone)
    }
    return all
  }
}
/** Splits ids into groups that weigh at most so much, or are one. */
function groups(ids: readonly string[], weightOf: (id: string) => number, most: number): string[][] {
  const made: string[][] = []
  let weight = Infinity
  for (const id of ids) {
    weight += weightOf(id)
    if (weight > most) {
      made.push([])
      weight = weightOf(id)
    }
    made.at(-1)?.push(id)
  }
  return made
}
