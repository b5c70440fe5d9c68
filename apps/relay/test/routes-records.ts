import { expect } from 'vitest'
import { conflict, done, malformed, notFound, ok, text, type Case, type Route } from './route-case.ts'
import { keptCases } from './routes-kept.ts'

export const rooms: readonly string[] = ['accessKeys', 'account', 'apps', 'artifacts', 'kv', 'push', 'pushTokens', 'usage', 'vendors']
/** Every route of the rooms, in the order in which they are walked. */
export function cases({ session, artifact, machine }: { session: string; artifact: string; machine: string }): Readonly<Record<string, Route>> {
  const key = `/v1/access-keys/${session}/${machine}`
  const made = { id: artifact, header: 'AAAA', body: 'AAA', dataEncryptionKey: '_-A' }
  const { id: _id, ...unnamed } = made
  const noPair = 'Session or machine not found'
  const pairs = (method: string, send?: unknown) =>
    [`${method} /v1/access-keys/none/${machine}`, `${method} /v1/access-keys/${session}/none`].map((at) => notFound(at, noPair, send))
  const push = { kind: 'done', title: 'T', body: 'B' }
  const usage = { key: 'k', tokens: { total: 1 }, cost: { total: 1 } }
  return {
    'accessKeys.create': {
      setup: [ok(`POST ${key}`, { success: true, accessKey: { data: 'd', dataVersion: 1 } }, { data: 'd' })],
      good: [conflict(`POST ${key}`, 'Access key already exists', { data: 'd' })],
      missing: pairs('POST', { data: 'd' }),
      foreign: [notFound(`POST ${key}`, noPair, { data: 'd' })],
      malformed: malformed(`POST ${key}`, {}, { data: 1 }, { data: 'a\0b' }, { data: text(65_537) }, []),
    },
    'accessKeys.get': {
      good: [ok(`GET ${key}`, { accessKey: { data: 'd' } })],
      missing: [...pairs('GET'), ok(`GET ${key}`, { accessKey: null })],
      foreign: [notFound(`GET ${key}`, noPair)],
      malformed: malformed('GET /v1/access-keys/%00/a', undefined),
    },
    'accessKeys.update': {
      good: [
        ok(`PUT ${key}`, { success: false, error: 'version-mismatch', currentVersion: 1, currentData: 'd' }, { data: 'e', expectedVersion: 0 }),
        ok(`PUT ${key}`, { success: true, version: 2 }, { data: 'e', expectedVersion: 1 }),
      ],
      missing: [
        ...pairs('PUT', { data: 'd', expectedVersion: 1 }),
        notFound(`PUT ${key}`, 'Access key not found', { data: 'd', expectedVersion: 1 }),
      ],
      foreign: [notFound(`PUT ${key}`, noPair, { data: 'd', expectedVersion: 1 })],
      malformed: malformed(`PUT ${key}`, {}, { data: 'd' }, { data: 'd', expectedVersion: -1 }, { data: 'd', expectedVersion: 1.5 }),
    },
    'account.profile': {
      good: [ok('GET /v1/account/profile', { id: expect25(), connectedServices: ['openai'] })],
      foreign: [ok('GET /v1/account/profile', { connectedServices: [] })],
    },
    'account.saveSettings': {
      setup: [ok('POST /v1/account/settings', { success: true, version: 1 }, { settings: 's', expectedVersion: 0 })],
      good: [
        ok(
          'POST /v1/account/settings',
          { success: false, error: 'version-mismatch', currentVersion: 1, currentSettings: 's' },
          { settings: 't', expectedVersion: 0 },
        ),
      ],
      malformed: malformed('POST /v1/account/settings', {}, { settings: 's' }, { settings: 1, expectedVersion: 0 }, { expectedVersion: 0 }, null),
    },
    'account.settings': {
      good: [ok('GET /v1/account/settings', { settings: 's', settingsVersion: 1 })],
      missing: [ok('GET /v1/account/settings', { settings: null, settingsVersion: 0 })],
      foreign: [ok('GET /v1/account/settings', { settings: null, settingsVersion: 0 })],
    },
    'apps.version': {
      isOpen: true,
      good: [
        ok('POST /v1/version', { updateUrl: null }, { platform: 'ios', version: '1.0.0', app_id: 'a' }),
        ok('POST /v1/version', { updateUrl: null }),
      ],
      malformed: malformed('POST /v1/version', { platform: 1 }, []),
    },
    'apps.friends': { good: [ok('GET /v1/friends', { friends: [] })] },
    'apps.feed': { good: [ok('GET /v1/feed?limit=50&after=0-1', { items: [], hasMore: false })] },
    'artifacts.create': {
      setup: [
        ok('POST /v1/artifacts', { id: artifact, header: 'AAAA', body: 'AAA=', dataEncryptionKey: '/+A=', headerVersion: 1, bodyVersion: 1 }, made),
      ],
      good: [ok('POST /v1/artifacts', { id: artifact, header: 'AAAA' }, { ...made, header: 'BBBB' })],
      missing: [notFound('POST /v1/artifacts', 'Session not found', { ...made, sessionId: 'none' })],
      // The same id in another account is another artifact.
      foreign: [
        notFound('POST /v1/artifacts', 'Session not found', { ...made, sessionId: session }),
        ok('POST /v1/artifacts', { id: artifact, header: 'CCCC' }, { ...made, header: 'CCCC' }),
        ok(`DELETE /v1/artifacts/${artifact}`, done),
      ],
      malformed: malformed(
        'POST /v1/artifacts',
        {},
        unnamed,
        { ...made, id: 'no-uuid' },
        { ...made, header: '!' },
        { ...made, header: 'AAAAA' },
        { ...made, body: null },
        { ...made, header: text(65_540) },
      ),
    },
    'artifacts.list': {
      good: [ok('GET /v1/artifacts', [{ id: artifact, header: 'AAAA' }])],
      missing: [ok('GET /v1/artifacts', [])],
      foreign: [ok('GET /v1/artifacts', [])],
    },
    'artifacts.get': {
      good: [ok(`GET /v1/artifacts/${artifact}`, { body: 'AAA=', bodyVersion: 1 })],
      missing: [notFound(`GET /v1/artifacts/${artifact}`, 'Artifact not found'), notFound('GET /v1/artifacts/none', 'Artifact not found')],
      foreign: [notFound(`GET /v1/artifacts/${artifact}`, 'Artifact not found')],
      malformed: malformed('GET /v1/artifacts/%00', undefined),
    },
    'artifacts.update': {
      good: [
        ok(`POST /v1/artifacts/${artifact}`, { success: true, bodyVersion: 2 }, { body: 'BBBB', expectedBodyVersion: 1 }),
        ok(
          `POST /v1/artifacts/${artifact}`,
          { success: false, error: 'version-mismatch', currentHeaderVersion: 1, currentHeader: 'AAAA' },
          { header: 'BBBB', expectedHeaderVersion: 2 },
        ),
      ],
      missing: [notFound(`POST /v1/artifacts/${artifact}`, 'Artifact not found', { body: 'BBBB' })],
      foreign: [notFound(`POST /v1/artifacts/${artifact}`, 'Artifact not found', { body: 'BBBB' })],
      malformed: malformed(
        `POST /v1/artifacts/${artifact}`,
        { body: 1 },
        { header: null },
        { body: 'BBBB', expectedBodyVersion: 'one' },
        { id: 'another' },
      ),
    },
    'artifacts.delete': {
      good: [ok(`DELETE /v1/artifacts/${artifact}`, done), notFound(`DELETE /v1/artifacts/${artifact}`, 'Artifact not found')],
      missing: [notFound(`DELETE /v1/artifacts/${artifact}`, 'Artifact not found')],
      foreign: [notFound(`DELETE /v1/artifacts/${artifact}`, 'Artifact not found')],
      malformed: malformed('DELETE /v1/artifacts/%00', undefined),
    },
    'artifacts.createInSession': {
      good: [ok(`POST /v1/sessions/${session}/artifacts`, { sessionId: session, headerVersion: 1 }, unnamed)],
      missing: [notFound('POST /v1/sessions/none/artifacts', 'Session not found', unnamed)],
      foreign: [notFound(`POST /v1/sessions/${session}/artifacts`, 'Session not found', unnamed)],
      malformed: malformed(`POST /v1/sessions/${session}/artifacts`, {}, { ...unnamed, id: 'no-uuid' }),
    },
    'artifacts.ofSession': {
      good: [ok(`GET /v1/sessions/${session}/artifacts`, { artifacts: [{ sessionId: session }], nextCursor: null })],
      missing: [notFound('GET /v1/sessions/none/artifacts', 'Session not found')],
      foreign: [notFound(`GET /v1/sessions/${session}/artifacts`, 'Session not found')],
      malformed: [0, 201, 'x'].flatMap((limit) => malformed(`GET /v1/sessions/${session}/artifacts?limit=${limit}`, undefined)),
    },
    ...keptCases(),
    'push.event': {
      good: [ok(`POST /v1/sessions/${session}/push-event`, { success: true, result: 'no_tokens', tokens: 0 }, push)],
      missing: [notFound('POST /v1/sessions/none/push-event', 'Session not found', push)],
      foreign: [notFound(`POST /v1/sessions/${session}/push-event`, 'Session not found', push)],
      malformed: malformed(
        `POST /v1/sessions/${session}/push-event`,
        {},
        { ...push, kind: 'other' },
        { ...push, title: '' },
        { ...push, title: text(201) },
        { ...push, body: text(501) },
        { ...push, data: [] },
      ),
    },
    'usage.report': {
      setup: [ok('POST /v1/usage', { success: true }, { ...usage, sessionId: session })],
      good: [ok('POST /v1/usage', { success: true }, usage)],
      missing: [notFound('POST /v1/usage', 'Session not found', { ...usage, sessionId: 'none' })],
      foreign: [notFound('POST /v1/usage', 'Session not found', { ...usage, sessionId: session })],
      malformed: malformed(
        'POST /v1/usage',
        {},
        { ...usage, tokens: {} },
        { ...usage, cost: { total: 'x' } },
        { ...usage, key: '' },
        { ...usage, key: '\0' },
      ),
    },
    'usage.query': {
      good: [ok('POST /v1/usage/query', { totalReports: 2, groupBy: 'day', usage: [{ tokens: { total: 2 }, reportCount: 2 }] }, {})],
      missing: [
        ok('POST /v1/usage/query', { totalReports: 0, usage: [] }),
        notFound('POST /v1/usage/query', 'Session not found', { sessionId: 'none' }),
      ],
      foreign: [ok('POST /v1/usage/query', { totalReports: 0 }, {}), notFound('POST /v1/usage/query', 'Session not found', { sessionId: session })],
      malformed: malformed(
        'POST /v1/usage/query',
        { groupBy: 'year' },
        { startTime: 0 },
        { endTime: 'now' },
        { startTime: 1, endTime: 1_000_000_000 },
      ),
    },
  }
}
const expect25 = () => expect.stringMatching(/^c[0-9a-z]{24}$/)

/** What the reference server has and this one leaves out: the existing clients take a 404 for "nothing". */
export const leftOut: readonly Case[] = [
  'GET /v1/user/someone',
  'GET /v1/user/search',
  'POST /v1/friends/add',
  'POST /v1/friends/remove',
  'GET /v1/connect/github/params',
  'POST /v1/connect/github/webhook',
  'POST /v1/voice/conversations',
  'GET /v1/voice/usage',
].map((at) => {
  const [method, path] = at.split(' ')
  return { at, status: 404, says: { error: 'Not found', method, path }, ...(method === 'POST' ? { send: {} } : {}) }
})
