import { randomUUID } from 'node:crypto'
import { accountScope } from '@steward/contract/relay'
import { connectSocket, http, login } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { badTokens } from './hostile/bad-tokens.ts'
import { events } from './hostile/events.ts'
import { rows } from './hostile/rows.ts'
import { contract, mark, oneWorld, sendTo, stranger, type World } from './hostile/world.ts'
import { onMainKinds } from './kinds.ts'

const secret = 'another-secret-of-the-tests-fedcba9876543210'
const names = Object.keys(contract)
/** What a device does by itself. */
const passing = new Set(['lastSeenAt', 'timestamp', 'challenge', 'expiresAt', 'requestId'])
const settled = (value: unknown) => JSON.stringify(value, (field, inner: unknown) => (passing.has(field) ? undefined : inner))

/** All that the victim can see of itself, in so far as it stays when nobody touches it. */
async function viewOf(world: World): Promise<Record<string, string>> {
  const reads = names.filter((name) => contract[name]?.http.startsWith('GET ') && name !== 'auth.status')
  const seen: Record<string, string> = {}
  for (const name of reads) {
    const { status, body } = await sendTo(world.victim.api, name, rows[name]?.ask(world) ?? {})
    seen[name] = `${status} ${settled(Buffer.isBuffer(body) ? body.toString() : body)}`
  }
  seen['changes.list'] = settled((await world.victim.api.get('/v1/changes?since=0&limit=1000')).body)
  return seen
}
/** Nothing has reached the victim, and all it has is as it was. */
async function untouched(world: World, before: Record<string, string>): Promise<void> {
  for (const { call } of world.watchers) await call('ping', {})
  expect(world.heard).toEqual([])
  expect(await viewOf(world)).toEqual(before)
}

test('every operation of the relay has its row in the table', () => {
  expect(names.filter((name) => !Object.hasOwn(rows, name))).toEqual([])
})
onMainKinds((begin) => {
  const usual = oneWorld(begin, { secret })

  test("another account is shown, may change and hears nothing of the victim's, whatever operation it tries and whatever it names", async () => {
    const world = await usual()
    const before = await viewOf(world)
    for (const name of names) {
      const { ask, gets } = rows[name] ?? { ask: () => ({}), gets: 'own' }
      for (const url of new Set([world.relay.url, world.relay.other])) {
        const { client } = await stranger(url)
        const { status, body } = await sendTo(client, name, ask(world))
        expect(gets === 'own' ? status < 300 : status >= 400 && status < 500, `${name} was answered ${status} ${JSON.stringify(body)}`).toBe(true)
        const text = Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body ?? '')
        const echoed = new Set(JSON.stringify(ask(world)).match(/[\w-]{20,}/g))
        for (const part of [mark, Buffer.from(mark).toString('base64'), world.account, world.device])
          if (!echoed.has(part)) expect(text, name).not.toContain(part)
        client.close()
      }
    }
    await untouched(world, before)
    expect(world.relay.reported).toEqual([])
  })
  test('what is refused to others is there for the victim itself: no row is refused merely because nothing is there', async () => {
    const world = await usual()
    const reads = Object.entries(rows).filter(([name, { gets }]) => gets === 'refused' && contract[name]?.http.startsWith('GET '))
    const answers = await Promise.all(reads.map(async ([name, { ask }]) => [name, (await sendTo(world.victim.api, name, ask(world))).status]))
    expect(answers).toEqual(reads.map(([name]) => [name, 200]))
  })
  test('nobody in particular may do anything but what is open, and a token that is wrong counts less than none', async () => {
    const world = await usual()
    const before = await viewOf(world)
    const one = await stranger(world.relay.url)
    const { deviceId } = (await one.client.get<{ deviceId: string }>('/v1/auth/me')).body
    const gone = await login(world.relay.url, one.account)
    using leaving = http(world.relay.url, gone)
    await leaving.post('/v1/auth/logout', {})
    const bad = { ...badTokens(secret, one.token, world, deviceId), 'that was revoked': gone }
    const clients = [http(world.relay.url), http(world.relay.other)]
    for (const name of names) {
      const ask = rows[name]?.ask(world) ?? {}
      for (const client of new Set(clients)) {
        if (contract[name]?.needs === accountScope) expect((await sendTo(client, name, ask)).status, name).toBe(401)
        for (const [what, token] of Object.entries(bad))
          expect(await sendTo(client, name, ask, { authorization: `Bearer ${token}` }), `${name} with a token ${what}`).toMatchObject({ status: 401 })
      }
    }
    for (const [what, token] of Object.entries({ ...bad, 'that is empty': '' }))
      for (const url of [world.relay.url, world.relay.other])
        await expect(connectSocket(url, { token }), `a socket with a token ${what}`).rejects.toThrow(/authentication token/)
    for (const authorization of [
      'Bearer',
      'Bearer ',
      `Basic ${one.token}`,
      one.token,
      `Bearer ${one.token} ${one.token}`,
      `Bearer ${one.token},${one.token}`,
    ])
      expect((await clients[0]!.request('GET', '/v1/auth/me', { headers: { authorization } })).status, authorization.slice(0, 12)).toBe(401)
    for (const client of clients) client.close()
    await untouched(world, before)
    expect(world.relay.reported).toEqual([])
  })
  test("another account's socket, in whatever scope it says it is, is told nothing of the victim's and changes nothing there", async () => {
    const world = await usual()
    const before = await viewOf(world)
    const { token } = await stranger(world.relay.url)
    const scopes = [
      {},
      { clientType: 'session-scoped', sessionId: world.session },
      { clientType: 'machine-scoped', machineId: world.machine },
    ] as const
    const sockets = []
    for (const url of new Set([world.relay.url, world.relay.other]))
      for (const scope of scopes) sockets.push(await connectSocket(url, { token, ...scope }), await connectSocket(url, { token, since: 0, ...scope }))
    const heard: unknown[] = []
    for (const { socket } of sockets) socket.onAny((...said: unknown[]) => heard.push(said))
    for (const [event, payloadOf] of Object.entries(events)) {
      const answers = await Promise.all(
        sockets.map((socket) =>
          Promise.race([socket.call(event, payloadOf(world), 3_000).catch(() => undefined), socket.call('ping', {}).then(() => 'silent')]),
        ),
      )
      expect(JSON.stringify(answers), event).not.toContain(mark)
    }
    // They hear nothing of what the victim does, either.
    await untouched(world, before)
    const { session, victim } = world
    for (const watcher of world.watchers) watcher.socket.emit('rpc-call', { method: `${world.machine}:bash`, params: mark }, () => undefined)
    await victim.api.post(`/v3/sessions/${session}/messages`, { messages: [{ content: mark, localId: randomUUID() }] })
    for (const watcher of world.watchers.slice(0, 4)) await watcher.next(({ body }) => body.t === 'new-message')
    for (const socket of sockets) {
      if (socket.socket.connected) await socket.call('app-state', { state: 'active' })
      socket.close()
    }
    expect(JSON.stringify(heard)).not.toContain(mark)
    expect(sockets.flatMap(({ updates }) => updates)).toEqual([])
    expect(world.relay.reported).toEqual([])
  })
})
