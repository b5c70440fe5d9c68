import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server } from 'socket.io'
import nacl from 'tweetnacl'
import { expect, test } from 'vitest'
import { connectSocket, http, login, newAccount, signedChallenge, startProxy } from './index.ts'

const bytes = (base64: string): Uint8Array => Buffer.from(base64, 'base64')

/** A server that knows just enough: login, an echo, and a socket that says who it is and passes RPC on to whoever registered the method. */
async function startServer() {
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const json = (status: number, value: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))
    if (incoming.url === '/v1/auth') {
      const { publicKey, challenge, signature } = JSON.parse(body.toString())
      const isGood = nacl.sign.detached.verify(bytes(challenge), bytes(signature), bytes(publicKey))
      return isGood ? json(200, { success: true, token: `token of ${publicKey}` }) : json(401, { error: 'Invalid signature' })
    }
    if (incoming.url === '/silent') return
    if (incoming.url === '/text') return void response.writeHead(200, { 'content-type': 'text/plain' }).end('Welcome')
    if (incoming.url === '/bytes') return void response.writeHead(206, { 'content-type': 'application/octet-stream' }).end(body)
    if (incoming.url === '/nothing') return void response.writeHead(204).end()
    json(200, {
      method: incoming.method,
      authorization: incoming.headers.authorization,
      type: incoming.headers['content-type'],
      body: body.toString(),
    })
  }
  const server = createServer((incoming, response) => void serve(incoming, response))
  const sockets = new Server(server, { path: '/v1/updates' })
  sockets.use((socket, next) => next(socket.handshake.auth['token'] === 'good' ? undefined : new Error('Invalid authentication token')))
  sockets.on('connection', (socket) => {
    socket.emit('ephemeral', { type: 'hello', auth: socket.handshake.auth, transport: socket.conn.transport.name })
    socket.on('ping', (_payload, give) => give({}))
    socket.on('rpc-register', ({ method }) => {
      void socket.join(`rpc:${method}`)
      socket.emit('rpc-registered', { method })
    })
    socket.on('rpc-call', async ({ method, params }, give) => {
      const [target] = await sockets.in(`rpc:${method}`).fetchSockets()
      give({ ok: true, result: await target!.timeout(5000).emitWithAck('rpc-request', { method, params }) })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    announce: (seq: number, t: string) => sockets.emit('update', { id: `u${seq}`, seq, createdAt: 0, body: { t } }),
    [Symbol.asyncDispose]: () => sockets.close(),
  }
}

test('an account logs in with its own challenge, and the same secret is the same account everywhere', async () => {
  await using server = await startServer()
  const account = newAccount()
  expect(await login(server.url, account)).toBe(`token of ${account.publicKey}`)
  const seed = new Uint8Array(32).fill(7)
  expect(newAccount(seed).publicKey).toBe(Buffer.from(nacl.sign.keyPair.fromSeed(seed).publicKey).toString('base64'))
  expect(signedChallenge(account).challenge).not.toBe(signedChallenge(account).challenge)
  await expect(login(server.url, { ...account, publicKey: newAccount().publicKey })).rejects.toThrow(
    'Login was answered 401: {"error":"Invalid signature"}',
  )
})

test('requests carry the token and every kind of body, and answers come back as what they are', async () => {
  await using server = await startServer()
  using client = http(server.url, 'abc')
  expect(await client.post('/echo', { a: 1 })).toMatchObject({
    status: 200,
    body: { method: 'POST', authorization: 'Bearer abc', type: 'application/json', body: '{"a":1}' },
  })
  expect((await client.get<{ type?: string }>('/echo')).body).toEqual({ method: 'GET', authorization: 'Bearer abc', body: '' })
  expect((await client.put<{ body: string }>('/echo', '{broken')).body.body).toBe('{broken')
  expect((await client.delete<{ method: string }>('/echo')).body.method).toBe('DELETE')
  expect(await client.get('/text')).toMatchObject({ status: 200, body: 'Welcome' })
  expect(await client.post('/bytes', Buffer.from([0, 255]))).toMatchObject({ status: 206, body: Buffer.from([0, 255]) })
  expect(await client.get('/nothing')).toMatchObject({ status: 204, body: undefined })
  await expect(client.request('GET', '/silent', { timeoutMs: 100 })).rejects.toThrow('GET /silent was not answered within 100 ms.')
})

test('a socket says who it is over a websocket, hears updates past and to come, and awaits acknowledgements', async () => {
  await using server = await startServer()
  using socket = await connectSocket(server.url, { token: 'good', clientType: 'machine-scoped', machineId: 'm1', since: 4 })
  expect(await socket.nextEphemeral(({ type }) => type === 'hello')).toEqual({
    type: 'hello',
    auth: { token: 'good', clientType: 'machine-scoped', machineId: 'm1', since: 4 },
    transport: 'websocket',
  })
  const coming = socket.next(({ body }) => body.t === 'new-session')
  server.announce(1, 'new-machine')
  server.announce(2, 'new-session')
  expect((await coming).seq).toBe(2)
  expect((await socket.next(({ body }) => body.t === 'new-machine')).seq).toBe(1)
  expect(socket.updates.map(({ seq }) => seq)).toEqual([1, 2])
  expect(await socket.call('ping', {})).toEqual({})
  await expect(socket.call('unknown', {}, 100)).rejects.toThrow('timed out')
  await expect(socket.next(({ seq }) => seq === 3, 100)).rejects.toThrow(
    'Waited 100 ms in vain for one update; of 2 that came the last are [{"id":"u1"',
  )
})

test('a refused socket says why', async () => {
  await using server = await startServer()
  await expect(connectSocket(server.url, { token: 'bad' })).rejects.toThrow('Invalid authentication token')
})

test('a machine answers the calls that a phone makes', async () => {
  await using server = await startServer()
  using machine = await connectSocket(server.url, { token: 'good' })
  using phone = await connectSocket(server.url, { token: 'good' })
  await machine.serve('m1:shout', async (params) => params.toUpperCase())
  await machine.serve('m1:count', (params) => String(params.length))
  expect(await phone.call('rpc-call', { method: 'm1:shout', params: 'hey' })).toEqual({ ok: true, result: 'HEY' })
  expect(await phone.call('rpc-call', { method: 'm1:count', params: 'hey' })).toEqual({ ok: true, result: '3' })
})

test('after a loss a socket comes back by itself only when asked to, and then says what it knows by then', async () => {
  await using server = await startServer()
  await using proxy = await startProxy(server.url)
  let since = 0
  using lasting = await connectSocket(proxy.url, () => ({ token: 'good', since }), { reconnect: true })
  using passing = await connectSocket(proxy.url, { token: 'good' })
  since = 7
  proxy.cutAll()
  expect(await passing.closed).toBe('transport close')
  expect(await lasting.closed).toMatch(/^transport/)
  await lasting.nextEphemeral(({ auth }) => (auth as { since: number }).since === 7)
  expect([lasting.socket.connected, passing.socket.connected]).toEqual([true, false])
  await expect(connectSocket('http://127.0.0.1:9', { token: 'good' })).rejects.toThrow('websocket error')
})
