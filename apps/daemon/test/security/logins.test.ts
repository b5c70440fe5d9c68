import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { anyCall, ask, bearer, expectFault, expectUnauthenticated, loginCookie, operationRoutes, upgradeHeaders } from './wire.ts'

let daemon: TestDaemon
beforeAll(async () => void (daemon = await startDaemon()))
afterAll(() => daemon[Symbol.asyncDispose]())
const make = async (scopes: string[], more: { expiresAt?: string } = {}) => daemon.client.tokens.create({ name: 'Test', scopes, ...more })
/** A right credential forgives the wrong ones before it, so that each row is judged by itself. */
const forgiven = () => ask(daemon, anyCall.method, anyCall.path, bearer(daemon.token))

describe('a right credential', () => {
  test.each<[string, () => Record<string, string>]>([
    ['a bearer token', () => bearer(daemon.token)],
    ['a bearer token in lower case letters of the scheme', () => ({ authorization: `bearer ${daemon.token}` })],
    ['an API key', () => ({ 'x-api-key': daemon.token })],
  ])('is taken as %s, also for a socket', async (_name, headers) => {
    expect((await ask(daemon, anyCall.method, anyCall.path, headers())).status).toBe(200)
    expect((await ask(daemon, 'GET', '/v1/ws', { ...upgradeHeaders, ...headers() })).status).toBe(101)
  })
  test('is taken as a subprotocol of a WebSocket, where no header can be set', async () => {
    const headers = { ...upgradeHeaders, 'sec-websocket-protocol': `steward.v1, bearer.${daemon.token}` }
    const answer = await ask(daemon, 'GET', '/v1/ws', headers)
    expect(answer).toMatchObject({ status: 101 })
    expect(answer.headers['sec-websocket-protocol']).toBe('steward.v1')
    expectUnauthenticated(await ask(daemon, 'GET', '/v1/ws', { ...headers, 'sec-websocket-protocol': 'steward.v1, bearer.wrong' }), 'a wrong one')
  })
  test('in a header is judged alone, whatever cookie comes with it', async () => {
    const cookie = await loginCookie(daemon)
    expectUnauthenticated(await ask(daemon, anyCall.method, anyCall.path, { ...bearer('stw_wrong'), cookie }), 'a wrong token, a right cookie')
  })
  test('of the console is a cookie that scripts cannot read and other sites do not send', async () => {
    const { code } = await daemon.client.logins.create({})
    const { headers } = await ask(daemon, 'POST', '/v1/login', { 'content-type': 'application/json' }, JSON.stringify({ code }))
    expect(headers['set-cookie']).toHaveLength(1)
    expect(headers['set-cookie']![0]).toMatch(/^steward=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/)
  })
})

describe('a login cookie', () => {
  const title = JSON.stringify({ title: 'By cookie' })
  const json = { 'content-type': 'application/json' }
  const own = () => ({ origin: daemon.url })
  test('reads from anywhere it is sent, and changes things from the own page alone', async () => {
    const cookie = await loginCookie(daemon)
    expect((await ask(daemon, 'GET', '/v1/sessions', { cookie })).status).toBe(200)
    for (const headers of [
      {},
      { origin: 'http://localhost:5173' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { referer: `${daemon.url}/app/` },
    ])
      for (const { name, method, path: at } of operationRoutes.filter((one) => one.method !== 'GET'))
        expectFault(await ask(daemon, method, at, { cookie, ...headers }), 403, 'forbidden', name)
    for (const headers of [own(), { 'sec-fetch-site': 'same-origin' }])
      expect((await ask(daemon, 'POST', '/v1/sessions', { cookie, ...json, ...headers }, title)).status).toBe(201)
  })
  test('opens a WebSocket from the own page alone, for a socket opens the way for changes', async () => {
    const cookie = await loginCookie(daemon)
    for (const headers of [{}, { origin: 'http://localhost:5173' }, { 'sec-fetch-site': 'cross-site' }])
      expectFault(await ask(daemon, 'GET', '/v1/ws', { ...upgradeHeaders, cookie, ...headers }), 403, 'forbidden', JSON.stringify(headers))
    expect((await ask(daemon, 'GET', '/v1/ws', { ...upgradeHeaders, cookie, ...own() })).status).toBe(101)
  })
  test('a page that the settings name may use it, and no longer when they do not', async () => {
    const cookie = await loginCookie(daemon)
    const headers = { cookie, ...json, origin: 'https://console.example' }
    await daemon.client.settings.set({ key: 'server.allowedOrigins', value: ['https://console.example'] })
    expect((await ask(daemon, 'POST', '/v1/sessions', headers, title)).status).toBe(201)
    expect((await ask(daemon, 'GET', '/v1/ws', { ...upgradeHeaders, ...headers })).status).toBe(101)
    await daemon.client.settings.reset({ key: 'server.allowedOrigins' })
    expectFault(await ask(daemon, 'POST', '/v1/sessions', headers, title), 403, 'forbidden', 'after the reset')
  })
  test('altered by one character it is worth nothing', async () => {
    const cookie = await loginCookie(daemon)
    for (let at = 'steward='.length; at < cookie.length - 1; at += 7) {
      const altered = `${cookie.slice(0, at)}${cookie[at] === '1' ? '2' : '1'}${cookie.slice(at + 1)}`
      expectUnauthenticated(await ask(daemon, 'GET', '/v1/sessions', { cookie: altered }), `at ${at}`)
      await forgiven()
    }
  })
})

describe('a login code', () => {
  const redeem = (code: unknown) => ask(daemon, 'POST', '/v1/login', { 'content-type': 'application/json' }, JSON.stringify({ code }))
  afterAll(() => void vi.useRealTimers())
  test('is good once', async () => {
    const { code } = await daemon.client.logins.create({})
    const both = await Promise.all([redeem(code), redeem(code)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([204, 401])
    expectFault(await redeem(code), 401, 'unauthenticated', 'a third time')
  })
  test('is good for sixty seconds', async () => {
    const [early, late] = [await daemon.client.logins.create({}), await daemon.client.logins.create({})]
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 58_000)
    expect((await redeem(early.code)).status).toBe(204)
    vi.setSystemTime(Date.now() + 3_000)
    const answer = await redeem(late.code)
    vi.useRealTimers()
    expectFault(answer, 401, 'unauthenticated', 'after 61 seconds')
  })
  test('cannot be made by a token, however wide, nor by nobody', async () => {
    const { secret } = await make(['*'])
    expectFault(await ask(daemon, 'POST', '/v1/logins', bearer(secret)), 403, 'forbidden', 'a token')
    for (const code of ['', 'x', null, 1, { toString: 'x' }, ['x']]) expect((await redeem(code)).status).toBeOneOf([400, 401])
    await forgiven()
  })
  test('guesses are limited like wrong tokens', async () => {
    const answers = []
    for (let n = 0; n < 22; n++) answers.push((await redeem(`guess-${n}`)).status)
    expect(answers.slice(0, 20).every((status) => status === 401)).toBe(true)
    expect(answers.slice(-1)).toEqual([429])
    await forgiven()
  })
})
