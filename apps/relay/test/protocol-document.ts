import { newAccount } from '@steward/testkit/relay'
import { anything, type Row } from './protocol.ts'

const signer = newAccount()
const message = { id: anything.string, seq: 1, content: { t: 'encrypted', c: 'a' } }
/** Every route of the document, and what stands beside them here, in an order in which each finds what it needs. */
export const documentRoutes: readonly Row[] = [
  {
    does: 'asks for a challenge',
    request: 'POST /v1/auth/request',
    body: () => ({}),
    answer: () => ({ challenge: anything.string, expiresAt: anything.number }),
    keep: (story, { challenge }) => (story['challenge'] = challenge),
  },
  {
    does: 'submits the signed challenge',
    request: 'POST /v1/auth/response',
    elsewhere: true,
    body: ({ challenge }) => ({
      publicKey: signer.publicKey,
      challenge,
      signature: Buffer.from(signer.sign(Buffer.from(`steward-relay/login/1\n${String(challenge)}`))).toString('base64'),
    }),
    answer: () => ({ success: true, token: anything.string, expiresAt: anything.number }),
  },
  {
    does: 'asks who it is',
    request: 'GET /v1/auth/me',
    answer: () => ({ id: anything.string, publicKey: anything.string, deviceId: anything.string }),
  },
  { does: 'gets a newer token', request: 'POST /v1/auth/refresh', answer: () => ({ token: anything.string }) },
  { does: 'lists its devices', request: 'GET /v1/auth/devices', elsewhere: true, answer: () => ({ devices: [{ current: true }], nextCursor: null }) },
  { does: 'revokes a device that is not there', request: 'DELETE /v1/auth/devices/none', status: 404 },
  {
    does: 'creates a session',
    request: 'POST /v1/sessions',
    body: () => ({ tag: 'tag', metadata: 'm' }),
    answer: () => ({ session: { metadata: 'm' } }),
    keep: (story, body) => (story.sessionId = (body['session'] as { id: string }).id),
  },
  { does: 'lists sessions', request: 'GET /v1/sessions', answer: ({ sessionId }) => ({ sessions: [{ id: sessionId }] }) },
  { does: 'gets a session', request: 'GET /v1/sessions/{sessionId}', elsewhere: true, answer: ({ sessionId }) => ({ session: { id: sessionId } }) },
  {
    does: "changes a session's metadata",
    request: 'POST /v1/sessions/{sessionId}',
    body: () => ({ metadata: 'n', expectedMetadataVersion: 0 }),
    answer: () => ({ success: true, session: { metadata: 'n', metadataVersion: 1 } }),
  },
  {
    does: 'sends a message',
    request: 'POST /v1/sessions/{sessionId}/messages',
    status: 201,
    body: () => ({ content: 'a', localId: '1' }),
    answer: () => ({ message }),
  },
  { does: 'gets messages', request: 'GET /v1/sessions/{sessionId}/messages', elsewhere: true, answer: () => ({ messages: [message] }) },
  {
    does: 'registers a machine',
    request: 'POST /v1/machines',
    body: ({ machineId }) => ({ id: machineId, metadata: 'm' }),
    answer: () => ({ machine: { metadataVersion: 1 } }),
  },
  { does: 'lists machines', request: 'GET /v1/machines', answer: ({ machineId }) => [{ id: machineId }] },
  { does: 'gets a machine', request: 'GET /v1/machines/{machineId}', answer: ({ machineId }) => ({ machine: { id: machineId } }) },
  {
    does: "changes a machine's metadata",
    request: 'POST /v1/machines/{machineId}/metadata',
    body: () => ({ metadata: 'n', expectedVersion: 1 }),
    answer: () => ({ success: true }),
  },
  {
    does: "changes a machine's state",
    request: 'POST /v1/machines/{machineId}/state',
    elsewhere: true,
    body: () => ({ daemonState: 's', expectedVersion: 0 }),
    answer: () => ({ success: true }),
  },
  {
    does: 'creates an artifact of a session',
    request: 'POST /v1/sessions/{sessionId}/artifacts',
    body: ({ artifactId }) => ({ id: artifactId, header: 'aGVhZA==', body: 'Ym9keQ==', dataEncryptionKey: 'a2V5' }),
    answer: ({ artifactId, sessionId }) => ({ id: artifactId, sessionId }),
  },
  { does: 'lists artifacts of a session', request: 'GET /v1/sessions/{sessionId}/artifacts', elsewhere: true },
  { does: 'gets an artifact', request: 'GET /v1/artifacts/{artifactId}', answer: () => ({ body: 'Ym9keQ==' }) },
  {
    does: 'changes an artifact',
    request: 'POST /v1/artifacts/{artifactId}',
    body: () => ({ body: 'bmV3' }),
    answer: () => ({ success: true, bodyVersion: 2 }),
  },
  {
    does: 'creates a voice session',
    request: 'POST /v1/voice/session',
    body: ({ sessionId }) => ({ sessionId }),
    status: 201,
    keep: (story, body) => (story['voiceId'] = (body['session'] as { id: string } | undefined)?.id ?? body['id']),
  },
  {
    does: 'gets a token for it',
    request: 'POST /v1/voice/token',
    body: ({ voiceId }) => ({ voiceSessionId: voiceId }),
    answer: () => ({ token: anything.string }),
  },
  { does: 'lists voice sessions', request: 'GET /v1/voice/sessions', elsewhere: true },
  { does: 'gets a voice session', request: 'GET /v1/voice/sessions/{voiceId}' },
  { does: 'ends a voice session', request: 'DELETE /v1/voice/sessions/{voiceId}' },
  {
    does: 'asks what changed',
    request: 'GET /v1/changes?since=1&limit=2',
    elsewhere: true,
    answer: () => ({ changes: [{ seq: 2 }, { seq: 3 }], hasMore: true, reset: false }),
  },
  {
    does: 'says what was used',
    request: 'POST /v1/usage',
    body: () => ({ key: 'k', tokens: { total: 1 }, cost: { total: 1 } }),
    answer: () => ({ success: true }),
  },
  { does: 'takes everything away', request: 'GET /v1/account/export' },
  { does: 'deletes sessions at once', request: 'POST /v1/sessions/delete', body: ({ sessionId }) => ({ ids: [sessionId] }) },
  { does: 'logs out', request: 'POST /v1/auth/logout', answer: () => ({ success: true }) },
  { does: 'is nobody then', request: 'GET /v1/auth/me', status: 401, answer: () => ({ error: 'Invalid token' }) },
]
