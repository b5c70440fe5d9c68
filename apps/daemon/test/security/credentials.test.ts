import { once } from 'node:events'
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { serve } from '../../src/serve.ts'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { anyCall, ask, bearer, closedRoutes, expectFault, loginCookie, openFrames, operationNames, operationRoutes, upgradeHeaders } from './wire.ts'

let daemon: TestDaemon
beforeAll(async () => void (daemon = await startDaemon()))
afterAll(() => daemon[Symbol.asyncDispose]())
const later = (ms: number) => new Date(Date.now() + ms).toISOString()
const make = async (scopes: string[], more: { expiresAt?: string } = {}) => daemon.client.tokens.create({ name: 'Test', scopes, ...more })
/** A right credential forgives the wrong ones before it, so that each row is judged by itself. */
const forgiven = () => ask(daemon, anyCall.method, anyCall.path, bearer(daemon.token))
/** Every closed route and the WebSocket, asked with the same credential. */
async function everyRoute(
  headers: Record<string, string>,
  see: (answer: Awaited<ReturnType<typeof ask>>, what: string) => void,
  suffix = '',
): Promise<void> {
  for (const { name, method, path: at } of closedRoutes) {
    see(await ask(daemon, method, `${at}${suffix}`, headers), name)
    await forgiven()
  }
  see(await ask(daemon, 'GET', `/v1/ws${suffix}`, { ...upgradeHeaders, ...headers }), 'WebSocket')
  await forgiven()
}
const unauthenticated = (answer: Awaited<ReturnType<typeof ask>>, what: string) => {
  expectFault(answer, 401, 'unauthenticated', what)
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="steward"')
}
const expired = async () => {
  const { secret } = await make(['*'], { expiresAt: later(300) })
  await until(async () => (await ask(daemon, anyCall.method, anyCall.path, bearer(secret))).status === 401)
  return secret
}
const revoked = async () => {
  const { token, secret } = await make(['*'])
  await daemon.client.tokens.revoke({ id: token.id })
  return secret
}

describe('on every route, stream and socket', () => {
  test('the table of routes holds every operation', () => {
    expect(operationRoutes.map(({ name }) => name)).toEqual(operationNames)
    expect(closedRoutes.length).toBeGreaterThan(operationNames.length + 5)
  })
  test('without a credential nothing is answered', () => everyRoute({}, unauthenticated))
  test.each<[string, () => Promise<string> | string]>([
    ['an unknown token', () => `stw_${'A'.repeat(43)}`],
    ['a token cut short', () => daemon.token.slice(0, -1)],
    ['a token with more after it', () => `${daemon.token}x`],
    ['a token in other case', () => daemon.token.replace(/[a-z]/g, (letter) => letter.toUpperCase())],
    ['an expired token', expired],
    ['a revoked token', revoked],
  ])('%s is refused', async (_name, token) => everyRoute(bearer(await token()), unauthenticated))
  test.each<[string, () => Record<string, string>]>([
    ['an Authorization header of another scheme', () => ({ authorization: `Basic ${Buffer.from(`owner:${daemon.token}`).toString('base64')}` })],
    ['an empty bearer', () => ({ authorization: 'Bearer ' })],
    ['two tokens in one header', () => ({ authorization: `Bearer ${daemon.token} ${daemon.token}` })],
    ['a wrong API key', () => ({ 'x-api-key': 'stw_wrong' })],
    ['a cookie of another maker', () => ({ cookie: `steward=${Date.now() + 1e6}.AAAAAAAAAAAAAAAA.${'A'.repeat(43)}` })],
    ['the token as a cookie', () => ({ cookie: `steward=${daemon.token}` })],
    ['the token as another header', () => ({ 'x-token': daemon.token, token: daemon.token })],
  ])('%s is refused', async (_name, headers) => everyRoute(headers(), unauthenticated))
  test.each(['token', 'access_token', 'api_key', 'key', 'authorization', 'bearer'])('a token in the query as ?%s= is no credential', (name) =>
    everyRoute({}, unauthenticated, `?${name}=${daemon.token}`),
  )
  test('a token that holds every scope but the one it takes is refused, whatever else is sent', async () => {
    const all = [...new Set(closedRoutes.flatMap(({ needs }) => (needs === null ? [] : [needs])))]
    const without = new Map<string, string>()
    for (const scope of all) without.set(scope, (await make(all.filter((other) => other !== scope))).secret)
    for (const { name, method, path: at, needs } of closedRoutes.filter((one) => one.needs !== null))
      expectFault(await ask(daemon, method, at, bearer(without.get(needs!)!)), 403, 'forbidden', name)
  })
  test('a token that holds nothing of use is refused every operation over a WebSocket and over a socket that speaks for others', async () => {
    const { secret } = await make(['nothing:read'])
    const peer = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${secret}`])
    await once(peer, 'open')
    await using frames = await openFrames(daemon.served.socket, daemon.token, ['delegated'])
    const answers = new Map<number, any>()
    peer.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data)) as { id: number }
      answers.set(frame.id, frame)
    }
    for (const [n, op] of operationNames.entries()) {
      peer.send(JSON.stringify({ id: n + 1, op, input: {} }))
      frames.send({ id: n + 1, op, input: {}, as: secret })
      expect([op, (await frames.answer(n + 1))['fault']?.code]).toEqual([op, 'forbidden'])
    }
    const streams = operationNames.length + 1
    peer.send(JSON.stringify({ id: streams, subscribe: {} }))
    await until(() => answers.size === streams)
    for (const { fault } of answers.values()) expect(fault?.code).toBe('forbidden')
    peer.close()
  })
})

describe('over the socket of this machine', () => {
  test('a wrong proof is refused and the connection ends', async () => {
    for (const token of ['', 'wrong', daemon.token.slice(0, -1)]) {
      await using frames = await openFrames(daemon.served.socket, token || ' ')
      expect((await frames.next())?.['fault']).toMatchObject({ code: 'unauthenticated' })
      expect(await frames.next()).toBeNull()
      await forgiven()
    }
  })
  test('a proof cannot be used again: each connection asks for its own', async () => {
    const nonces = new Set<string>()
    for (let n = 0; n < 3; n++) {
      const socket = connect(daemon.served.socket)
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      nonces.add((JSON.parse(chunk.toString()) as { hello: { nonce: string } }).hello.nonce)
      socket.destroy()
    }
    expect(nonces.size).toBe(3)
  })
  test('a connection that speaks for others has no rights of its own, and gives none beyond those of whom it names', async () => {
    await using frames = await openFrames(daemon.served.socket, daemon.token, ['delegated'])
    const { secret } = await make(['sessions:read', 'system:read'])
    const cases = [
      [{ op: 'sessions.list', input: {} }, 'unauthenticated'],
      [{ op: 'sessions.list', input: {}, as: 'stw_wrong' }, 'unauthenticated'],
      [{ subscribe: {} }, 'unauthenticated'],
      [{ op: 'sessions.create', input: {}, as: secret }, 'forbidden'],
      [{ subscribe: {}, as: secret }, 'forbidden'],
    ] as const
    for (const [n, [frame, code]] of cases.entries()) {
      frames.send({ id: n + 1, ...frame })
      expect((await frames.answer(n + 1))['fault']?.code).toBe(code)
    }
    frames.send({ id: 9, op: 'tokens.whoami', input: {}, as: secret })
    expect((await frames.answer(9))['ok']).toMatchObject({ kind: 'token', scopes: ['sessions:read', 'system:read'] })
  })
  test('the token, the socket and what tells of them belong to the owner alone', () => {
    const mode = (...names: string[]) => statSync(path.join(daemon.home, ...names)).mode & 0o777
    expect(mode()).toBe(0o700)
    for (const name of ['token', 'daemon.json']) expect([name, mode('run', name)]).toEqual([name, 0o600])
    expect(statSync(daemon.served.socket).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(daemon.served.socket)).mode & 0o777).toBe(0o700)
  })
})

describe('when a credential ends', () => {
  const openAll = async (secret: string) => {
    const { id } = await daemon.client.sessions.create({})
    const stream = (route: string) => fetch(`${daemon.url}${route}`, { headers: bearer(secret) })
    const streams = await Promise.all([stream(`/v1/sessions/${id}/events`), stream('/v1/events')])
    const readers = streams.map((one) => one.body!.getReader())
    for (const reader of readers) expect((await reader.read()).done).toBe(false)
    const peer = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${secret}`])
    await once(peer, 'open')
    const closed = once(peer, 'close') as Promise<[CloseEvent]>
    const frames = await openFrames(daemon.served.socket, daemon.token, ['delegated'])
    frames.send({ id: 1, subscribe: { sessionId: id }, as: secret })
    await frames.answer(1)
    return {
      async ended() {
        for (const reader of readers) for (let read = await reader.read(); !read.done;) read = await reader.read()
        expect((await closed)[0]).toMatchObject({ code: 4401 })
        let frame = await frames.answer(1)
        while (frame['event'] !== undefined || frame['cursor'] !== undefined) frame = await frames.answer(1)
        expect(frame['fault']).toMatchObject({ code: 'unauthenticated' })
        await frames[Symbol.asyncDispose]()
      },
    }
  }
  test('revoking a token ends its event streams, its WebSocket and what speaks for it at once', async () => {
    const { token, secret } = await make(['*'])
    const open = await openAll(secret)
    await daemon.client.tokens.revoke({ id: token.id })
    await open.ended()
  })
  test('a token that expires ends them by itself', async () => {
    const { secret } = await make(['*'], { expiresAt: later(1_500) })
    await (await openAll(secret)).ended()
  })
  test('revoking a token revokes those it has made, and theirs', async () => {
    const first = await make(['tokens:write', 'sessions:read', 'system:read'])
    const by = async (secret: string) => {
      const answer = await ask(
        daemon,
        'POST',
        '/v1/tokens',
        { ...bearer(secret), 'content-type': 'application/json' },
        JSON.stringify({ name: 'c', scopes: ['tokens:write', 'system:read'] }),
      )
      return JSON.parse(answer.text) as { token: { id: string }; secret: string }
    }
    const second = await by(first.secret)
    const third = await by(second.secret)
    const other = await make(['system:read'])
    expect((await ask(daemon, anyCall.method, anyCall.path, bearer(third.secret))).status).toBe(200)
    await daemon.client.tokens.revoke({ id: first.token.id })
    for (const { secret } of [first, second, third])
      unauthenticated(await ask(daemon, anyCall.method, anyCall.path, bearer(secret)), 'a revoked line')
    expect((await ask(daemon, anyCall.method, anyCall.path, bearer(other.secret))).status).toBe(200)
    const { items } = await daemon.client.tokens.list({ limit: 200 })
    const line = items.filter(({ id }) => [first, second, third].some(({ token }) => token.id === id))
    expect(line.map(({ revokedAt }) => revokedAt === null)).toEqual([false, false, false])
  })
})

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
    unauthenticated(await ask(daemon, 'GET', '/v1/ws', { ...headers, 'sec-websocket-protocol': 'steward.v1, bearer.wrong' }), 'a wrong one')
  })
  test('in a header is judged alone, whatever cookie comes with it', async () => {
    const cookie = await loginCookie(daemon)
    unauthenticated(await ask(daemon, anyCall.method, anyCall.path, { ...bearer('stw_wrong'), cookie }), 'a wrong token, a right cookie')
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
      unauthenticated(await ask(daemon, 'GET', '/v1/sessions', { cookie: altered }), `at ${at}`)
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

test('wrong credentials are answered too_many after twenty in a minute, also under a forged forwarding address; the owner still gets in', async () => {
  const codes: (string | undefined)[] = []
  let last
  for (let n = 0; n < 25; n++) {
    last = await ask(daemon, anyCall.method, anyCall.path, {
      ...bearer(`stw_wrong${n}`),
      'x-forwarded-for': `10.0.0.${n}`,
      'x-real-ip': `10.1.0.${n}`,
      forwarded: `for=10.2.0.${n}`,
    })
    codes.push(last.code)
  }
  expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'unauthenticated'))
  expect(codes.slice(20)).toEqual(Array.from({ length: 5 }, () => 'too_many'))
  expect(Number(last!.headers['retry-after'])).toBeGreaterThan(0)
  expect((await forgiven()).status).toBe(200)
  expect((await ask(daemon, anyCall.method, anyCall.path, bearer('stw_wrong'))).code).toBe('unauthenticated')
})

describe('a token cannot reach beyond itself', () => {
  const nouns = ['sessions', 'tokens', 'files', 'unheardof']
  const verbs = ['read', 'write', 'admin', 'unheardof']
  /** What a scope grants, counted out over nouns and verbs known and unknown: an oracle that knows nothing of how scopes are compared. */
  const grants = (scope: string) => {
    const [noun = '*', verb = '*'] = scope === '*' ? ['*', '*'] : scope.split(':')
    return nouns
      .filter((one) => noun === '*' || noun === one)
      .flatMap((one) => verbs.filter((other) => verb === '*' || verb === other).map((other) => `${one}:${other}`))
  }
  const scopes = ['*', '*:*', '*:read', '*:write', 'sessions:*', 'sessions:read', 'tokens:*', 'tokens:write', 'tokens:read', 'files:admin']
  test.each(scopes)('one that holds %s and may make tokens makes only what it covers', async (held) => {
    const maker = ['tokens:write', held]
    const { secret } = await make(maker)
    const covered = new Set(maker.flatMap(grants))
    for (const wanted of scopes) {
      const answer = await ask(
        daemon,
        'POST',
        '/v1/tokens',
        { ...bearer(secret), 'content-type': 'application/json' },
        JSON.stringify({ name: 'x', scopes: [wanted] }),
      )
      const may = grants(wanted).every((one) => covered.has(one))
      // Two scopes may cover a wildcard together that neither covers alone: refusing it is safe.
      if (answer.status === 201) expect([held, wanted, may]).toEqual([held, wanted, true])
      else expectFault(answer, 403, 'forbidden', wanted)
      if (scopes.includes(wanted) && maker.includes(wanted)) expect(answer.status).toBe(201)
    }
  })
  test('nor outlive its maker', async () => {
    const ends = later(60_000)
    const { secret } = await make(['tokens:write'], { expiresAt: ends })
    const create = async (more: object) =>
      ask(
        daemon,
        'POST',
        '/v1/tokens',
        { ...bearer(secret), 'content-type': 'application/json' },
        JSON.stringify({ name: 'x', scopes: ['tokens:write'], ...more }),
      )
    expect((await create({ expiresAt: later(61_000) })).status).toBe(403)
    expect(JSON.parse((await create({})).text)).toMatchObject({ token: { expiresAt: ends } })
    expect((await create({ expiresAt: null })).status).toBe(400)
  })
  test('nor list tokens, settle approvals, stop the daemon or read events without the scope for it', async () => {
    const { secret } = await make(['tokens:write', 'sessions:*', 'runs:*'])
    const forbidden = [
      ['GET', '/v1/tokens'],
      ['POST', '/v1/approvals/apr_x'],
      ['POST', '/v1/sessions/ses_x/actions'],
      ['POST', '/v1/stop'],
      ['GET', '/v1/events'],
      ['GET', '/v1/event-log'],
      ['GET', '/v1/audit'],
      ['PUT', '/v1/settings/runs.permissionMode'],
      ['POST', '/v1/permissions'],
    ] as const
    for (const [method, at] of forbidden) expectFault(await ask(daemon, method, at, bearer(secret)), 403, 'forbidden', at)
  })
  test('nor make an agent act without asking, by any way, without the scope for permission rules', async () => {
    const { secret } = await make(['sessions:*', 'runs:*', 'tasks:*', 'agents:*', 'approvals:*'])
    const { id: agent } = await daemon.client.agents.create({ name: 'Ours' })
    const { id: session } = await daemon.client.sessions.create({})
    for (const permissionMode of ['auto', 'accept-edits']) {
      const ways = [
        ['POST', '/v1/sessions', { permissionMode }],
        ['POST', '/v1/runs', { subject: { sessionId: session }, input: 'x', permissionMode }],
        ['PATCH', `/v1/tasks/${session}`, { settings: { permissionMode } }],
        ['POST', '/v1/agents', { name: 'Theirs', permissionMode }],
        ['PATCH', `/v1/agents/${agent}`, { permissionMode }],
      ] as const
      for (const [method, at, body] of ways)
        expectFault(
          await ask(daemon, method, at, { ...bearer(secret), 'content-type': 'application/json' }, JSON.stringify(body)),
          403,
          'forbidden',
          at,
        )
    }
  })
  test('a list of tokens never holds a secret or a hash', async () => {
    const { secret } = await make(['system:read'])
    const text = JSON.stringify(await daemon.client.tokens.list({ limit: 200 }))
    expect(text).not.toContain(secret)
    expect(text).not.toMatch(/hash|secret/i)
  })
})

test('secrets are compared in constant time, and never by ===', () => {
  const source = (name: string) => readFileSync(new URL(`../../src/domains/tokens/${name}.ts`, import.meta.url), 'utf8')
  for (const name of ['authenticator', 'cookies', 'logins']) {
    expect(source(name)).toContain('timingSafeEqual(')
    expect(source(name)).not.toMatch(/(?:token|secret|cookie|proof|mac|hash|code)\s*[!=]==?\s*(?!undefined|null)\w/i)
  }
})

test.each(['0.0.0.0', '::', '192.168.0.1', '10.0.0.1', '127.0.0.1.example', '127.evil.example', 'localhost.example', 'example.org'])(
  'the daemon does not serve plain HTTP on %s unless that is asked for by name',
  async (host) => {
    const home = mkdtempSync(path.join(path.dirname(daemon.home), 'bind-'))
    await expect(serve({ home, env: {}, http: { host, port: 0 }, logTo: () => undefined })).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining('--insecure-http'),
    })
  },
)
test('asked for by name it does, to the names that it is told', async () => {
  const home = mkdtempSync(path.join(path.dirname(daemon.home), 'bind-'))
  const served = await serve({ home, env: {}, http: { host: '0.0.0.0', port: 0, insecure: true }, logTo: () => undefined })
  try {
    const url = `http://127.0.0.1:${new URL(served.url!).port}`
    unauthenticated(await ask({ url }, 'GET', '/v1/status'), 'the open bind')
    expectFault(await ask({ url }, 'GET', '/v1/status', { host: '192.168.0.9' }), 403, 'forbidden', 'an address nobody named')
  } finally {
    await served.stop()
  }
})
