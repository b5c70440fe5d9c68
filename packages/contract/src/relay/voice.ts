import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, database, limit, Millis, RelayId } from './common.ts'

/** A voice session: a room at the voice server, until it is ended or everybody has left it. */
export const VoiceSession = z.object({
  id: RelayId,
  /** The session it is about, where it is about one. */
  sessionId: RelayId.nullable(),
  room: z.string(),
  createdAt: Millis,
  endedAt: Millis.nullable(),
})
export type VoiceSession = z.output<typeof VoiceSession>
const id = RelayId

export const voiceOperations = {
  'voice.create': operation({
    summary: 'Open a voice session, or get the open one of the session it is about.',
    needs: account,
    http: 'POST /v1/voice/session',
    status: 201,
    database,
    input: z.object({ sessionId: RelayId.optional() }),
    output: z.object({ session: VoiceSession }),
  }),
  'voice.token': operation({
    summary: 'Get a token that lets one into the room of an open voice session: the named one, the one of a session, or the newest.',
    needs: account,
    http: 'POST /v1/voice/token',
    secret: true,
    input: z.object({ voiceSessionId: RelayId.optional(), sessionId: RelayId.optional() }),
    output: z.object({ token: z.string(), url: z.string(), room: z.string(), identity: z.string(), expiresAt: Millis }),
  }),
  'voice.list': operation({
    summary: 'List voice sessions, the newest first.',
    needs: account,
    http: 'GET /v1/voice/sessions',
    input: z.object({ cursor: z.string().max(64).optional(), limit: limit(200, 50) }),
    output: z.object({ sessions: z.array(VoiceSession), nextCursor: z.string().nullable() }),
  }),
  'voice.get': operation({
    summary: 'Get a voice session.',
    needs: account,
    http: 'GET /v1/voice/sessions/{id}',
    input: z.object({ id }),
    output: z.object({ session: VoiceSession }),
  }),
  'voice.end': operation({
    summary: 'End a voice session: everybody leaves its room. Ending one that has ended does nothing.',
    needs: account,
    http: 'DELETE /v1/voice/sessions/{id}',
    database,
    input: z.object({ id }),
    output: z.object({ success: z.literal(true), session: VoiceSession }),
  }),
}
