import { createHash, randomBytes } from 'node:crypto'
import { until } from '@steward/testkit'
import type { RelaySocket } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'
import { StreamEnd } from './stream-end.ts'

const machineId = 'machine-1'
const digest = (parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex')
const asMachine = { clientType: 'machine-scoped', machineId } as const

/** A machine that takes every stream it is offered. */
async function listen(socket: RelaySocket): Promise<StreamEnd[]> {
  const ends: StreamEnd[] = []
  socket.socket.on('stream-offer', (offer: { streamId: string; key: string; meta: string }, answer: (value: unknown) => void) => {
    if (offer.meta === 'no') return answer({ accept: false, reason: 'Not today.' })
    ends.push(new StreamEnd(socket, offer, 0))
    answer({ accept: true })
  })
  expect(await socket.call('stream-listen', {})).toEqual({ ok: true })
  return ends
}
async function open(socket: RelaySocket, meta = ''): Promise<StreamEnd> {
  const opened = await socket.call<{ ok: boolean; streamId: string; key: string; window: number }>('stream-open', { machineId, meta })
  expect(opened).toMatchObject({ ok: true })
  return new StreamEnd(socket, opened, opened.window)
}
const all = (end: StreamEnd, bytes: number) => until(() => end.receivedBytes >= bytes, { timeoutMs: 20_000, what: `${bytes} bytes` })

onMainKinds((begin) => {
  test('bytes go both ways between a phone and a machine, in order and whole, far beyond what may be ahead', async () => {
    const relay = await begin()
    const { socket, socketElsewhere } = await relay.account()
    const taken = await listen(await socketElsewhere(asMachine))
    const phone = await open(await socket())
    const [there, back] = [randomBytes(5_000_000), randomBytes(3_000_000)]
    phone.write(there)
    await until(() => taken.length === 1)
    taken[0]?.write(back)
    await all(phone, back.length)
    await all(taken[0] as StreamEnd, there.length)
    expect(digest(phone.received)).toBe(digest([back]))
    expect(digest(taken[0]?.received ?? [])).toBe(digest([there]))
    await phone.close('enough')
    await until(() => taken[0]?.closedBecause === 'enough')
    expect(relay.reported).toEqual([])
  })

  test('a stream goes on where it was after an end has lost its connection, at any node', async () => {
    const relay = await begin()
    const { socket, socketElsewhere } = await relay.account()
    const taken = await listen(await socketElsewhere(asMachine))
    const first = await socket()
    const phone = await open(first)
    const [there, back] = [randomBytes(6_000_000), randomBytes(6_000_000)]
    phone.write(there)
    await until(() => taken.length === 1)
    const machine = taken[0] as StreamEnd
    machine.write(back)
    await all(phone, 1_000_000)
    first.close()
    expect(await phone.resume(await socketElsewhere())).toMatchObject({ ok: true })
    await all(phone, back.length)
    await all(machine, there.length)
    expect([digest(phone.received), digest(machine.received)]).toEqual([digest([back]), digest([there])])
  })

  test('a stream goes on after both ends have lost their connections', async () => {
    const relay = await begin()
    const { socket, socketElsewhere } = await relay.account()
    const [one, two] = [await socket(), await socketElsewhere(asMachine)]
    const taken = await listen(two)
    const phone = await open(one)
    const there = randomBytes(4_000_000)
    phone.write(there)
    await until(() => (taken[0]?.receivedBytes ?? 0) > 500_000)
    const machine = taken[0] as StreamEnd
    one.close()
    two.close()
    await Promise.all([phone.resume(await socketElsewhere()), machine.resume(await socket(asMachine))])
    await all(machine, there.length)
    expect(digest(machine.received)).toBe(digest([there]))
  })

  test('a stream ends for the end that stays when the other does not come back', async () => {
    const relay = await begin({ streamGraceMs: 300 })
    const { socket, socketElsewhere } = await relay.account()
    const two = await socketElsewhere(asMachine)
    await listen(two)
    const phone = await open(await socket())
    two.close()
    await until(() => phone.closedBecause)
    expect(phone.closedBecause).toMatch(/did not come back/)
  })

  test('only the account that has a stream can take it up, and only a machine that is there can be reached', async () => {
    const relay = await begin()
    const { socket, socketElsewhere } = await relay.account()
    const phone = await socket()
    expect(await phone.call('stream-open', { machineId })).toMatchObject({ ok: false, error: 'The machine is offline.' })
    await listen(await socketElsewhere(asMachine))
    expect(await phone.call('stream-open', { machineId, meta: 'no' })).toMatchObject({ ok: false, error: 'Not today.' })
    expect(await phone.call('stream-listen', {})).toMatchObject({ ok: false, code: 'forbidden' })
    const opened = await phone.call<{ streamId: string; key: string }>('stream-open', { machineId })
    const stranger = await (await relay.account()).socket()
    expect(await stranger.call('stream-open', { machineId })).toMatchObject({ ok: false })
    const claim = { streamId: opened.streamId, key: opened.key, received: 0 }
    expect(await stranger.call('stream-resume', claim)).toMatchObject({ ok: false, code: 'not_found' })
    expect(await phone.call('stream-resume', { ...claim, key: 'x' })).toMatchObject({ ok: false, code: 'not_found' })
    expect(await stranger.call('stream-close', { streamId: opened.streamId })).toMatchObject({ ok: false, code: 'not_found' })
  })

  test('a sender that goes beyond what was asked for, or sends what is no frame, ends its stream and nothing else', async () => {
    const relay = await begin()
    const { socket, socketElsewhere } = await relay.account()
    await listen(await socketElsewhere(asMachine))
    const phone = await socket()
    const [greedy, calm] = [await phone.call<{ streamId: string }>('stream-open', { machineId }), await open(phone)]
    const ended = new Promise<{ streamId: string; reason: string }>((resolve) => phone.socket.once('stream-closed', resolve))
    const refused = new Promise<{ event: string; error: string }>((resolve) => phone.socket.once('refused', resolve))
    phone.socket.emit('stream-data', { streamId: greedy.streamId, offset: 0, data: Buffer.alloc(300 * 1024) })
    expect(await refused).toMatchObject({ event: 'stream-data', error: expect.stringMatching(/262144 bytes/) as string })
    phone.socket.emit('stream-data', { streamId: greedy.streamId, offset: 7, data: Buffer.alloc(10) })
    expect(await ended).toMatchObject({ streamId: greedy.streamId, reason: 'The next byte is 0, not 7.' })
    calm.write(randomBytes(10))
    expect(calm.closedBecause).toBeUndefined()
    expect(phone.socket.connected).toBe(true)
  })

  test('bytes come once to an end that two of the other side ask at once what it has', async () => {
    const relay = await begin()
    const { socket, socketElsewhere } = await relay.account()
    const machine = await socketElsewhere(asMachine)
    const came: number[] = []
    const asked: ((value: unknown) => void)[] = []
    machine.socket.on('stream-offer', (_offer: unknown, answer: (value: unknown) => void) => answer({ accept: true }))
    machine.socket.on('stream-data', ({ offset }: { offset: number }) => came.push(offset))
    machine.socket.on('stream-resumed', (_told: unknown, answer: (value: unknown) => void) => asked.push(answer))
    await machine.call('stream-listen', {})
    const [old, next] = [await socket(), await socketElsewhere()]
    const { streamId, key } = await old.call<{ streamId: string; key: string }>('stream-open', { machineId })
    const resume = (on: RelaySocket) => on.call<{ sendFrom?: number }>('stream-resume', { streamId, key, received: 0 })
    const slow = resume(old)
    await until(() => asked.length === 1)
    const quick = resume(next)
    await until(() => asked.length === 2)
    asked[1]?.({ received: 0 })
    expect(await quick).toMatchObject({ ok: true, sendFrom: 0 })
    next.socket.emit('stream-data', { streamId, offset: 0, data: Buffer.alloc(10) })
    await until(() => came.length === 1)
    // What it had when it was asked is not what it has now, and who asked has lost the stream to the other meanwhile.
    asked[0]?.({ received: 0 })
    expect(await slow).not.toHaveProperty('sendFrom')
    // The connection that it has moved away from holds nothing of it any more.
    await until(async () => (await old.call<{ ok?: boolean } | null>('stream-credit', { streamId, upTo: 1 }))?.ok === false)
    next.socket.emit('stream-data', { streamId, offset: 10, data: Buffer.alloc(10) })
    await until(() => came.length === 2)
    expect(came).toEqual([0, 10])
    const credit = new Promise<{ upTo: number }>((resolve) => next.socket.on('stream-credit', (given) => given.upTo === 1_500_000 && resolve(given)))
    machine.socket.emit('stream-credit', { streamId, upTo: 1_500_000 })
    expect(await credit).toEqual({ streamId, upTo: 1_500_000 })
  })
})
