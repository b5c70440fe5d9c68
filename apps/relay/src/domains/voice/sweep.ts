import type { Lanes } from '../../changes/lane.ts'
import type { Database } from '../../platform/database.ts'
import type { VoiceRooms } from '../../platform/livekit.ts'
import { end, tokenLifeMs } from './handlers.ts'
import * as store from './store.ts'

/** Rooms in one question to the voice server. */
const atOnce = 100

/**
 * Ends the voice sessions whose rooms the voice server has closed, and closes rooms of ended ones that somebody opened anew with a token from before: the server makes a room for whoever
 * has one. `endedSince`: when the sweep before this one was.
 */
export async function sweepVoice(database: Database, lanes: Lanes, rooms: VoiceRooms, signal: AbortSignal, endedSince: number): Promise<void> {
  const late = (await store.listEndedSince(database.queries, endedSince - tokenLifeMs, atOnce)).map(({ room }) => room)
  for (const room of await rooms.opened(late)) await rooms.close(room)
  for (let after = ''; ;) {
    const rows = await store.listAllOpen(database.queries, after, atOnce)
    const open = await rooms.opened(rows.map(({ room }) => room))
    for (const { id, account_id, room } of rows) {
      if (signal.aborted) return
      if (!open.has(room)) await end(lanes, account_id, id)
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < atOnce) return
    after = last.id
  }
}
/** Closes the rooms of sessions that are being deleted, and ends what was open in them. What the voice server does not do now the sweep sees later. */
export async function endOfSessions(
  database: Database,
  lanes: Lanes,
  rooms: VoiceRooms,
  accountId: string,
  sessionIds: readonly string[],
): Promise<void> {
  for (const { id, room } of await store.listOfSessions(database.queries, accountId, sessionIds)) {
    await rooms.close(room)
    await end(lanes, accountId, id)
  }
}
