import { connect } from 'node:net'
import { connectSocket, http } from '@steward/testkit/relay'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engine, post, raw, statusesOf } from './hostile/wire.ts'
import { startRelay, type TestAccount, type TestRelay } from './start.ts'

const limits = { maxBodyBytes: 1024 * 1024, maxFrameBytes: 1024 * 1024 }
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('a relay that is spoken to in a way that is no way to speak', () => {
  let relay: TestRelay
  let own: TestAccount
  beforeAll(async () => {
    relay = await startRelay(limits)
    own = await relay.account()
  })
  afterAll(() => relay.stop())
  const bearer = () => ({ authorization: `Bearer ${own.token}` })
  /** Others are served, and nothing went wrong inside. */
  const lives = async () => {
    expect((await own.api.get('/v1/sessions')).status).toBe(200)
    expect(relay.reported).toEqual([])
  }

  test('refuses a body that is no JSON as we take it', async () => {
    const bodies = {
      'bytes that are no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      'half a surrogate pair in UTF-8': Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
      'UTF-16': Buffer.from('\ufeff{"publicKey":"AA"}', 'utf16le'),
      'a NUL': '{"publicKey":"AA"}\0',
      'two values': '{}{}',
      'half a value': '{"publicKey":',
      'deep lists': nested(10_000),
      'deeper objects': '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000),
      'a prototype': '{"__proto__":{"x":1}}',
      'a prototype that hides': '{"\\u005f_proto__":{"x":1}}',
      'compressed bytes': Buffer.from('1f8b0800000000000003abae0500430fbfa302000000', 'hex'),
    }
    for (const [what, body] of Object.entries(bodies))
      for (const [path, headers] of [['/v1/auth/request', {}] as const, ['/v1/sessions', bearer()] as const])
        expect(statusesOf(await raw(relay.url, post(path, body, headers))), `${what} at ${path}`).toEqual([400])
    await lives()
  })
  test('refuses what is too large before it has read it: little without a token, more with one, nothing endless', async () => {
    const large = `{"publicKey":"${'A'.repeat(70_000)}"}`
    expect(statusesOf(await raw(relay.url, post('/v1/auth/request', large)))).toEqual([413])
    expect(statusesOf(await raw(relay.url, post('/v1/nothing', large)))).toEqual([404])
    // With a promise of more than is sent, the answer comes all the same.
    const promised = { 'content-length': String(100 * 1024 * 1024) }
    expect(statusesOf(await raw(relay.url, post('/v1/auth', '{', promised)))).toEqual([413])
    expect(statusesOf(await raw(relay.url, post('/v1/sessions', '{', promised)))).toEqual([401])
    expect(statusesOf(await raw(relay.url, post('/v1/sessions', '{', { ...promised, ...bearer() })))).toEqual([413])
    expect((await own.api.post('/v1/sessions', { tag: 't', metadata: 'A'.repeat(limits.maxBodyBytes) })).status).toBe(413)
    const chunk = `10000\r\n${'A'.repeat(65_536)}\r\n`
    const endless = (path: string, token: string) =>
      `POST ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${token}transfer-encoding: chunked\r\n\r\n${chunk.repeat(40)}`
    expect(statusesOf(await raw(relay.url, endless('/v1/auth', '')))).toEqual([413])
    expect(statusesOf(await raw(relay.url, endless('/v1/sessions', `authorization: Bearer ${own.token}\r\n`)))).toEqual([413])
    await lives()
  })
  test('refuses heads that are no heads, and reads nothing between two requests', async () => {
    const ok = 'GET /health HTTP/1.1\r\nhost: a\r\n'
    const refused = [
      'nonsense\r\n\r\n',
      'GET / HTTP/9.9\r\nhost: a\r\n\r\n',
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
      `${ok}x: ${'a'.repeat(100_000)}\r\n\r\n`,
      `${ok}${'x: a\r\n'.repeat(20_000)}\r\n`,
      `${ok}x\0y: a\r\n\r\n`,
      `${ok}x : a\r\n\r\n`,
      `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${ok}content-length: 5\r\ncontent-length: 6\r\n\r\naaaaaa`,
      `${ok}content-length: -1\r\n\r\n`,
      `${ok}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      `${ok}transfer-encoding: chunked\r\n\r\nzz\r\n\r\n`,
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ]
    for (const bytes of refused) {
      const statuses = statusesOf(await raw(relay.url, Buffer.from(bytes, 'latin1'), 500))
      expect(
        statuses.filter((status) => status < 400 || status >= 500),
        bytes.slice(0, 60),
      ).toEqual([])
    }
    for (const path of [
      '/v1/sessions/..%2f..%2fauth%2fme',
      '/v1//auth/me',
      '/V1/auth/me',
      '/v1/auth/me/..',
      '//evil',
      '/v1/sessions/%00',
      '/*',
      '/v1/auth/me;x=1',
    ])
      expect((await own.api.get(path)).status, path).toBeGreaterThanOrEqual(400)
    for (const method of ['TRACE', 'PATCH', 'CONNECTX', 'PROPFIND'])
      expect(
        statusesOf(await raw(relay.url, `${method} /v1/auth/me HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`))[0] ?? 400,
        method,
      ).toBeGreaterThanOrEqual(400)
    await lives()
  })
  test("ends a stranger's connection that brings more than an introduction, at once or bit by bit", async () => {
    const big = await engine(relay.url)
    big.send(`40{"token":"${'A'.repeat(200_000)}"}`)
    await big.closed
    expect(big.frames.filter((frame) => frame.startsWith('40'))).toEqual([])
    const many = await engine(relay.url)
    const flood = setInterval(() => many.send(`42["message",{"sid":"${'a'.repeat(1_000)}"}]`), 1)
    await many.closed
    clearInterval(flood)
    // Who is logged in may send as much.
    const socket = await own.socket()
    expect(await socket.call('message', { sid: 'none', message: 'A'.repeat(500_000) })).toMatchObject({ ok: false })
    await lives()
  })
  test("refuses a stranger's long poll that brings more than an introduction, and takes it from one who is known", async () => {
    const { token } = await relay.account()
    const poll = `${relay.url}/v1/updates/?EIO=4&transport=polling`
    const arrive = async () => JSON.parse((await (await fetch(poll)).text()).slice(1)) as { sid: string }
    const much = `42["message",{"sid":"none","message":"${'x'.repeat(100_000)}"}]`
    const send = async (sid: string, body: string) => (await fetch(`${poll}&sid=${sid}`, { method: 'POST', body })).status
    const { sid } = await arrive()
    expect(await send(sid, much)).toBe(413)
    const known = await arrive()
    expect(await send(known.sid, `40${JSON.stringify({ token })}`)).toBe(200)
    expect(await (await fetch(`${poll}&sid=${known.sid}`)).text()).toMatch(/^40/)
    expect(await send(known.sid, much)).toBe(200)
    for (const one of [sid, known.sid]) await send(one, '1')
    await lives()
  })

  test('survives frames that are none, before and after the introduction', async () => {
    const frames = [
      '', '0', '1x', '2', '3', '5', '6', '9', 'x', '4', '40{', '40{}', '40[]', '40null', '40/admin,{}', '41', '42', '42{}', '42[]', '42[1]', '42[null]', '42["connect"]', '42["disconnect"]',
      '42["disconnecting"]', '42["error"]', '42["newListener"]', '42["__proto__",{}]', '42["message"', '42["message",{"sid":', `42["message",${nested(20_000)}]`, '4299999999999999999999["message"]',
      '43', '430[]', '4399["x"]', '44{"message":"x"}', '45', '451-["message",{"_placeholder":true,"num":0}]', '451-["message",{"_placeholder":true,"num":-1}]', '45999999999-["message"]',
      '451-["message",{"_placeholder":true,"num":"__proto__"}]', '46', '47', '\u0000', '\ud83d\ude00', new Uint8Array([1, 2, 3]), new Uint8Array(0),
    ] // prettier-ignore
    for (const introduced of [false, true])
      for (const frame of frames) {
        const connection = await engine(relay.url)
        if (introduced) {
          connection.send(`40${JSON.stringify({ token: own.token })}`)
          await until(() => connection.frames.some((one) => one.startsWith('40')))
        }
        connection.send(frame)
        connection.close()
        await connection.closed
      }
    await lives()
    expect(await until(() => relay.sockets() <= 1)).toBe(true)
  })
  test('refuses introductions that are none, with words', async () => {
    const introductions: [unknown, RegExp][] = [
      [{}, /Missing authentication token/],
      [{ token: '' }, /Missing authentication token/],
      [{ token: { $gt: '' } }, /Missing authentication token/],
      [{ token: ['a'] }, /Missing authentication token/],
      [{ token: 'A'.repeat(5_000) }, /does not fit/],
      [{ token: own.token, clientType: 'root' }, /does not fit/],
      [{ token: own.token, clientType: 'session-scoped' }, /Session ID required/],
      [{ token: own.token, clientType: 'machine-scoped' }, /Machine ID required/],
      [{ token: own.token, clientType: 'session-scoped', sessionId: 'A'.repeat(300) }, /does not fit/],
      [{ token: own.token, since: -1 }, /does not fit/],
      [{ token: own.token, since: 1e300 }, /does not fit/],
      [{ token: own.token, since: 'x' }, /does not fit/],
      [{ token: own.token, happyClient: 'a\0' }, /NUL/],
    ]
    for (const [handshake, words] of introductions)
      await expect(connectSocket(relay.url, handshake as { token: string }), JSON.stringify(handshake).slice(0, 80)).rejects.toThrow(words)
    await lives()
  })
  test('serves others while many connections are open that say nothing, or half of something', async () => {
    const port = Number(new URL(relay.url).port)
    const idle = Array.from({ length: 300 }, (_, at) => {
      const socket = connect(
        port,
        '127.0.0.1',
        () => at % 3 === 0 || socket.write(at % 3 === 1 ? 'POST /v1/auth HTTP/1.1\r\nho' : post('/v1/auth', '{', { 'content-length': '50' })),
      )
      return socket.on('error', () => undefined)
    })
    const silent = await Promise.all(Array.from({ length: 50 }, () => engine(relay.url)))
    const flood = Array.from({ length: 8 }, () => http(relay.url))
    const answers = await Promise.all(
      flood.flatMap((client) =>
        Array.from({ length: 100 }, () => client.post('/v1/auth', { publicKey: 'AA==', challenge: 'AA==', signature: 'AA==' })),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    await lives()
    const socket = await own.socket()
    expect(await socket.call('app-state', { state: 'active' })).toBeDefined()
    for (const one of idle) one.destroy()
    for (const one of silent) one.close()
    for (const one of flood) one.close()
  })
})
test('an account that asks for too much at once is told to wait, and no other is', async () => {
  const relay = await startRelay({ requestsPerAccount: 4 })
  try {
    const [greedy, other] = [await relay.account(), await relay.account()]
    using many = http(relay.url, greedy.token, { connections: 64 })
    // Held open by a body that does not come: so many are under way.
    const port = Number(new URL(relay.url).port)
    const held = Array.from({ length: 4 }, () => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(post('/v1/sessions', '{', { authorization: `Bearer ${greedy.token}`, 'content-length': '100' })),
      )
      return socket
    })
    await until(async () => (await many.get('/v1/sessions')).status === 429)
    const { body, headers } = await many.get('/v1/sessions')
    expect(body).toMatchObject({ code: 'too_many', retryable: true })
    expect(headers['retry-after']).toBe('1')
    expect((await other.api.get('/v1/sessions')).status).toBe(200)
    for (const socket of held) socket.destroy()
    await until(async () => (await many.get('/v1/sessions')).status === 200)
  } finally {
    await relay.stop()
  }
})
