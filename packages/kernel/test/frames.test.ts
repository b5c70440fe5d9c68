import { createHmac } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { ownerToken, type Notebook } from './notes.ts'
import { senders, serveNotebook } from './serve.ts'

type Answer = { id: number; ok?: unknown; fault?: { code: string; message: string }; [field: string]: unknown }
async function serve(changes: Parameters<typeof serveNotebook>[0] = {}, notebook?: Notebook) {
  const served = await serveNotebook(changes, notebook)
  onTestFinished(served.close)
  return served
}
/** A bare IPC client: says what it is told to and keeps what it hears. */
async function dial(path: string, hello: { token?: string; features?: string[]; protocol?: number } = {}) {
  const socket: Socket = connect(path)
  const heard: Answer[] = []
  const listeners = new Set<() => void>()
  let ended = false
  const ring = () => listeners.forEach((wake) => wake())
  const lines = createInterface({ input: socket })
  const first = new Promise<{ hello: { nonce: string; protocol: number } }>((resolve) =>
    lines.once('line', (line) => resolve(JSON.parse(line) as never)),
  )
  const { hello: greeting } = await first
  lines.on('line', (line) => {
    heard.push(JSON.parse(line) as Answer)
    ring()
  })
  socket
    .on('error', () => undefined)
    .on('close', () => {
      ended = true
      ring()
    })
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => listeners.add(resolve))
  }
  const { token = ownerToken, features = [], protocol = 1 } = hello
  const proof = createHmac('sha256', token).update(greeting.nonce).digest('base64url')
  socket.write(`${JSON.stringify({ hello: { protocol, features, instanceId: 'test', proof } })}\n`)
  return {
    socket,
    heard,
    say: (frame: unknown) => void socket.write(`${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n`),
    async answer(id: number, at = 0): Promise<Answer> {
      await until(() => heard.filter((one) => one.id === id).length > at || ended)
      return heard.filter((one) => one.id === id)[at]!
    },
    ended: () => until(() => ended),
    close: () => socket.destroy(),
  }
}
test('the socket is for its owner alone, and a wrong proof, protocol, silence or nonsense closes it with a sentence', async () => {
  const { socket } = await serve({ helloLimitMs: 50 })
  expect((await stat(socket)).mode & 0o777).toBe(0o600)
  const wrong = await dial(socket, { token: 'wrong' })
  expect(await wrong.answer(0)).toMatchObject({ fault: { code: 'unauthenticated' } })
  await wrong.ended()
  const future = await dial(socket, { protocol: 2 })
  expect(await future.answer(0)).toMatchObject({ fault: { code: 'unprocessable' } })
  await future.ended()
  for (const said of ['', '{}\n', 'x\n']) {
    const silent = connect(socket)
    silent.write(said)
    let text = ''
    for await (const chunk of silent) text += String(chunk)
    expect(text).toMatch(/"hello"[\s\S]*"code":"(unauthenticated|invalid)"/)
  }
})
const broken: [string, unknown, number][] = [
  ['no JSON', 'nonsense', 0],
  ['JSON that breaks off', '{"id":7,"op":"notes.list"', 7],
  ['no object', '[1]', 0],
  ['no id', { op: 'notes.list' }, 0],
  ['an id of text', { id: 'a', op: 'notes.list' }, 0],
  ['an id of zero', { id: 0, op: 'notes.list' }, 0],
  ['no verb', { id: 5 }, 5],
  ['an unknown field', { id: 5, op: 'notes.list', extra: 1 }, 5],
  ['a wrong key', { id: 5, op: 'notes.add', input: { text: 'x' }, key: 'a b' }, 5],
  ['nothing to subscribe to', { id: 5, subscribe: 'all' }, 5],
  ['too deep nesting', `{"id":5,"op":"notes.list","input":${'['.repeat(1_000)}${']'.repeat(1_000)}}`, 5],
]
test.each(broken)('a frame with %s is answered with a fault, and the connection goes on', async (_what, frame, id) => {
  const { socket, url } = await serve()
  const line = await dial(socket)
  line.say(frame)
  expect(await line.answer(id)).toMatchObject({
    id,
    fault: { code: 'invalid', message: expect.stringMatching(/\.$/), requestId: expect.any(String) },
  })
  line.say({ id: 9, op: 'notes.list' })
  expect(await line.answer(9)).toMatchObject({ ok: { items: [] } })
  line.close()
  const peer = new WebSocket(`${url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${ownerToken}`])
  await new Promise((resolve) => peer.once('open', resolve))
  peer.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  const answer = await new Promise<string>((resolve) => peer.once('message', (data: Buffer) => resolve(data.toString())))
  expect(JSON.parse(answer)).toMatchObject({ id, fault: { code: 'invalid' } })
  peer.terminate()
})
test('a frame of 17 MiB is refused and drained, and the next one is answered', async () => {
  const { socket } = await serve()
  const line = await dial(socket)
  line.say(`{"id":3,"op":"notes.add","input":{"text":"${'x'.repeat(17 * 1024 * 1024)}"}}`)
  line.say({ id: 4, op: 'notes.list' })
  expect(await line.answer(3)).toMatchObject({ fault: { code: 'too_large' } })
  expect(await line.answer(4)).toMatchObject({ ok: { items: [] } })
  line.close()
})
test('words that are cut anywhere between their bytes arrive whole', async () => {
  const { socket, notes } = await serve()
  const line = await dial(socket)
  await line.socket.setNoDelay(true)
  for (const byte of Buffer.from(`${JSON.stringify({ id: 1, op: 'notes.add', input: { text: 'é😀漢' } })}\n`)) line.socket.write(Buffer.of(byte))
  expect(await line.answer(1)).toMatchObject({ ok: { text: 'é😀漢' } })
  expect(notes.get('note_1')?.text).toBe('é😀漢')
  line.close()
})
test('an id in use is refused, and so are more than 1,000 things at a time; a cancelled stream says that it ended', async () => {
  const { socket, readers } = await serve()
  const line = await dial(socket)
  for (let id = 1; id <= 1_001; id++) line.say({ id, subscribe: {} })
  expect(await line.answer(1_001)).toMatchObject({ fault: { code: 'too_many', retryable: true } })
  line.say({ id: 1, subscribe: {} })
  expect(await line.answer(1)).toMatchObject({ fault: { code: 'conflict' } })
  expect(readers()).toBe(1_000)
  line.say({ id: 2, cancel: true })
  expect(await line.answer(2)).toEqual({ id: 2, ok: null })
  line.close()
  await expect.poll(readers).toBe(0)
})
test('who speaks for another has the scopes that both hold, frame by frame', async () => {
  const { socket } = await serve()
  const line = await dial(socket, { features: ['delegated'] })
  const add = { op: 'notes.add', input: { text: 'x' } }
  line.say({ id: 1, ...add })
  line.say({ id: 2, ...add, as: 'reader' })
  line.say({ id: 3, ...add, as: 'second' })
  line.say({ id: 4, ...add, as: 'expired' })
  line.say({ id: 5, subscribe: {}, as: 'nothing' })
  line.say({ id: 6, subscribe: {} })
  const codes = []
  for (const id of [1, 2, 3, 4, 5, 6]) codes.push((await line.answer(id)).fault?.code ?? 'ok')
  expect(codes).toEqual(['unauthenticated', 'forbidden', 'ok', 'unauthenticated', 'forbidden', 'unauthenticated'])
  line.close()
  const own = await dial(socket)
  own.say({ id: 1, ...add, as: 'reader' })
  own.say({ id: 2, ...add })
  expect([(await own.answer(1)).fault?.code, (await own.answer(2)).fault?.code]).toEqual(['forbidden', undefined])
  own.close()
})
test('chunks that are no base64, too large or beyond the credit break the upload and nothing else', async () => {
  const { socket, notes } = await serve()
  const line = await dial(socket)
  const open = (id: number) => line.say({ id, op: 'sheets.upload', input: {} })
  open(1)
  line.say({ id: 1, chunk: '!!!!' })
  open(2)
  line.say({ id: 2, chunk: Buffer.alloc(65_537).toString('base64') })
  open(3)
  line.say({ id: 3, cancel: true })
  line.say({ id: 77, chunk: 'AAAA' })
  line.say({ id: 77, credit: 3 })
  line.say({ id: 77, cancel: true })
  const codes = []
  for (const id of [1, 2, 3]) codes.push((await line.answer(id)).fault?.code)
  expect(codes).toEqual(['invalid', 'invalid', 'unavailable'])
  expect(notes.size).toBe(0)
  line.close()
})
test('a download sends no more than its credit until more is granted', async () => {
  const { socket, url } = await serve()
  const sender = senders.http(url, socket)
  const { id: sheet } = (await sender.upload('sheets.upload', {}, Buffer.alloc(2_900_000, 'x'))) as { id: string }
  const line = await dial(socket)
  line.say({ id: 1, op: 'sheets.download', input: { id: sheet } })
  await line.answer(1, 16)
  line.say({ id: 2, op: 'notes.list' })
  await line.answer(2)
  expect(line.heard.filter(({ id }) => id === 1)).toHaveLength(17)
  line.say({ id: 1, credit: 100 })
  await expect.poll(() => line.heard.at(-1)?.['end']).toBe(true)
  expect(line.heard.reduce((sum, { chunk }) => sum + Buffer.from(String(chunk ?? ''), 'base64').length, 0)).toBe(2_900_000)
  line.close()
})
test('a reader that takes nothing is dropped in time on every door, and what waits for it stays small', async () => {
  const served = await serve({ stallLimitMs: 200 })
  for (let n = 0; n < 3_000; n++) served.tell('note.added', { text: 'x'.repeat(20_000) }, 'book')
  const before = process.memoryUsage()
  const { port } = new URL(served.url)
  const http = connect(Number(port), '127.0.0.1')
  http.write(`GET /v1/sessions/book/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${ownerToken}\r\n\r\n`)
  http.pause()
  const line = await dial(served.socket)
  line.say({ id: 1, subscribe: { sessionId: 'book' } })
  line.socket.pause()
  const peer = new WebSocket(`${served.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${ownerToken}`])
  await new Promise((resolve) => peer.once('open', resolve))
  peer.send('{"id":1,"subscribe":{"sessionId":"book"}}')
  peer.pause()
  await expect.poll(served.begun).toBe(3)
  await expect.poll(served.readers, { timeout: 3_000 }).toBe(0)
  // 60 MB wait in the log; the buffers of three readers are a few pieces each.
  expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(20_000_000)
  for (const one of [http, line.socket]) one.destroy()
  peer.terminate()
})
test('a credential that ends takes its streams and its WebSocket with it', async () => {
  const served = await serve()
  const stream = await fetch(`${served.url}/v1/events`, { headers: { authorization: 'Bearer reader' } })
  const peer = new WebSocket(`${served.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', 'bearer.reader'])
  await new Promise((resolve) => peer.once('open', resolve))
  const closed = new Promise<number>((resolve) => peer.once('close', resolve))
  const sender = senders.ws(served.url, served.socket, 'second')
  const refused = (async () => {
    for await (const item of sender.events({})) void item
  })().catch((error: unknown) => error)
  await expect.poll(served.readers).toBe(2)
  served.end('reader')
  served.end('second')
  expect(await closed).toBe(4401)
  expect(await stream.text()).toBe('retry: 1000\n\n')
  expect(await refused).toMatchObject({ name: 'Fault', code: 'unauthenticated' })
  await sender.close()
})
test('a WebSocket peer that answers no pings is dropped', async () => {
  const served = await serve({ pingMs: 20 })
  const peer = new WebSocket(`${served.url.replace('http', 'ws')}/v1/ws`, ['steward.v1', `bearer.${ownerToken}`], { autoPong: false })
  expect(await new Promise((resolve) => peer.once('close', resolve))).toBe(1006)
})
test('a server that closes ends its streams at once, and a closed sender refuses further calls', async () => {
  const served = await serveNotebook()
  const opened = (['http', 'ws', 'ipc'] as const).map((door) => senders[door](served.url, served.socket))
  const stop = new AbortController()
  const reading = opened.map(async (sender) => {
    for await (const item of sender.events({}, stop.signal)) void item
  })
  await expect.poll(served.readers).toBe(3)
  await served.close()
  expect(served.readers()).toBe(0)
  stop.abort()
  await Promise.all(reading)
  for (const sender of opened) {
    await sender.close()
    await expect(sender.call('notes.list', {})).rejects.toMatchObject({ code: 'unavailable' })
  }
})
test('a client that goes away stops nothing that it asked to be done', async () => {
  const { socket, notes } = await serve()
  const line = await dial(socket)
  line.say({ id: 1, op: 'notes.add', input: { text: 'x' } })
  line.socket.end()
  await expect.poll(() => notes.size).toBe(1)
})
test('a refused credential is the same fault at the sender on every door', async () => {
  const { url, socket } = await serve()
  for (const door of ['http', 'ws', 'ipc'] as const) {
    const sender = senders[door](url, socket, 'wrong')
    await expect(sender.call('notes.list', {})).rejects.toMatchObject({ name: 'Fault', code: 'unauthenticated' })
    await sender.close()
  }
})
