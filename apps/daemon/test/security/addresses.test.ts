import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { ask, bearer, closedRoutes, expectFault, upgradeHeaders } from './wire.ts'

let daemon: TestDaemon
let port: string
beforeAll(async () => {
  daemon = await startDaemon()
  port = new URL(daemon.url).port
})
afterAll(() => daemon[Symbol.asyncDispose]())

/** One of every kind of request, each with the owner's token: what is refused is refused for its address alone. */
const kinds: readonly [method: string, path: string, headers: Record<string, string>][] = [
  ['GET', '/health', {}],
  ['GET', '/ready', {}],
  ['GET', '/', {}],
  ['GET', '/app/anything', {}],
  ['GET', '/docs', {}],
  ['GET', '/openapi.json', {}],
  ['POST', '/v1/login', { 'content-type': 'application/json' }],
  ['GET', '/v1/status', {}],
  ['HEAD', '/v1/status', {}],
  ['POST', '/v1/sessions', {}],
  ['DELETE', '/v1/sessions/x', {}],
  ['POST', '/v1/files', { 'content-type': 'application/octet-stream' }],
  ['GET', '/v1/events', {}],
  ['GET', '/v1/sessions/x/events', {}],
  ['GET', '/tools', {}],
  ['GET', '/nothing', {}],
  ['OPTIONS', '/v1/sessions', {}],
  ['OPTIONS', '/v1/sessions', { 'access-control-request-method': 'POST' }],
  ['GET', '/v1/ws', upgradeHeaders],
  ['GET', '/v1/nothing', upgradeHeaders],
]
const expectRefused = async (more: Record<string, string>) => {
  for (const [method, at, headers] of kinds) {
    const what = `${method} ${at} ${JSON.stringify(more)}`
    const answer = await ask(daemon, method, at, { ...headers, ...bearer(daemon.token), ...more })
    if (method === 'HEAD') expect([what, answer.status]).toEqual([what, 403])
    else expectFault(answer, 403, 'forbidden', what)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  }
}
const expectAllowed = async (more: Record<string, string>) => {
  for (const [method, at, headers] of kinds) {
    const { status } = await ask(daemon, method, at, { ...headers, ...bearer(daemon.token), ...more })
    expect([method, at, status === 403]).toEqual([method, at, false])
  }
}

describe('a foreign host is refused on every kind of route, with the right token', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io',
    'evil.example@127.0.0.1',
    '127.0.0.1@evil.example',
    '127.0.0.1#evil.example',
    'evil-localhost',
    'xlocalhost',
    'localhost.',
    '127.0.0.1.',
    '127.0.0.2',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '0.0.0.0',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:0:0:1]',
    '[::1]evil.example',
    '[::1].evil.example',
    '::1',
    'localhost:',
    'localhost:80:80',
    'localhost:http',
    'localhost, evil.example',
    ' ',
  ])('%j', (host) => expectRefused({ host }))
  test('a request that names no host at all is refused', async () => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.end(`GET /v1/status HTTP/1.1\r\nAuthorization: Bearer ${daemon.token}\r\nConnection: close\r\n\r\n`)
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text).toMatch(/^HTTP\/1\.1 40[03] /)
    expect(text).not.toContain('version')
  })
  test('of two hosts the second does not count', async () => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.end(
      `GET /v1/status HTTP/1.1\r\nHost: evil.example\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${daemon.token}\r\nConnection: close\r\n\r\n`,
    )
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text).toMatch(/^HTTP\/1\.1 40[03] /)
  })
})
test.each(['127.0.0.1', 'localhost', 'LOCALHOST', 'LocalHost:1', '[::1]', '[::1]:443', '127.0.0.1:65535'])(
  'the loopback name %s is answered',
  (host) => expectAllowed({ host }),
)

describe('a foreign origin is refused on every kind of route, with the right token', () => {
  test.each([
    'null',
    '',
    'http://evil.example',
    'https://evil.example',
    'http://localhost.evil.example',
    'http://evil.localhost.example',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1.',
    'http://localhost.',
    'http://127.0.0.2',
    'http://127.1',
    'http://2130706433',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[::1].evil.example',
    'http://localhost@evil.example',
    'http://evil.example@localhost',
    'http://localhost/evil',
    'http://localhost#evil',
    'http://localhost:80',
    'https://localhost:443',
    'http://localhost:99999',
    'http://localhost, http://evil.example',
    'http://localhost http://evil.example',
    'file://',
    'file:///localhost',
    'data:text/html,x',
    'chrome-extension://abcdefghijklmnop',
    'javascript://localhost',
    'HTTP://EVIL.EXAMPLE',
    'localhost',
    '//localhost',
    '*',
  ])('%j', (origin) => expectRefused({ origin }))
  test('a lookalike of the own origin', () => expectRefused({ origin: `http://127.0.0.1:${port}.evil.example` }))
})
test.each([
  'http://localhost:5173',
  'http://127.0.0.1:1',
  'http://[::1]:3000',
  'https://localhost:8443',
  'HTTP://LOCALHOST:3000',
  'http://localhost',
])('a page of the loopback origin %s may call with a token of its own, without the cookie', async (origin) => {
  await expectAllowed({ origin })
  const answer = await ask(daemon, 'GET', '/v1/status', { ...bearer(daemon.token), origin })
  expect(answer.headers['access-control-allow-origin']).toBe(origin)
  expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  expect(answer.headers['vary']).toContain('Origin')
})
test('the own page may call with the cookie', async () => {
  const answer = await ask(daemon, 'GET', '/v1/status', { ...bearer(daemon.token), origin: daemon.url })
  expect(answer.headers['access-control-allow-credentials']).toBe('true')
})

describe('a preflight', () => {
  const asks = { 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization, content-type' }
  test('of an allowed page is answered without a credential, for every route alike', async () => {
    for (const { path: at } of closedRoutes) {
      const answer = await ask(daemon, 'OPTIONS', at, { ...asks, origin: 'http://localhost:5173' })
      expect([at, answer.status, answer.text]).toEqual([at, 204, ''])
      expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173')
      expect(answer.headers['access-control-allow-methods']).toContain('PATCH')
      expect(answer.headers['access-control-allow-headers']).toContain('authorization')
      expect(answer.headers['access-control-allow-headers']).not.toContain('*')
    }
  })
  test('of a foreign page is refused, for every route alike', async () => {
    for (const { path: at } of closedRoutes) {
      const answer = await ask(daemon, 'OPTIONS', at, { ...asks, origin: 'http://evil.example' })
      expectFault(answer, 403, 'forbidden', at)
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })
})

describe('the settings open exactly what they name', () => {
  const host = (name: string) => ask(daemon, 'GET', '/v1/status', { ...bearer(daemon.token), host: name })
  const origin = (name: string, more: Record<string, string> = {}) =>
    ask(daemon, 'GET', '/v1/status', { ...bearer(daemon.token), origin: name, ...more })
  const statuses = async (from: (name: string) => Promise<{ status: number }>, names: readonly string[]) =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await from(name)).status] as const)))
  beforeEach(async () => {
    await daemon.client.settings.reset({ key: 'server.allowedHosts' })
    await daemon.client.settings.reset({ key: 'server.allowedOrigins' })
  })
  test('of hosts: a name stands for every port, a name with a port for that one', async () => {
    await daemon.client.settings.set({ key: 'server.allowedHosts', value: ['Steward.Example', 'other.example:8443'] })
    expect(
      await statuses(host, [
        'steward.example',
        'STEWARD.example:1234',
        'other.example:8443',
        'other.example',
        'other.example:443',
        'x.steward.example',
        'steward.example.evil.org',
        'steward.example.',
        'xsteward.example',
        'localhost',
      ]),
    ).toEqual({
      'steward.example': 200,
      'STEWARD.example:1234': 200,
      'other.example:8443': 200,
      'other.example': 403,
      'other.example:443': 403,
      'x.steward.example': 403,
      'steward.example.evil.org': 403,
      'steward.example.': 403,
      'xsteward.example': 403,
      localhost: 200,
    })
    await expectAllowed({ host: 'steward.example' })
    await daemon.client.settings.reset({ key: 'server.allowedHosts' })
    await expectRefused({ host: 'steward.example' })
  })
  test('of origins: scheme, name and port', async () => {
    await daemon.client.settings.set({ key: 'server.allowedOrigins', value: ['https://console.example', 'http://[2001:db8::1]:8080'] })
    expect(
      await statuses(origin, [
        'https://console.example',
        'HTTPS://CONSOLE.EXAMPLE',
        'http://[2001:db8::1]:8080',
        'http://console.example',
        'https://console.example:444',
        'https://x.console.example',
        'https://console.example.evil.org',
        'https://console.example.',
        'http://[2001:db8::1]',
        'null',
      ]),
    ).toEqual({
      'https://console.example': 200,
      'HTTPS://CONSOLE.EXAMPLE': 200,
      'http://[2001:db8::1]:8080': 200,
      'http://console.example': 403,
      'https://console.example:444': 403,
      'https://x.console.example': 403,
      'https://console.example.evil.org': 403,
      'https://console.example.': 403,
      'http://[2001:db8::1]': 403,
      null: 403,
    })
    await expectAllowed({ origin: 'https://console.example' })
    expect((await origin('https://console.example')).headers['access-control-allow-credentials']).toBe('true')
    await daemon.client.settings.reset({ key: 'server.allowedOrigins' })
    await expectRefused({ origin: 'https://console.example' })
  })
  test('neither opens the other, and a word such as * or null opens nothing', async () => {
    await daemon.client.settings.set({ key: 'server.allowedHosts', value: ['*', '.example', ''.padEnd(1, '.'), 'a.example'] })
    await daemon.client.settings.set({ key: 'server.allowedOrigins', value: ['*', 'null', 'https://*.example', 'b.example'] })
    expect(await statuses(host, ['evil.example', 'b.example', '*', 'x.a.example'])).toEqual({
      'evil.example': 403,
      'b.example': 403,
      '*': 403,
      'x.a.example': 403,
    })
    expect(await statuses(origin, ['null', 'https://evil.example', 'https://a.example', 'http://b.example', '*'])).toEqual({
      null: 403,
      'https://evil.example': 403,
      'https://a.example': 403,
      'http://b.example': 403,
      '*': 403,
    })
  })
})
