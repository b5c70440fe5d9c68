import type { Lanes } from '../../changes/lane.ts'
import * as store from './store.ts'

export interface RemovalPorts {
  readonly lanes: Lanes
  /** Sessions are gone: signs of life that are still on their way count for nothing, and what is kept elsewhere for them, such as files, is removed. */
  removed(accountId: string, sessionIds: readonly string[]): void
}
/** So many messages are removed in one transaction: others of the account get their turn between. */
const messagesAtOnce = 2_000

const sumOf = (rows: readonly { readonly bytes: number }[]) => rows.reduce((sum, { bytes }) => sum + bytes, 0)
/**
 * Removes sessions of an account with all that hangs on them, as whoever asks for it wants it: a client, or time. Answers which of them there were. A session with many messages loses
 * them in steps before it goes.
 */
export function createRemoval({ lanes, removed }: RemovalPorts) {
  return async (accountId: string, ids: readonly string[]): Promise<readonly string[]> => {
    const owned = await lanes.write(accountId, ({ db }) => store.findSessions(db, accountId, ids))
    if (owned.length === 0) return []
    for (const { id, seq } of owned)
      for (let upTo = messagesAtOnce; upTo < seq; upTo += messagesAtOnce)
        await lanes.write(accountId, async ({ db }) => {
          if ((await store.findSessions(db, accountId, [id])).length > 0) await store.removeMessages(db, id, upTo)
        })
    const gone = await lanes.write(accountId, async (tx) => {
      const here = await store.findSessions(tx.db, accountId, ids)
      if (here.length === 0) return []
      const there = here.map(({ id }) => id)
      const { files, artifacts } = await store.removeSessions(tx.db, accountId, there)
      tx.count('sessions', -here.length)
      tx.count('messageBytes', -sumOf(here))
      tx.count('attachmentBytes', -sumOf(files))
      tx.count('artifactBytes', -sumOf(artifacts))
      for (const { id } of artifacts) tx.emit({ t: 'delete-artifact', body: { artifactId: id } })
      for (const id of there) tx.emit({ t: 'delete-session', sessionId: id, body: { sid: id } })
      return there
    })
    if (gone.length > 0) removed(accountId, gone)
    return gone
  }
}
