import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { soak, until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'
import { clientOf, createRecord, ends, readUntil } from '../reader.ts'

const doors = ['sse', 'websocket', 'ipc', 'sse', 'websocket', 'ipc', 'sse', 'websocket', 'ipc', 'sse'] as const

test('ten clients on three doors see the same events of a session in the same order and the same messages at the end', async () => {
  await using daemon = await startDaemon({
    turns: [
      { text: ['Look', 'ing…'], calls: [{ name: 'files_read', input: { path: 'package.json' } }] },
      { calls: [{ name: 'files_write', input: { path: 'b.txt', content: 'b' } }] },
      { text: Array.from({ length: 80 }, (_, at) => `w${at} `), deltaMs: 1 },
    ],
  })
  writeFileSync(path.join(daemon.workspace, 'package.json'), '{}')
  const { id } = await daemon.client.sessions.create({ model })
  const clients = doors.map((door) => clientOf(door, daemon))
  const records = clients.map(() => createRecord(id))
  const opened = clients.map(() => Promise.withResolvers<void>())
  const following = clients.map((client, at) =>
    readUntil(client.follow({ sessionId: id }), (item) => {
      records[at]!.take(item)
      opened[at]!.resolve()
      return ends(item)
    }),
  )
  await Promise.all(opened.map(({ promise }) => promise))
  const { runId } = await clients[4]!.messages.send({ sessionId: id, text: 'go' })
  await daemon.runUntil(runId, 'waiting')
  const { items } = await clients[5]!.approvals.list({ sessionId: id })
  const settled = await Promise.all(clients.map((client) => client.approvals.settle({ id: items[0]!.id, decision: 'approve' })))
  expect(settled.filter((one) => one.settled)).toHaveLength(1)
  await Promise.all(following)
  const all = await daemon.events(id)
  for (const { events } of records) expect(events).toEqual(all)
  const lists = await Promise.all(clients.map((client) => client.messages.list({ sessionId: id })))
  for (const list of lists) expect(list).toEqual(lists[0])
  const last = lists[0]!.items.at(-1)!
  for (const record of records)
    expect(
      record
        .piecesOf(last.id)
        .map(({ text }) => text)
        .join(''),
    ).toBe(last.text)
  await Promise.all(clients.map((client) => client.close()))
})
/** A reader that asks for all events and then takes nothing from its socket. */
async function stall({ url, token }: TestDaemon, after = ''): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`GET /v1/events${after} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`)
  await once(socket, 'data')
  return socket.pause()
}
const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'PipeWrap').length
setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc') as () => void
function memory(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
test('readers that stop reading cost bounded memory however much happens, and are dropped after the limit', async () => {
  await using daemon = await startDaemon({ stallLimitMs: 3_000 })
  const owner = daemon.served.app.authenticator.authenticate({ token: daemon.token }, 'test')
  const { id } = await daemon.client.agents.create({ name: 'Large' })
  const instructions = 'x'.repeat(100_000)
  const tell = async (count: number) => {
    for (let at = 0; at < count; at++) await daemon.served.app.call(owner, 'agents.update', { id, instructions: `${instructions}${at}` })
    await daemon.served.app.caughtUp()
  }
  await tell(100) // what the newest events cost in memory (the ring of 8 MiB) is there before it is measured
  const before = memory()
  const rssBefore = process.memoryUsage().rss
  const readers = 20
  const stalled = await Promise.all(Array.from({ length: readers }, () => stall(daemon)))
  const sockets = openSockets()
  const count = soak(200, 4_000)
  const record: number[] = []
  const following = readUntil(daemon.client.follow({ names: ['agent.updated'] }), (item) => {
    if ('event' in item) record.push(item.event.seq)
    return record.length === count
  })
  await Promise.all([following, tell(count)])
  const perReader = (memory() - before) / readers
  const rss = process.memoryUsage().rss - rssBefore
  const told = (count * instructions.length) / 1_000_000
  process.stdout.write(
    `A stalled reader cost ${(perReader / 1024).toFixed(0)} KiB of heap and buffers while ${told.toFixed(0)} MB of events were written (the whole process, writer and a reading client included, grew by ${(rss / 1_048_576).toFixed(0)} MiB).\n`,
  )
  expect(perReader).toBeLessThan(1_000_000)
  await until(() => openSockets() <= sockets - readers, { timeoutMs: 20_000, what: 'the drop of the stalled readers' })
  for (const socket of stalled) socket.destroy()
}, 60_000)
/** The frame doors' readers that take nothing: a WebSocket and an IPC connection, spoken by hand. */
async function stallWebSocket({ url, token }: TestDaemon, after: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const key = Buffer.alloc(16, 'k').toString('base64')
  socket.write(
    `GET /v1/ws HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\nsec-websocket-protocol: steward.v1, bearer.${token}\r\n\r\n`,
  )
  await once(socket, 'data')
  const frame = Buffer.from(JSON.stringify({ id: 1, subscribe: {}, after }))
  // A text frame with a mask of zeros (RFC 6455 §5.2).
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | frame.length, 0, 0, 0, 0]), frame]))
  await once(socket, 'data')
  return socket.pause()
}
async function stallIpc({ served, token }: TestDaemon, after: string): Promise<Socket> {
  const socket = connect(served.socket)
  const [first] = (await once(socket, 'data')) as [Buffer]
  const { hello } = JSON.parse(first.toString()) as { hello: { nonce: string } }
  const proof = createHmac('sha256', token).update(hello.nonce).digest('base64url')
  socket.write(
    `${JSON.stringify({ hello: { protocol: 1, features: [], instanceId: 'slow', proof } })}\n${JSON.stringify({ id: 1, subscribe: {}, after })}\n`,
  )
  await once(socket, 'data')
  return socket.pause()
}
test('readers that come back far behind and stop reading cost bounded memory too, at every door, and are dropped', async () => {
  await using daemon = await startDaemon({ stallLimitMs: 4_000 })
  const owner = daemon.served.app.authenticator.authenticate({ token: daemon.token }, 'test')
  const { id } = await daemon.client.agents.create({ name: 'Large' })
  for (let at = 0; at < 300; at++) await daemon.served.app.call(owner, 'agents.update', { id, instructions: `${'x'.repeat(100_000)}${at}` })
  await daemon.served.app.caughtUp()
  const after = 'e1.c0.a0.s0'
  const stallers = [
    (of: TestDaemon) => stall(of, `?after=${after}`),
    (of: TestDaemon) => stallWebSocket(of, after),
    (of: TestDaemon) => stallIpc(of, after),
  ]
  for (const [at, name] of ['SSE', 'WebSocket', 'IPC'].entries()) {
    const before = memory()
    const sockets = openSockets()
    const readers = 15
    const stalled = await Promise.all(Array.from({ length: readers }, () => stallers[at]!(daemon)))
    await daemon.client.system.version({})
    const perReader = (memory() - before) / readers
    process.stdout.write(`A reader that stalls far behind over ${name} cost ${(perReader / 1024).toFixed(0)} KiB of heap and buffers.\n`)
    expect(perReader).toBeLessThan(3_000_000)
    // Each has two ends in this process; the daemon's must go although the reader's stays.
    await until(() => openSockets() <= sockets + readers, { timeoutMs: 20_000, what: `the drop of the stalled readers over ${name}` })
    for (const socket of stalled) socket.destroy()
    await until(() => openSockets() <= sockets, { what: 'the end of the sockets' })
  }
}, 60_000)
test('a client that goes away in mid-run stops nothing: the run ends and its answer is there', async () => {
  await using daemon = await startDaemon({ turns: [{ text: ['a', 'b', 'c'], fault: { kind: 'hang', gate: 'go', afterDeltas: 2 } }] })
  const { id } = await daemon.client.sessions.create({ model })
  for (const door of ['sse', 'websocket', 'ipc'] as const) {
    const client = clientOf(door, daemon)
    const { runId } =
      door === 'sse' ? await client.messages.send({ sessionId: id, text: 'go' }) : { runId: (await client.runs.list({ sessionId: id })).items[0]!.id }
    await readUntil(client.follow({ sessionId: id }), (item) => 'flash' in item)
    await client.close()
    expect((await daemon.client.runs.get({ id: runId })).status).toBe('running')
  }
  daemon.wire.release('go')
  const run = (await daemon.client.runs.list({ sessionId: id })).items[0]!
  expect(await daemon.runUntil(run.id)).toMatchObject({ status: 'completed' })
  expect((await daemon.client.messages.list({ sessionId: id })).items.at(-1)?.text).toBe('abc')
})
