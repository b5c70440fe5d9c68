import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { until } from '../until.ts'
import { startProxy } from './index.ts'

/** A server that sends back what it gets, and ends when its client does. */
async function startEcho(): Promise<AsyncDisposable & { url: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `tcp://127.0.0.1:${(server.address() as { port: number }).port}`, sockets, [Symbol.asyncDispose]: close }
}
async function dial(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const chunks: Buffer[] = []
  let closed = ''
  let length = 0
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    length += chunk.length
  })
  socket.on('error', (error: NodeJS.ErrnoException) => (closed = error.code ?? ''))
  socket.on('close', () => (closed ||= 'closed'))
  await once(socket, 'connect')
  return { socket, text: () => Buffer.concat(chunks).toString(), length: () => length, closed: () => until(() => closed) }
}

test('everything arrives whole and in order through delay and jitter, and the end of one side reaches the other', async () => {
  await using echo = await startEcho()
  await using proxy = await startProxy(echo.url)
  proxy.setDelay(5, 20)
  const client = await dial(proxy.port)
  const sent = Array.from({ length: 200_000 }, (_, place) => `${place},`).join('')
  for (let at = 0; at < sent.length; at += 50_000) client.socket.write(sent.slice(at, at + 50_000))
  client.socket.end()
  expect(await client.closed()).toBe('closed')
  expect(client.text() === sent).toBe(true)
  await until(() => proxy.connections() === 0)
  expect(proxy.url).toBe(`tcp://127.0.0.1:${proxy.port}`)
})

test('a delay counts for each way', async () => {
  await using echo = await startEcho()
  await using proxy = await startProxy(echo.url)
  const client = await dial(proxy.port)
  proxy.setDelay(150)
  const startedAt = performance.now()
  client.socket.write('ping')
  await until(() => client.text() === 'ping')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(300)
})

test('cutting resets both sides of every connection, and the next one is taken', async () => {
  await using echo = await startEcho()
  await using proxy = await startProxy(echo.url)
  const clients = [await dial(proxy.port), await dial(proxy.port)]
  for (const client of clients) client.socket.write('hi')
  await until(() => clients.every((client) => client.text() === 'hi'))
  proxy.cutAll()
  for (const client of clients) expect(await client.closed()).toBe('ECONNRESET')
  await until(() => echo.sockets.size === 0)
  const next = await dial(proxy.port)
  next.socket.write('again')
  await until(() => next.text() === 'again')
})

test('a lost chunk is not skipped: its connection is reset', async () => {
  await using echo = await startEcho()
  const chances = [0.9, 0.4, 0.2]
  await using proxy = await startProxy(echo.url, { random: () => chances.shift() ?? 1 })
  const client = await dial(proxy.port)
  proxy.setDelay(0)
  proxy.setLoss(0.15)
  // A loss and a delay are drawn for each chunk there and back.
  client.socket.write('one')
  await until(() => client.text() === 'one')
  chances.push(0.1)
  client.socket.write('two')
  expect(await client.closed()).toBe('ECONNRESET')
  expect(client.text()).toBe('one')
})

test('a stall holds everything back, and the writer too once the buffers are full; nothing is lost', async () => {
  await using echo = await startEcho()
  await using proxy = await startProxy(echo.url)
  const client = await dial(proxy.port)
  proxy.stall()
  const late = await dial(proxy.port)
  late.socket.write('late')
  const big = 'x'.repeat(1024)
  for (let count = 0; count < 64 * 1024; count += 1) client.socket.write(big)
  await delay(300)
  expect(client.text() + late.text()).toBe('')
  expect(client.socket.writableLength).toBeGreaterThan(32 * 1024 * 1024)
  proxy.resume()
  await until(() => late.text() === 'late' && client.length() === 64 * 1024 * 1024, { timeoutMs: 20_000 })
})

test('before a target that is down it takes the connection and resets it', async () => {
  const echo = await startEcho()
  await using proxy = await startProxy(echo.url)
  await echo[Symbol.asyncDispose]()
  const client = await dial(proxy.port)
  expect(await client.closed()).toMatch(/ECONNRESET|closed/)
})
