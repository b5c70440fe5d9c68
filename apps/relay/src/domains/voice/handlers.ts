import { randomBytes } from 'node:crypto'
import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { AccountTx, Lanes } from '../../changes/lane.ts'
import type { OwnsSession, RelayHandlers } from '../../context.ts'
import type { Database } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { VoiceRooms } from '../../platform/livekit.ts'
import * as store from './store.ts'

export interface VoicePorts {
  readonly database: Database
  readonly ownsSession: OwnsSession
  readonly lanes: Lanes
  /** The voice server. Throws Fault `unavailable` where none is set. */
  rooms(): VoiceRooms
}
type Names = Extract<keyof typeof relayOperations, `voice.${string}`>
/** Whoever joined stays in the room; the token is only for the door. */
export const tokenLifeMs = 120_000
/** A room in which nobody is closes after this time. */
const emptyS = 300
const mostOpen = 20
const none = () => new Fault('not_found', 'There is no such voice session.')

/** Voice: rooms at a voice server that one's devices, and nobody else, get a token for. */
export function voiceHandlers({ database, ownsSession, lanes, rooms }: VoicePorts): RelayHandlers<Names> {
  const { queries } = database
  return {
    async 'voice.create'({ write, holder }, { sessionId }) {
      const { accountId } = holder()
      const server = rooms()
      const [open] = sessionId === undefined ? [] : await store.listOpen(queries, accountId, sessionId, 1)
      const room = open?.room ?? `steward-${randomBytes(18).toString('base64url')}`
      if (open === undefined && sessionId !== undefined && !(await ownsSession(queries, accountId, sessionId)))
        throw new Fault('not_found', 'Session not found')
      // The room comes first: one that no row tells of closes by itself.
      await server.open(room, emptyS)
      const row = await write(async (tx) => {
        const others = await store.listOpen(tx.db, accountId, sessionId, mostOpen)
        if (sessionId !== undefined && others[0]) return others[0]
        if (sessionId !== undefined && !(await ownsSession(tx.db, accountId, sessionId))) throw new Fault('not_found', 'Session not found')
        if (others.length >= mostOpen)
          throw new Fault('too_many', `${mostOpen} voice sessions are open, the most there may be; end some first.`, undefined, { retryable: false })
        const made = { id: newId(), account_id: accountId, session_id: sessionId ?? null, room, created_at: tx.now, ended_at: null }
        await store.insertVoiceSession(tx.db, made)
        tell(tx, 'new-voice-session', made)
        return made
      })
      if (row.room !== room) await server.close(room)
      return { session: store.voiceSessionOf(row) }
    },
    async 'voice.token'({ holder }, { voiceSessionId: id, sessionId }) {
      const { accountId, deviceId } = holder()
      const server = rooms()
      const row =
        id === undefined ? (await store.listOpen(queries, accountId, sessionId, 1))[0] : await store.findVoiceSession(queries, accountId, id)
      if (!row) throw id === undefined ? new Fault('not_found', 'No voice session is open; open one with POST /v1/voice/session.') : none()
      if (row.ended_at !== null) throw new Fault('conflict', 'This voice session has ended; open another with POST /v1/voice/session.')
      const token = await server.token(row.room, deviceId, tokenLifeMs)
      return { token, url: server.url, room: row.room, identity: deviceId, expiresAt: Date.now() + tokenLifeMs }
    },
    async 'voice.list'({ holder }, { cursor, limit }) {
      const rows = await store.listBefore(queries, holder().accountId, cursor, limit + 1)
      const sessions = rows.slice(0, limit).map(store.voiceSessionOf)
      return { sessions, nextCursor: rows.length > limit ? (sessions.at(-1)?.id ?? null) : null }
    },
    async 'voice.get'({ holder }, { id }) {
      const row = await store.findVoiceSession(queries, holder().accountId, id)
      if (!row) throw none()
      return { session: store.voiceSessionOf(row) }
    },
    async 'voice.end'({ holder }, { id }) {
      const { accountId } = holder()
      const row = await store.findVoiceSession(queries, accountId, id)
      if (!row) throw none()
      if (row.ended_at !== null) return { success: true, session: store.voiceSessionOf(row) }
      await rooms().close(row.room)
      await end(lanes, accountId, id)
      const ended = await store.findVoiceSession(queries, accountId, id)
      return { success: true, session: store.voiceSessionOf(ended ?? row) }
    },
  }
}
/** Notes that a voice session has ended, and tells of it; does nothing when it had. */
export const end = (lanes: Lanes, accountId: string, id: string): Promise<void> =>
  lanes.write(accountId, async (tx) => {
    const row = await store.endVoiceSession(tx.db, accountId, id, tx.now)
    if (row) tell(tx, 'end-voice-session', row)
  })
function tell(tx: AccountTx, t: string, row: Parameters<typeof store.voiceSessionOf>[0]): void {
  tx.emit({ t, body: { ...store.voiceSessionOf(row) }, ...(row.session_id === null ? {} : { sessionId: row.session_id }) })
}
