import { Fault, type StreamItem } from '@steward/contract'
import { createDelegate, createIpcSender, type Behalf, type DelegateOptions } from '@steward/client/node'
import { expect, onTestFinished, test } from 'vitest'
import { serveFrameSocket } from '../src/ipc.ts'
import { createCuttingProxy } from './cutting-proxy.ts'
import { contract, createNotebook, gatewayKey, ownerToken } from './notes.ts'
import { serveNotebook } from './serve.ts'

const via = { door: 'http', address: '192.0.2.1', instanceId: 'page', requestId: 'req_1' }
const owner: Behalf = { as: ownerToken, via }
const reader: Behalf = { as: 'reader', via }
/** A notebook that gateways may stand before; `told` rings when its terms have changed. */
async function serve(changes: Parameters<typeof serveNotebook>[0] = {}) {
  const notebook = createNotebook()
  let tell: () => void = () => undefined
  let limit = 1
  const wires = { ...notebook, contract, report: () => undefined, maxUploadBytes: () => 3_000_000 }
  const served = await serveNotebook(
    {
      delegates: {
        login(code, { address, client }) {
          if (code !== 'right') throw new Fault('unauthenticated', `No such code for ${client} at ${address}.`)
          return { cookie: 'good-cookie', maxAgeSeconds: 60 }
        },
        ready: async () => ({ ok: true, checks: { notes: true } }),
        open: async (path, { id, headers, body, address }) => ({
          status: 202,
          body: { path, id, mark: headers['x-mark'], text: Buffer.from(body).toString(), address },
        }),
        async *terms(signal) {
          while (!signal.aborted) {
            yield { limit: limit++ }
            await new Promise<void>((resolve) => {
              tell = resolve
              signal.addEventListener('abort', () => resolve(), { once: true })
            })
          }
        },
      },
      sockets: { '/v1/ws': serveFrameSocket(wires) },
      ...changes,
    },
    notebook,
  )
  onTestFinished(served.close)
  return { ...served, changeTerms: () => tell() }
}
function delegateFor(socket: string, options: Partial<DelegateOptions> = {}) {
  const delegate = createDelegate({
    find: () => ({ socket, secret: gatewayKey }),
    contract,
    pace: { firstMs: 1, mostMs: 20, patienceMs: 5_000 },
    ...options,
  })
  onTestFinished(() => delegate.close())
  return delegate
}
test('a request that proves itself is carried as it came, with the address that it came from', async () => {
  const delegate = delegateFor((await serve()).socket)
  const request = { id: 'one', headers: { 'x-mark': 'm' }, body: Buffer.from('grüße'), address: '203.0.113.7' }
  expect(await delegate.open('/v1/hooks/{id}', request)).toEqual({
    status: 202,
    body: { path: '/v1/hooks/{id}', id: 'one', mark: 'm', text: 'grüße', address: '203.0.113.7' },
  })
})
test('a gateway calls, uploads, downloads and follows for others, each with what that one may do', async () => {
  const served = await serve()
  const delegate = delegateFor(served.socket)
  expect(delegate.connected()).toBe(false)
  const note = (await delegate.sender(owner).call('notes.add', { text: 'x', book: 'book' })) as { id: string }
  expect(delegate.connected()).toBe(true)
  expect(await delegate.sender(reader).call('notes.get', { id: note.id })).toMatchObject({ text: 'x' })
  await expect(delegate.sender(reader).call('notes.add', { text: 'y' })).rejects.toMatchObject({ code: 'forbidden', requestId: 'req_1' })
  await expect(delegate.sender({ as: 'wrong', via }).call('notes.list', {})).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(await delegate.sender({ as: { cookie: 'good-cookie' }, via }).call('notes.list', {})).toMatchObject({ nextCursor: null })
  const bytes = Buffer.alloc(2_000_000, 'abc')
  const about = (await delegate.sender(owner).upload('sheets.upload', {}, bytes)) as { id: string; size: number }
  expect(await delegate.sender(reader, { bytes: false }).call('sheets.download', { id: about.id })).toMatchObject({ size: 2_000_000 })
  const pieces: Uint8Array[] = []
  for await (const piece of (await delegate.sender(reader).download('sheets.download', { id: about.id }, { start: 3, end: 1_999_999 })).bytes)
    pieces.push(piece)
  expect(Buffer.concat(pieces).equals(bytes.subarray(3))).toBe(true)
  const stop = new AbortController()
  const items = await delegate.events(reader, { sessionId: 'book' }, stop.signal)
  const seen: StreamItem[] = []
  for await (const item of items) {
    seen.push(item)
    break
  }
  expect(seen).toMatchObject([{ event: { name: 'note.added', data: { id: note.id } } }])
  await expect(delegate.events({ as: 'nothing', via }, {}, stop.signal)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(delegate.events(reader, { sessionId: 'nowhere' }, stop.signal)).rejects.toMatchObject({ code: 'not_found' })
})
test('who holds a credential is told, and when it ends; a wrong one is a fault', async () => {
  const served = await serve()
  const delegate = delegateFor(served.socket)
  let ended = 0
  const { identity, leave } = await delegate.identify(reader, () => (ended += 1))
  expect(identity).toEqual({ id: 'reader', kind: 'token', scopes: ['*:read'] })
  const other = await delegate.identify({ as: 'second', via }, () => (ended += 10))
  other.leave()
  await expect(delegate.identify({ as: 'wrong', via }, () => (ended += 100))).rejects.toMatchObject({ code: 'unauthenticated' })
  served.end('second')
  served.end('reader')
  await expect.poll(() => ended).toBe(1)
  leave()
})
test('a login code, readiness and the terms of serving are for connections that speak for others, and for nobody else', async () => {
  const served = await serve()
  const delegate = delegateFor(served.socket)
  expect(await delegate.login('right', { address: '192.0.2.1' })).toEqual({ cookie: 'good-cookie', maxAgeSeconds: 60 })
  await expect(delegate.login('wrong', { address: '192.0.2.1', client: 'A phone' })).rejects.toMatchObject({
    code: 'unauthenticated',
    message: 'No such code for A phone at 192.0.2.1.',
  })
  expect(await delegate.ready()).toEqual({ ok: true, checks: { notes: true } })
  const heard: unknown[] = []
  delegate.terms(
    (terms, fresh) => heard.push([terms, fresh]),
    (fault) => heard.push(fault),
  )
  await expect.poll(() => heard).toEqual([[{ limit: 1 }, true]])
  served.changeTerms()
  await expect
    .poll(() => heard)
    .toEqual([
      [{ limit: 1 }, true],
      [{ limit: 2 }, false],
    ])
  const plain = await serveNotebook()
  onTestFinished(plain.close)
  const refused: unknown[] = []
  const before = delegateFor(plain.socket)
  before.terms(
    () => undefined,
    (fault) => refused.push(fault.code),
  )
  await expect.poll(() => refused).toEqual(['invalid'])
  await expect(before.carry('/v1/ws', owner, () => undefined, AbortSignal.timeout(10_000))).rejects.toMatchObject({
    code: 'unprocessable',
    details: { lacking: ['carrying'] },
    message: expect.stringContaining('restart'),
  })
})
test('a connection with rights of its own may not say how somebody else came', async () => {
  const served = await serve()
  const sender = createIpcSender({ socket: served.socket, token: ownerToken, contract })
  onTestFinished(() => sender.close())
  expect(await sender.call('notes.list', {})).toMatchObject({ nextCursor: null })
  const forged = createDelegate({ find: () => ({ socket: served.socket, secret: 'forged' }), contract, pace: { patienceMs: 0 } })
  onTestFinished(() => forged.close())
  await expect(forged.sender(owner).call('notes.list', {})).rejects.toMatchObject({ code: 'unauthenticated' })
})
test('a WebSocket is carried whole: its frames, what its caller may do, and how it ends', async () => {
  const served = await serve()
  const delegate = delegateFor(served.socket)
  const gone = new AbortController()
  const heard: any[] = []
  const line = await delegate.carry('/v1/ws', reader, (frame) => heard.push(JSON.parse(frame)), gone.signal)
  line.send('{"id":1,"op":"notes.list"}')
  line.send('{"id":2,"op":"notes.add","input":{"text":"x"}}')
  line.send('{"id":3,"op":"notes.add","input":{"text":"x"},"as":"owner-token"}')
  line.send('{"id":4,"op":"notes.list","via":{"door":"http"}}')
  await line.drained()
  await expect.poll(() => heard.length).toBe(4)
  const codes = heard.toSorted((one, other) => one.id - other.id).map(({ fault }) => fault?.code)
  expect(codes).toEqual([undefined, 'forbidden', 'forbidden', 'invalid'])
  line.pause()
  line.resume()
  served.end('reader')
  await line.closed
  expect(heard.at(-1)).toMatchObject({ id: 0, close: 4401 })
  const nowhere: any[] = []
  const lost = await delegate.carry('/v1/nowhere', owner, (frame) => nowhere.push(JSON.parse(frame)), gone.signal)
  await lost.closed
  expect(nowhere).toMatchObject([{ id: 0, fault: { code: 'not_found' } }])
})
test('a gateway whose daemon is away says so when its patience is over; what was open goes on when the daemon is back', async () => {
  const served = await serve()
  const proxy = await createCuttingProxy(served.socket)
  onTestFinished(() => proxy.close())
  const away = delegateFor('/nowhere/at/all', { pace: { firstMs: 1, mostMs: 5, patienceMs: 20 } })
  await expect(away.sender(owner).call('notes.list', {})).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  await expect(away.identify(owner, () => undefined)).rejects.toMatchObject({ code: 'unavailable' })
  await expect(away.events(owner, {}, AbortSignal.timeout(10_000))).rejects.toMatchObject({ code: 'unavailable' })
  const delegate = delegateFor(proxy.socket)
  const stop = new AbortController()
  const items = await delegate.events(owner, { sessionId: 'book' }, stop.signal)
  let over = 0
  await delegate.identify(owner, () => (over += 1))
  const seen: number[] = []
  for (let n = 1; n <= 5; n++) served.tell('note.added', { n }, 'book')
  for await (const item of items) {
    if (!('event' in item)) continue
    seen.push((item.event.data as { n: number }).n)
    proxy.cutNow()
    if (seen.length === 5) break
  }
  expect(seen).toEqual([1, 2, 3, 4, 5])
  expect(over).toBe(0)
})
test('one call of many is given up at once, also by the daemon, and the others are answered', async () => {
  const notebook = createNotebook()
  const begun: string[] = []
  const { socket } = await serve({
    async call(caller, name, input, options = {}) {
      const { text } = input as { text?: string }
      if (text === undefined) return notebook.call(caller, name, input, options)
      begun.push(text)
      await new Promise((_resolve, reject) =>
        options.signal?.addEventListener('abort', () => reject(new Fault('unavailable', `Over ${begun.push('over')}`))),
      )
      throw new Error('It went on.')
    },
  })
  const sender = createIpcSender({ socket, token: ownerToken, contract })
  onTestFinished(() => sender.close())
  const stop = new AbortController()
  const call = sender.call('notes.list', { text: 'wait' }, { signal: stop.signal })
  const others = Array.from({ length: 20 }, () => sender.call('notes.list', {}))
  await expect.poll(() => begun).toEqual(['wait'])
  const from = performance.now()
  stop.abort()
  await expect(call).rejects.toMatchObject({ code: 'unavailable', retryable: false })
  await expect.poll(() => begun).toEqual(['wait', 'over'])
  expect(await Promise.all(others)).toHaveLength(20)
  expect(performance.now() - from).toBeLessThan(2_000)
})
test('frames of another version are a fault that says who is to be restarted', async () => {
  for (const [protocol, words] of [
    [2, /restart this program/],
    [0, /restart the daemon \(steward stop, then steward start\)/],
  ] as const) {
    const { socket } = await serve({ protocol })
    const sender = createIpcSender({ socket, token: ownerToken, contract })
    onTestFinished(() => sender.close())
    const fault = await sender.call('notes.list', {}).catch((error: unknown) => error)
    expect(fault).toMatchObject({
      code: 'unprocessable',
      retryable: false,
      details: { daemon: protocol, client: 1 },
      message: expect.stringMatching(words),
    })
  }
})
test('bytes that cannot be read, and transfers that are given up, are faults and leave nothing open', async () => {
  const { socket, notes } = await serve()
  const sender = createIpcSender({ socket, token: ownerToken, contract })
  onTestFinished(() => sender.close())
  async function* torn() {
    yield Buffer.alloc(200_000)
    throw new Error('The disk is gone.')
  }
  await expect(sender.upload('sheets.upload', {}, torn())).rejects.toMatchObject({ code: 'invalid' })
  expect(notes.size).toBe(0)
  const { id } = (await sender.upload('sheets.upload', {}, Buffer.alloc(2_500_000, 'x'))) as { id: string }
  await expect(sender.download('sheets.download', { id }, undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'unavailable' })
  const stop = new AbortController()
  const first = await sender.download('sheets.download', { id }, undefined, { signal: stop.signal })
  const read = async () => {
    for await (const piece of first.bytes) if (piece.byteLength > 0) stop.abort()
  }
  await expect(read()).rejects.toMatchObject({ code: 'unavailable', retryable: false })
  for await (const piece of (await sender.download('sheets.download', { id })).bytes) if (piece.byteLength > 0) break
  expect(await sender.call('notes.list', {})).toEqual({ items: [], nextCursor: null })
})
