import { done, malformed, notFound, ok, text, type Route } from './route-case.ts'

/** What has its place by a name that the client chose. */
export function keptCases(): Readonly<Record<string, Route>> {
  const token = 'ExponentPushToken%5Ba%5D'
  const set = (...mutations: readonly unknown[]) => ({ mutations })
  const one = { key: 'k', value: 'AAAA', version: -1 }
  return {
    'kv.mutate': {
      setup: [ok('POST /v1/kv', { success: true, results: [{ key: 'k', version: 0 }] }, set(one))],
      good: [
        ok('POST /v1/kv', { success: false, errors: [{ key: 'k', error: 'version-mismatch', version: 0, value: 'AAAA' }] }, set(one), 409),
        ok('POST /v1/kv', { success: true, results: [{ key: 'l', version: 0 }] }, set({ key: 'l', value: null, version: -1 })),
      ],
      missing: [ok('POST /v1/kv', { success: false, errors: [{ key: 'k', version: -1, value: null }] }, set({ ...one, version: 0 }), 409)],
      foreign: [ok('POST /v1/kv', { success: false, errors: [{ key: 'k', version: -1, value: null }] }, set({ ...one, version: 0 }), 409)],
      malformed: malformed(
        'POST /v1/kv',
        {},
        set(),
        set(one, { ...one, value: null }),
        set({ ...one, version: -2 }),
        set({ ...one, value: '!' }),
        set({ ...one, key: 'a\0' }),
        set({ ...one, key: '\ud800' }),
        set({ ...one, value: text(262_145) }),
        set(...Array.from({ length: 101 }, (_, n) => ({ ...one, key: `k${n}` }))),
      ),
    },
    'kv.get': {
      good: [ok('GET /v1/kv/k', { key: 'k', value: 'AAAA', version: 0 })],
      missing: [notFound('GET /v1/kv/k', 'Key not found')],
      foreign: [notFound('GET /v1/kv/k', 'Key not found')],
      malformed: malformed('GET /v1/kv/%00', undefined),
    },
    'kv.list': {
      good: [ok('GET /v1/kv', { items: [{ key: 'k' }] }), ok('GET /v1/kv?prefix=x', { items: [] })],
      missing: [ok('GET /v1/kv', { items: [] })],
      foreign: [ok('GET /v1/kv', { items: [] })],
      malformed: [...malformed('GET /v1/kv?limit=1001', undefined), ...malformed('GET /v1/kv?prefix=%00', undefined)],
    },
    'kv.bulk': {
      good: [ok('POST /v1/kv/bulk', { values: [{ key: 'k' }] }, { keys: ['none', 'k'] })],
      missing: [ok('POST /v1/kv/bulk', { values: [] }, { keys: ['k'] })],
      foreign: [ok('POST /v1/kv/bulk', { values: [] }, { keys: ['k'] })],
      malformed: malformed('POST /v1/kv/bulk', {}, { keys: [] }, { keys: [1] }, { keys: Array.from({ length: 101 }, (_, n) => `k${n}`) }),
    },
    'pushTokens.add': {
      setup: [ok('POST /v1/push-tokens', done, { token: 'ExponentPushToken[a]' })],
      good: [ok('POST /v1/push-tokens', done, { token: 'ExponentPushToken[a]' })],
      malformed: malformed('POST /v1/push-tokens', {}, { token: '' }, { token: 1 }, { token: text(513) }),
    },
    'pushTokens.list': {
      good: [ok('GET /v1/push-tokens', { tokens: [{ token: 'ExponentPushToken[a]' }] })],
      missing: [ok('GET /v1/push-tokens', { tokens: [] })],
      foreign: [ok('GET /v1/push-tokens', { tokens: [] })],
    },
    'pushTokens.remove': {
      good: [ok(`DELETE /v1/push-tokens/${token}`, done), ok('GET /v1/push-tokens', { tokens: [] })],
      missing: [ok('DELETE /v1/push-tokens/none', done)],
      foreign: [ok(`DELETE /v1/push-tokens/${token}`, done)],
      malformed: malformed('DELETE /v1/push-tokens/%00', undefined),
    },
    'vendors.register': {
      setup: [ok('POST /v1/connect/openai/register', done, { token: 'secret' })],
      good: [ok('POST /v1/connect/openai/register', done, { token: 'secret' })],
      malformed: [
        ...malformed('POST /v1/connect/openai/register', {}, { token: '' }, { token: {} }, { token: text(65_537) }),
        ...malformed('POST /v1/connect/github/register', { token: 'x' }),
      ],
    },
    'vendors.token': {
      good: [ok('GET /v1/connect/openai/token', { token: 'secret' })],
      missing: [ok('GET /v1/connect/openai/token', { token: null })],
      foreign: [ok('GET /v1/connect/openai/token', { token: null })],
      malformed: malformed('GET /v1/connect/github/token', undefined),
    },
    'vendors.tokens': {
      good: [ok('GET /v1/connect/tokens', { tokens: [{ vendor: 'openai', token: 'secret' }] })],
      missing: [ok('GET /v1/connect/tokens', { tokens: [] })],
      foreign: [ok('GET /v1/connect/tokens', { tokens: [] })],
    },
    'vendors.remove': {
      good: [ok('DELETE /v1/connect/openai', done), ok('GET /v1/connect/tokens', { tokens: [] })],
      missing: [ok('DELETE /v1/connect/openai', done), notFound('DELETE /v1/connect/github', 'github is not a vendor that this relay connects.')],
      foreign: [ok('DELETE /v1/connect/openai', done)],
      malformed: malformed('DELETE /v1/connect/%00', undefined),
    },
  }
}
