import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, ClientId, database, DataKey, Done, limit, Millis, RelayId, Sealed, text, Version } from './common.ts'

/** A session as its account's clients see it. What it is about is sealed. */
export const Session = z.object({
  id: RelayId,
  /** How many messages it has had. */
  seq: z.int(),
  createdAt: Millis,
  updatedAt: Millis,
  active: z.boolean(),
  activeAt: Millis,
  metadata: Sealed,
  metadataVersion: Version,
  agentState: Sealed.nullable(),
  agentStateVersion: Version,
  dataEncryptionKey: DataKey,
})
export type Session = z.output<typeof Session>
/** The existing clients expect a field that never holds anything. */
const Listed = Session.extend({ lastMessage: z.null() })
const id = RelayId

export const sessionOperations = {
  'sessions.create': operation({
    summary: 'Create a session, or get the one that has this tag.',
    needs: account,
    http: 'POST /v1/sessions',
    database,
    input: z.object({ tag: ClientId, metadata: Sealed, agentState: Sealed.nullish(), dataEncryptionKey: DataKey.optional() }),
    output: z.object({ session: Listed }),
  }),
  'sessions.list': operation({
    summary: 'List the 150 sessions that changed last.',
    needs: account,
    http: 'GET /v1/sessions',
    input: z.object({}),
    output: z.object({ sessions: z.array(Listed) }),
  }),
  'sessions.page': operation({
    summary: 'List sessions by pages, the newest first.',
    needs: account,
    http: 'GET /v2/sessions',
    input: z.object({ cursor: text(200).optional(), limit: limit(200, 50), changedSince: Millis.optional() }),
    output: z.object({ sessions: z.array(Session), nextCursor: z.string().nullable(), hasNext: z.boolean() }),
  }),
  'sessions.active': operation({
    summary: 'List the sessions that were alive in the last 15 minutes.',
    needs: account,
    http: 'GET /v2/sessions/active',
    input: z.object({ limit: limit(500, 150) }),
    output: z.object({ sessions: z.array(Session) }),
  }),
  'sessions.get': operation({
    summary: 'Get a session.',
    needs: account,
    http: 'GET /v1/sessions/{id}',
    input: z.object({ id }),
    output: z.object({ session: Listed }),
  }),
  'sessions.update': operation({
    summary: "Change a session's metadata or its agent's state, if nobody else has changed it meanwhile.",
    needs: account,
    http: 'POST /v1/sessions/{id}',
    database,
    input: z.object({
      id,
      metadata: Sealed.optional(),
      expectedMetadataVersion: Version.optional(),
      agentState: Sealed.nullable().optional(),
      expectedAgentStateVersion: Version.optional(),
    }),
    output: z.discriminatedUnion('success', [
      z.object({ success: z.literal(true), session: Session }),
      z.object({ success: z.literal(false), error: z.literal('version-mismatch'), session: Session }),
    ]),
  }),
  'sessions.archive': operation({
    summary: 'Say that a session is over.',
    needs: account,
    http: 'POST /v1/sessions/{id}/archive',
    database,
    input: z.object({ id }),
    output: Done,
  }),
  'sessions.delete': operation({
    summary: 'Delete a session with its messages, files and keys.',
    needs: account,
    http: 'DELETE /v1/sessions/{id}',
    database,
    input: z.object({ id }),
    output: Done,
  }),
  'sessions.deleteMany': operation({
    summary: 'Delete up to 200 sessions with their messages, files and keys; those that are not there are named.',
    needs: account,
    http: 'POST /v1/sessions/delete',
    database,
    input: z.object({ ids: z.array(RelayId).min(1).max(200) }),
    output: z.object({ success: z.literal(true), deleted: z.array(RelayId), missing: z.array(RelayId) }),
  }),
}
