import { setImmediate as turn } from 'node:timers/promises'
import type { Blobs } from '../../platform/blobs.ts'
import type { Database } from '../../platform/database.ts'
import * as store from './removal-store.ts'

export interface AccountRemovalPorts {
  readonly database: Database
  /** Undefined where this relay has no place for files. */
  readonly blobs: Blobs | undefined
  /** Closes a room at the voice server. */
  closeRoom(room: string): Promise<void>
  /** Its sockets are closed and its tokens forgotten, on every node. */
  ended(accountId: string): void
}
/** The embedded database answers at once: between two steps others get their turn. */
const atOnce = { sessions: 50, rows: 2_000 }

/**
 * Removes what a closed account has left: its files first, then its rows in steps, its own at last. It may be cut anywhere and run again. Throws Fault `unavailable` where files cannot be
 * removed now.
 */
export async function removeAccount(
  { database, blobs, closeRoom, ended }: AccountRemovalPorts,
  accountId: string,
  signal: AbortSignal,
): Promise<void> {
  const { queries } = database
  for (const room of await store.openRooms(queries, accountId)) await closeRoom(room)
  for (;;) {
    const sessions = await store.sessionsWithFiles(queries, accountId, atOnce.sessions)
    for (const id of sessions) {
      signal.throwIfAborted()
      await blobs?.removePrefix(`sessions/${id}/`)
      await store.forgetFiles(queries, id)
    }
    if (sessions.length < atOnce.sessions) break
  }
  for (let session = await store.nextSession(queries, accountId, ''); session; session = await store.nextSession(queries, accountId, session.id))
    for (let upTo = atOnce.rows; upTo < session.seq + atOnce.rows; upTo += atOnce.rows) {
      await turn()
      signal.throwIfAborted()
      await store.removeMessages(queries, session.id, upTo)
    }
  const last = await store.lastChange(queries, accountId)
  for (let upTo = atOnce.rows; upTo < last + atOnce.rows; upTo += atOnce.rows) {
    await turn()
    signal.throwIfAborted()
    await store.removeChanges(queries, accountId, upTo)
  }
  await queries.transaction().execute((tx) => store.removeRest(tx, accountId))
  await database.durable()
  // A login that was under way when the account was closed ends here.
  ended(accountId)
}
/** Goes on with removals that were cut short. */
export async function sweepClosed(ports: AccountRemovalPorts, signal: AbortSignal): Promise<void> {
  for (const accountId of await store.listClosed(ports.database.queries, atOnce.sessions)) await removeAccount(ports, accountId, signal)
}
