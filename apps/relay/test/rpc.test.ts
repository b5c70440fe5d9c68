import { until } from '@steward/testkit'
import { connectSocket, startProxy, type RelaySocket } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

type Ack = { readonly ok: true; readonly result: string } | { readonly ok: false; readonly error: string }
const machine = { clientType: 'machine-scoped', machineId: 'm' } as const
const unavailable = { ok: false, error: 'RPC method not available' }
const disconnected = { ok: false, error: 'RPC target disconnected' }
const ask = (socket: RelaySocket, method: string, more: object = {}) => socket.call<Ack>('rpc-call', { method, params: 'p', ...more }, 20_000)
/** What a socket hears of an event, in order. */
const heard = (socket: RelaySocket, event: string) => {
  const came: Record<string, unknown>[] = []
  const rings: (() => void)[] = []
  socket.socket.on(event, (payload: Record<string, unknown>) => {
    came.push(payload)
    for (const ring of rings.splice(0)) ring()
  })
  return {
    came,
    async first() {
      while (came.length === 0) await new Promise<void>((resolve) => rings.push(resolve))
      return came[0]!
    },
  }
}

onMainKinds((begin, nodes) => {
  test('a phone calls a method of its machine or its session, and gets back what it answered, letter for letter', async () => {
    const relay = await begin()
    const { socket, socketElsewhere } = await relay.account()
    const phone = await socket()
    const daemon = await socketElsewhere(machine)
    const cli = await socket({ clientType: 'session-scoped', sessionId: 's' })
    await daemon.serve('m:bash', (params) => `ran ${params}`)
    await cli.serve('s:permission', () => '')
    expect(await ask(phone, 'm:bash', { params: 'ls "ä" \u{1F600}' })).toEqual({ ok: true, result: 'ran ls "ä" \u{1F600}' })
    expect(await ask(phone, 's:permission')).toEqual({ ok: true, result: '' })
    expect(await ask(cli, 'm:bash')).toEqual({ ok: true, result: 'ran p' })
    const many = await Promise.all(Array.from({ length: 200 }, (_, at) => ask(phone, 'm:bash', { params: String(at) })))
    expect(many).toEqual(many.map((_, at) => ({ ok: true, result: `ran ${at}` })))
    expect(await ask(daemon, 'm:bash')).toEqual({ ok: false, error: 'Cannot call RPC on the same socket' })
    expect(await phone.call('rpc-call', {})).toEqual({ ok: false, error: 'Invalid parameters: method is required' })
    expect(await phone.call('rpc-call', { method: 'm:bash', params: { a: 1 } })).toMatchObject({ ok: false })
    expect(relay.reported).toEqual([])
  })

  test('nobody but a socket of the machine itself can serve its methods, and other accounts do not reach them', async () => {
    const { account } = await begin()
    const mine = await account()
    const theirs = await account()
    const phone = await mine.socket()
    const daemon = await mine.socket(machine)
    await daemon.serve('m:bash', () => 'the daemon')
    const impostors = [
      await mine.socketElsewhere(),
      await mine.socketElsewhere({ clientType: 'machine-scoped', machineId: 'm2' }),
      await mine.socketElsewhere({ clientType: 'session-scoped', sessionId: 'm:' }),
    ]
    for (const impostor of impostors) {
      const refused = heard(impostor, 'rpc-error')
      impostor.socket.on('rpc-request', (_request, give) => give('an impostor'))
      expect(await impostor.call('rpc-register', { method: 'm:bash' })).toMatchObject({ ok: false })
      expect(await refused.first()).toMatchObject({ type: 'register', error: expect.stringMatching(/serve/) })
    }
    const twin = await theirs.socketElsewhere(machine)
    await twin.serve('m:bash', () => 'another account')
    expect(await ask(phone, 'm:bash')).toEqual({ ok: true, result: 'the daemon' })
    expect(await ask(await theirs.socket(), 'm:bash')).toEqual({ ok: true, result: 'another account' })
    expect(await ask(await (await account()).socket(), 'm:bash')).toEqual(unavailable)
  })

  test('a method of a machine that has not been here is not available at once, and so is an unknown one of an account', async () => {
    const { account } = await begin()
    const phone = await (await account()).socket()
    const began = Date.now()
    for (const method of ['m:bash', 'bash', ':', 'x'.repeat(500)]) expect(await ask(phone, method)).toEqual(unavailable)
    expect(Date.now() - began).toBeLessThan(2_000)
  })

  test('a call to a daemon that is just coming back waits for it, on whichever node it comes', async () => {
    const { account } = await begin()
    const { socket, socketElsewhere } = await account()
    const phone = await socket()
    const first = await socket(machine)
    await first.serve('m:bash', () => 'first')
    first.close()
    const asked = [ask(phone, 'm:bash'), ask(await socketElsewhere(), 'm:bash')]
    const second = await socketElsewhere(machine)
    await second.serve('m:bash', () => 'second')
    expect(await Promise.all(asked)).toEqual([
      { ok: true, result: 'second' },
      { ok: true, result: 'second' },
    ])
  })

  test('the newest registration wins at once, on every node, although the old socket has not been missed yet', async () => {
    const relay = await begin()
    const { token, socket, socketElsewhere } = await relay.account()
    await using proxy = await startProxy(relay.url)
    const phones = [await socket(), await socketElsewhere()]
    const old = await connectSocket(proxy.url, { token, ...machine })
    await old.serve('m:bash', () => 'old')
    for (const phone of phones) expect(await ask(phone, 'm:bash')).toEqual({ ok: true, result: 'old' })
    proxy.stall()
    const fresh = await socketElsewhere(machine)
    await fresh.serve('m:bash', () => 'new')
    for (const phone of phones.toReversed()) expect(await ask(phone, 'm:bash')).toEqual({ ok: true, result: 'new' })
    // And back again to the first node.
    const freshest = await socket(machine)
    await freshest.serve('m:bash', () => 'newest')
    for (const phone of phones.toReversed()) expect(await ask(phone, 'm:bash')).toEqual({ ok: true, result: 'newest' })
    old.close()
  })

  test('a call ends when its target goes, without waiting for its time-out', async () => {
    const { account } = await begin()
    const { socket, socketElsewhere } = await account()
    const phones = [await socket(), await socketElsewhere()]
    const daemon = await socketElsewhere(machine)
    const asked = heard(daemon, 'rpc-request')
    await daemon.serve('m:other', () => '')
    daemon.socket.emit('rpc-register', { method: 'm:never' })
    const began = Date.now()
    const calls = phones.map((phone) => ask(phone, 'm:never'))
    while (asked.came.length < 2) await new Promise((resolve) => daemon.socket.once('rpc-request', () => setImmediate(resolve)))
    daemon.close()
    expect(await Promise.all(calls)).toEqual([disconnected, disconnected])
    expect(Date.now() - began).toBeLessThan(5_000)
  })

  test('a caller says how long it waits, and can cancel; a target that was given a name for the call hears that nobody waits any more', async () => {
    const { account } = await begin()
    const { socket, socketElsewhere } = await account()
    for (const daemon of [await socket(machine), await socketElsewhere(machine)]) {
      const phone = await socket()
      const asked = heard(daemon, 'rpc-request')
      const cancelled = heard(daemon, 'rpc-cancelled')
      await daemon.serve('m:other', () => '')
      expect(await daemon.call('rpc-register', { method: 'm:never' })).toEqual({ ok: true })
      expect(await ask(phone, 'm:never', { timeoutMs: 50 })).toEqual({ ok: false, error: 'operation has timed out' })
      expect(asked.came).toEqual([{ method: 'm:never', params: 'p' }])
      const call = ask(phone, 'm:never', { callId: 'c', timeoutMs: 600_000 })
      expect(await ask(phone, 'm:never', { callId: 'c' })).toEqual({ ok: false, error: 'This callId is in use.' })
      while (asked.came.length < 2) await new Promise((resolve) => daemon.socket.once('rpc-request', () => setImmediate(resolve)))
      // Another phone knows nothing of that call.
      expect(await (await socket()).call('rpc-cancel', { callId: 'c' })).toEqual({ ok: false })
      expect(cancelled.came).toEqual([])
      expect(await phone.call('rpc-cancel', { callId: 'c' })).toEqual({ ok: true })
      expect(await call).toEqual({ ok: false, error: 'The RPC call was cancelled.' })
      expect(await cancelled.first()).toEqual({ callId: asked.came[1]!['callId'] })
      expect(await phone.call('rpc-cancel', { callId: 'c' })).toEqual({ ok: false })
      // So does one whose caller has gone.
      phone.socket.emit('rpc-call', { method: 'm:never', params: 'p', callId: 'd' }, () => undefined)
      while (asked.came.length < 3) await new Promise((resolve) => daemon.socket.once('rpc-request', () => setImmediate(resolve)))
      cancelled.came.length = 0
      phone.close()
      expect(await cancelled.first()).toEqual({ callId: asked.came[2]!['callId'] })
    }
  })

  test('an answer that is no text is refused, and a method that was given up is gone', async () => {
    const { account } = await begin()
    const { socket, socketElsewhere } = await account()
    const phone = await socket()
    const daemon = await socketElsewhere(machine)
    daemon.socket.on('rpc-request', (_request, give) => give({ a: 1 }))
    expect(await daemon.call('rpc-register', { method: 'm:odd' })).toEqual({ ok: true })
    expect(await ask(phone, 'm:odd')).toMatchObject({ ok: false, error: expect.stringMatching(/no text/) })
    const given = heard(daemon, 'rpc-unregistered')
    daemon.socket.emit('rpc-unregister', { method: 'm:odd' })
    expect(await given.first()).toEqual({ method: 'm:odd' })
    expect(await ask(phone, 'm:odd', { timeoutMs: 100 })).toEqual(unavailable)
  })

  test('a caller has so many calls under way and no more, and is still heard', async () => {
    const { account } = await begin()
    const { socket, socketElsewhere } = await account()
    const phone = await socket()
    const daemon = await socketElsewhere(machine)
    expect(await daemon.call('rpc-register', { method: 'm:never' })).toEqual({ ok: true })
    const asked = new Set<unknown>()
    daemon.socket.on('rpc-request', (request: { callId?: string }) => asked.add(request.callId))
    const calls = Array.from({ length: 257 }, (_, at) => ask(phone, 'm:never', { callId: String(at) }))
    expect(await calls[256]).toMatchObject({ ok: false, error: expect.stringMatching(/^Too many/) })
    // A ping waits for what is to be stored, not for these.
    expect(await phone.call('ping', undefined)).toEqual({})
    expect(await phone.call('rpc-cancel', { callId: '0' })).toEqual({ ok: true })
    expect(await calls[0]).toMatchObject({ ok: false })
    // A call that is still on its way to a target that goes waits for its return.
    await until(() => asked.size >= 255)
    daemon.close()
    expect(await calls[1]).toEqual(disconnected)
  })

  test('a target that takes nothing any more is not sent more and more', async () => {
    const relay = await begin()
    const { token, socket } = await relay.account()
    await using proxy = await startProxy(relay.other)
    const phone = await socket()
    const daemon = await connectSocket(proxy.url, { token, ...machine })
    expect(await daemon.call('rpc-register', { method: 'm:bash' })).toEqual({ ok: true })
    proxy.stall()
    const params = 'x'.repeat(1024 * 1024)
    const errors = new Set<string>()
    for (let at = 0; at < 60 && errors.size < 2; at++)
      errors.add(((await ask(phone, 'm:bash', { params, timeoutMs: 20 })) as { error: string }).error)
    expect([...errors]).toEqual(['operation has timed out', expect.stringMatching(/does not keep up/)])
    daemon.close()
  })

  // Where there is one node, there is none to stop.
  if (nodes > 1)
    test('a node that stops lets the calls to its sockets fail at once', async () => {
      const relay = await begin()
      const { socket, socketElsewhere } = await relay.account()
      const phone = await socket()
      const daemon = await socketElsewhere(machine)
      const asked = heard(daemon, 'rpc-request')
      expect(await daemon.call('rpc-register', { method: 'm:never' })).toEqual({ ok: true })
      const call = ask(phone, 'm:never')
      await asked.first()
      await relay.stopNode(1)
      expect(await call).toEqual(disconnected)
    })
})
