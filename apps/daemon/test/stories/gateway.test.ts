import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createClient, createFetchSender, createWebSocketSender } from '@steward/client'
import { protocol } from '@steward/contract/daemon'
import { tempDir } from '@steward/testkit'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { signWebhook } from '../../src/platform/webhook-signature.ts'
import { startGateway, type TestGateway } from '../gateway.ts'
import { startDaemon, type TestDaemon } from '../kit.ts'

let daemon: TestDaemon
let gateway: TestGateway
beforeAll(async () => {
  daemon = await startDaemon({ turns: () => ({ text: 'Hello.' }) })
  gateway = await startGateway(daemon.home)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await daemon[Symbol.asyncDispose]()
})
interface Asked {
  readonly token?: string | null
  readonly headers?: Record<string, string>
  readonly method?: string
  readonly body?: string
  readonly from?: string
}
/** One request at the gateway, with the owner's token unless said. */
function ask(route: string, { token = daemon.token, headers = {}, method = 'GET', body, from }: Asked = {}) {
  const credential: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: any }>((resolve, reject) => {
    const request = http.request(
      `${gateway.url}${route}`,
      {
        method,
        agent: false,
        headers: { ...credential, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(from === undefined ? {} : { localAddress: from }),
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text }),
        )
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}
const post = (route: string, body: unknown, more: Asked = {}) => ask(route, { method: 'POST', body: JSON.stringify(body), ...more })
const tokenFor = async (...scopes: string[]) => daemon.client.tokens.create({ name: 'a', scopes })
/** Reads an event stream of the gateway until it ends; answers what has come so far. */
async function follow(route: string, headers: Record<string, string> = {}) {
  const over = new AbortController()
  const response = await fetch(`${gateway.url}${route}`, { headers: { authorization: `Bearer ${daemon.token}`, ...headers }, signal: over.signal })
  let text = ''
  const ended = (async () => {
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) text += piece
  })().catch(() => undefined)
  onTestFinished(() => over.abort())
  return { status: response.status, text: () => text, ended }
}

test('a token that only reads stays one that only reads, over HTTP and over a WebSocket that names a wider one', async () => {
  const { secret } = await tokenFor('*:read')
  expect((await ask('/v1/sessions', { token: secret })).status).toBe(200)
  expect(await post('/v1/sessions', {}, { token: secret })).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } })
  const wider = (await tokenFor('*')).secret
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${secret}`])
  const answers = new Promise<any[]>((resolve) => {
    const heard: any[] = []
    socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(data as string)) === 2 && resolve(heard))
  })
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  socket.send('{\n  "id": 1,\n  "op": "sessions.list"\n}')
  socket.send(JSON.stringify({ id: 2, op: 'sessions.create', input: {}, as: wider }))
  expect((await answers).toSorted((one, other) => one.id - other.id)).toMatchObject([
    { id: 1, ok: { nextCursor: null } },
    { id: 2, fault: { code: 'forbidden' } },
  ])
  socket.close()
})
test('wrong credentials are refused before a body is read, and counted by the daemon for each address of a client', async () => {
  const route = '/v1/sessions'
  expect(await ask(route, { token: null })).toMatchObject({ status: 401, headers: { 'www-authenticate': expect.any(String) } })
  expect(await post(route, 'no input', { token: 'stw_wrong', from: '127.0.0.2' })).toMatchObject({
    status: 401,
    body: { error: { code: 'unauthenticated' } },
  })
  const statuses = []
  for (let n = 0; n < 21; n++) statuses.push((await ask(route, { token: `stw_wrong${n}`, from: '127.0.0.2' })).status)
  expect([statuses[0], statuses.at(-1)]).toEqual([401, 429])
  expect((await ask(route, { token: 'stw_wrong', from: '127.0.0.3' })).status).toBe(401)
  expect((await ask(route, { from: '127.0.0.2' })).status).toBe(200)
})
test('a login opens the console through the gateway, and its cookie changes things from the gateway’s own page alone', async () => {
  const page = await ask('/app/login', { token: null })
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  const { code } = await daemon.client.logins.create({})
  const login = await post('/v1/login', { code }, { token: null })
  expect(login.status).toBe(204)
  const cookie = login.headers['set-cookie']![0]!.split(';')[0]!
  expect((await ask('/v1/sessions', { token: null, headers: { cookie } })).status).toBe(200)
  expect((await post('/v1/sessions', {}, { token: null, headers: { cookie } })).status).toBe(403)
  expect((await post('/v1/sessions', {}, { token: null, headers: { cookie, origin: gateway.url } })).status).toBe(201)
  expect((await post('/v1/login', { code }, { token: null })).status).toBe(401)
})
test('the gateway serves the same console as the daemon, under the same policy and openly', async () => {
  const named = (headers: Headers | http.IncomingHttpHeaders, name: string) => (headers instanceof Headers ? headers.get(name) : headers[name])
  for (const route of ['/app/', '/app/sessions']) {
    const [own, through] = [await fetch(daemon.url + route), await ask(route, { token: null })]
    expect([through.status, through.body]).toEqual([200, await own.text()])
    for (const name of ['content-security-policy', 'cache-control', 'x-content-type-options'])
      expect([name, named(through.headers, name)]).toEqual([name, named(own.headers, name)])
  }
})
test('names and pages are let in by the daemon’s own settings, and a change acts at once', async () => {
  const from = { headers: { host: 'steward.example' } }
  expect(await ask('/v1/sessions', from)).toMatchObject({ status: 403, body: { error: { message: expect.stringContaining('server.allowedHosts') } } })
  expect((await ask('/v1/sessions', { headers: { origin: 'https://evil.example' } })).status).toBe(403)
  await daemon.client.settings.set({ key: 'server.allowedHosts', value: ['steward.example'] })
  await expect.poll(async () => (await ask('/v1/sessions', from)).status).toBe(200)
})
test('the daemon sees who calls, and by which door, as without a gateway', async () => {
  const { token, secret } = await tokenFor('system:read')
  expect((await ask('/v1/whoami', { token: secret })).body).toEqual({ id: token.id, kind: 'token', door: 'http', scopes: ['system:read'] })
})
test('a token that ends takes its stream and its WebSocket with it', async () => {
  const { token, secret } = await tokenFor('*:read')
  const stream = await follow('/v1/events', { authorization: `Bearer ${secret}` })
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${secret}`])
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  await daemon.client.tokens.revoke({ id: token.id })
  expect(await closed).toBe(4401)
  await stream.ended
  expect((await ask('/v1/sessions', { token: secret })).status).toBe(401)
})
test('what a stream may not show is refused with a status before its first byte', async () => {
  const { secret } = await tokenFor('tools:read')
  expect((await follow('/v1/events', { authorization: `Bearer ${secret}` })).status).toBe(403)
  expect((await follow('/v1/sessions/ses_none/events')).status).toBe(404)
  expect((await follow('/v1/events?after=nonsense')).status).toBe(400)
})
test('bytes go up and come down whole, in ranges, and one more than may be is refused', async () => {
  const client = createClient(createFetchSender({ url: gateway.url, token: daemon.token }))
  const bytes = Buffer.alloc(3_000_000, 'steward')
  const { id } = await client.upload('files.upload', { name: 'a.bin' }, bytes)
  const whole = await client.download('files.download', { id })
  const pieces: Uint8Array[] = []
  for await (const piece of whole.bytes) pieces.push(piece)
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
  const part = await fetch(`${gateway.url}/v1/files/${id}`, { headers: { authorization: `Bearer ${daemon.token}`, range: 'bytes=7-13' } })
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 7-13/3000000', 'steward'])
  expect((await ask(`/v1/files/${id}`, { headers: { range: 'bytes=3000000-' } })).status).toBe(416)
  await daemon.client.settings.set({ key: 'files.maxBytes', value: 2_000_000 })
  await expect
    .poll(() =>
      client.upload('files.upload', {}, bytes).then(
        () => 'ok',
        (fault: { code: string }) => fault.code,
      ),
    )
    .toBe('too_large')
  await client.close()
})
test('the key of a gateway opens the socket and nothing behind it, whatever the connection says of itself', async () => {
  const key = readFileSync(path.join(daemon.home, 'run', 'gateway.key'), 'utf8').trim()
  const socket = connect(daemon.served.socket)
  onTestFinished(() => void socket.destroy())
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value as string) as any
  const { hello } = await next()
  const say = (frame: unknown) => socket.write(`${JSON.stringify(frame)}\n`)
  say({
    hello: {
      protocol,
      features: [],
      instanceId: 'a',
      proof: createHmac('sha256', key)
        .update(hello.nonce as string)
        .digest('base64url'),
    },
  })
  say({ id: 1, op: 'sessions.list' })
  expect(await next()).toMatchObject({ id: 1, fault: { code: 'unauthenticated' } })
  say({ id: 2, op: 'sessions.list', as: key })
  expect(await next()).toMatchObject({ id: 2, fault: { code: 'unauthenticated' } })
  say({ id: 3, op: 'sessions.list', as: daemon.token, via: { door: 'http' } })
  expect(await next()).toMatchObject({ id: 3, ok: { nextCursor: null } })
})
test('a gateway needs the socket and its key, and nothing else of the daemon’s folder', async () => {
  await using empty = await tempDir()
  const apart = await startGateway(empty.path, ['--socket', daemon.served.socket, '--key', path.join(daemon.home, 'run', 'gateway.key')])
  await using _ = apart
  const response = await fetch(`${apart.url}/v1/sessions`, { headers: { authorization: `Bearer ${daemon.token}` } })
  expect(response.status).toBe(200)
  if (!existsSync('/proc/self/maps')) return
  const opened = readFileSync(`/proc/${apart.pid}/maps`, 'utf8')
  expect(opened).toContain('node')
  expect(opened).not.toMatch(/sqlite|\.db/)
})
test('without its daemon it says so in a sentence, and streams and calls go on when the daemon is back', { timeout: 60_000 }, async () => {
  const own = await startDaemon()
  const before = await startGateway(own.home)
  onTestFinished(async () => {
    await before[Symbol.asyncDispose]()
    await own[Symbol.asyncDispose]()
  })
  const at = (route: string, init: RequestInit = {}) =>
    fetch(`${before.url}${route}`, { ...init, headers: { authorization: `Bearer ${own.token}`, ...(init.headers as Record<string, string>) } })
  const { id } = await own.client.sessions.create({ title: 'a' })
  const titles: string[] = []
  const stop = new AbortController()
  const sse = createClient(createFetchSender({ url: before.url, token: own.token }))
  const socket = createClient(createWebSocketSender({ url: before.url, token: own.token, pace: { firstMs: 20, mostMs: 100 } }))
  const read = async (client: typeof sse, name: string) => {
    for await (const item of client.follow({ sessionId: id, names: ['session.renamed'] }, stop.signal))
      if ('event' in item) titles.push(`${name} ${(item.event.data as { title: string }).title}`)
  }
  const reading = [read(sse, 'sse'), read(socket, 'ws')]
  const raw = await at(`/v1/sessions/${id}/events?names=session.renamed`)
  const rawText: string[] = []
  const rawRead = (async () => {
    for await (const piece of raw.body!.pipeThrough(new TextDecoderStream())) rawText.push(piece)
  })().catch(() => undefined)
  await own.client.sessions.rename({ id, title: 'b' })
  await expect.poll(() => titles.toSorted()).toEqual(['sse b', 'ws b'])
  await expect.poll(() => rawText.join('')).toContain('"b"')
  const cursor = /id: (\S+)\nevent: session\.renamed/.exec(rawText.join(''))![1]!
  await own.stop()
  for (const route of ['/v1/sessions', '/ready', '/v1/events']) {
    const response = await at(route)
    expect([route, response.status, await response.json()]).toEqual([
      route,
      503,
      { error: { code: 'unavailable', message: expect.stringContaining('steward status'), retryable: true, requestId: expect.any(String) } },
    ])
  }
  expect(await (await at('/health')).json()).toMatchObject({ status: 'ok', daemon: 'away' })
  const again = await own.restart()
  onTestFinished(() => again.stop())
  await expect.poll(async () => (await at('/ready')).status, { timeout: 10_000 }).toBe(200)
  expect(await (await at('/health')).json()).toMatchObject({ status: 'ok', daemon: 'answers' })
  await again.client.sessions.rename({ id, title: 'c' })
  await expect.poll(() => titles.toSorted(), { timeout: 10_000 }).toEqual(['sse b', 'sse c', 'ws b', 'ws c'])
  // The very connection that was open before goes on, and a new one resumes where another stopped.
  await expect.poll(() => rawText.join('')).toContain('"c"')
  const resumed = await at(`/v1/sessions/${id}/events?names=session.renamed`, { headers: { 'last-event-id': cursor } })
  let told = ''
  for await (const piece of resumed.body!.pipeThrough(new TextDecoderStream())) if ((told += piece).includes('"c"')) break
  expect(told).not.toContain('"b"')
  stop.abort()
  await Promise.all([...reading, sse.close(), socket.close()])
  await before[Symbol.asyncDispose]()
  await rawRead
})
test('a reader that stops reading costs the gateway bounded memory, and holds nobody up', { timeout: 60_000 }, async () => {
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  const { port } = new URL(gateway.url)
  const stalled = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void stalled.destroy())
  stalled.write(`GET /v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${daemon.token}\r\n\r\n`)
  await once(stalled, 'data')
  stalled.pause()
  const reader = await follow('/v1/events?names=agent.updated')
  const { id } = await daemon.client.agents.create({ name: 'Large' })
  const before = resident()
  const instructions = 'x'.repeat(100_000)
  for (let n = 0; n < 400; n++) await daemon.client.agents.update({ id, instructions: `${instructions}${n}` })
  await expect.poll(() => reader.text().length, { timeout: 30_000 }).toBeGreaterThan(40_000_000)
  expect((await ask('/v1/sessions')).status).toBe(200)
  // 40 MB were written; what waits for the one that takes nothing is 4 MB and its socket's buffers, the rest is not yet collected.
  expect(resident() - before).toBeLessThan(120)
})
test('a signed request to the webhook of a task comes through, and one that is signed wrongly does not', async () => {
  const { id } = await daemon.client.tasks.create({
    name: 'Hooked',
    target: { kind: 'tool', toolId: 'files.list', inputs: {} },
    triggers: [{ kind: 'webhook', signature: 'standard' }],
  })
  const { path: address, secret } = await daemon.client.tasks.rotateSecret({ id })
  const body = '{"a":1}'
  const knock = (by: string) => ask(address, { method: 'POST', token: null, body, headers: { ...signWebhook(by, 'msg_1', body, Date.now()) } })
  expect((await knock('whsec_d3Jvbmc=')).status).toBe(401)
  expect((await knock(secret)).status).toBe(202)
  await expect.poll(async () => (await daemon.client.tasks.runs({ id })).items.map(({ cause }) => cause)).toEqual(['webhook'])
})
