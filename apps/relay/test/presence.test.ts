import { tempDir, until } from '@steward/testkit'
import { connectSocket, http, login } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'
import { startRelay, type TestAccount } from './start.ts'

const hurried = { renewAfterMs: 50, keepEveryMs: 20, sweepEveryMs: 50, silentMs: 1_500 }
const calm = { renewAfterMs: 50, keepEveryMs: 20, sweepEveryMs: 60_000, silentMs: 600_000 }
interface Session {
  readonly id: string
  readonly active: boolean
  readonly activeAt: number
  readonly metadata: string
}
const create = async ({ api }: TestAccount, tag: string) =>
  (await api.post<{ session: Session }>('/v1/sessions', { tag, metadata: 'sealed' })).body.session
const get = async ({ elsewhere }: TestAccount, id: string) => (await elsewhere.get<{ session: Session }>(`/v1/sessions/${id}`)).body.session
const machineOf = async ({ elsewhere }: TestAccount, id: string) =>
  (await elsewhere.get<{ machine: { active: boolean; activeAt: number } }>(`/v1/machines/${id}`)).body.machine

onMainKinds((begin) => {
  test('a sign of life is told at once and kept soon; one from the future is of now, and an old one counts for nothing', async () => {
    const relay = await begin({ presence: calm })
    const account = await relay.account()
    const phone = await account.socket()
    const { id } = await create(account, 't')
    const cli = await account.socketElsewhere({ clientType: 'session-scoped', sessionId: id })
    await cli.call('session-alive', { sid: id, time: Date.now() - 3_600_000, thinking: true })
    const before = Date.now()
    await cli.call('session-alive', { sid: id, time: before + 3_600_000, thinking: true })
    const told = await phone.nextEphemeral(({ type }) => type === 'activity')
    expect(told).toMatchObject({ id, active: true, thinking: true })
    expect(told['activeAt']).toBeGreaterThanOrEqual(before)
    expect(told['activeAt']).toBeLessThanOrEqual(Date.now())
    await until(async () => {
      await cli.call('session-alive', { sid: id, time: Date.now() })
      return (await get(account, id)).activeAt > before + 60
    })
    expect(await cli.call('session-alive', { sid: id, time: 'now' })).toMatchObject({ ok: false, error: 'time must be milliseconds since 1970.' })
    expect(relay.reported).toEqual([])
  })

  test('what gives no sign of life is inactive in the end, and whoever asks learns it; what gives some stays active', async () => {
    const relay = await begin({ presence: hurried })
    const account = await relay.account()
    const phone = await account.socket()
    const silent = await create(account, 'silent')
    const alive = await create(account, 'alive')
    await account.api.post('/v1/machines', { id: 'm', metadata: 'sealed' })
    await account.api.post('/v1/machines/m/state', { daemonState: 'd' })
    const cli = await account.socketElsewhere()
    const began = Date.now()
    const signs = setInterval(() => cli.socket.emit('session-alive', { sid: alive.id, time: Date.now() }), 100)
    await phone.nextEphemeral(({ type, active }) => type === 'machine-activity' && active === false, 10_000)
    expect(await phone.nextEphemeral(({ type, id, active }) => type === 'activity' && id === silent.id && active === false, 10_000)).toMatchObject({
      activeAt: silent.activeAt,
      thinking: false,
    })
    expect(Date.now() - began).toBeGreaterThan(1_000)
    expect([(await get(account, silent.id)).active, (await get(account, alive.id)).active]).toEqual([false, true])
    expect((await machineOf(account, 'm')).active).toBe(false)
    clearInterval(signs)
    await cli.call('machine-alive', { machineId: 'm', time: Date.now() })
    await cli.call('session-alive', { sid: silent.id, time: Date.now() })
    await until(async () => (await machineOf(account, 'm')).active && (await get(account, silent.id)).active)
    expect(relay.reported).toEqual([])
  })

  test('an archived session stays over on every node although its program still gives signs of life, until it is opened again', async () => {
    const relay = await begin({ presence: calm })
    const account = await relay.account()
    const phone = await account.socket()
    const { id } = await create(account, 't')
    const near = await account.socket({ clientType: 'session-scoped', sessionId: id })
    const far = await account.socketElsewhere({ clientType: 'session-scoped', sessionId: id })
    for (const cli of [near, far]) await cli.call('session-alive', { sid: id, time: Date.now() })
    await phone.nextEphemeral(({ active }) => active === true)
    expect((await account.api.post(`/v1/sessions/${id}/archive`, {})).body).toEqual({ success: true })
    await phone.nextEphemeral(({ active }) => active === false)
    phone.ephemerals.length = 0
    for (let at = 0; at < 10; at++) for (const cli of [near, far]) await cli.call('session-alive', { sid: id, time: Date.now() })
    // Whatever was on its way when it was archived has long been kept.
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await get(account, id)).active).toBe(false)
    expect(phone.ephemerals.filter(({ active }) => active === true).length).toBeLessThanOrEqual(1)
    expect((await create(account, 't')).id).toBe(id)
    await until(async () => {
      await far.call('session-alive', { sid: id, time: Date.now() })
      return (await get(account, id)).active
    })
    await phone.nextEphemeral(({ active }) => active === true)
  })

  test('a session that says it ends is over, takes its last words after that, and the answer to a ping means that they are stored', async () => {
    const relay = await begin({ presence: calm })
    const account = await relay.account()
    const phone = await account.socket()
    const { id } = await create(account, 't')
    const cli = await account.socketElsewhere({ clientType: 'session-scoped', sessionId: id })
    for (let round = 0; round < 10; round++)
      cli.socket.emit('update-state', { sid: id, expectedVersion: round, agentState: `s${round}` }, () => undefined)
    cli.socket.emit('session-end', { sid: id, time: Date.now() })
    cli.socket.emit('update-metadata', { sid: id, expectedVersion: 0, metadata: 'archived' })
    expect(await cli.call('ping', undefined)).toEqual({})
    const last = await get(account, id)
    expect(last).toMatchObject({ active: false, metadata: 'archived', metadataVersion: 1, agentState: 's9', agentStateVersion: 10 })
    cli.close()
    await phone.nextEphemeral(({ type, active }) => type === 'activity' && active === false)
    await phone.next(({ body }) => body.t === 'update-session' && 'metadata' in body)
    expect((await get(account, id)).active).toBe(false)
  })

  test('a daemon that connects is told of, and one that leaves too, but not when it has come back meanwhile on another node', async () => {
    const relay = await begin({ presence: calm })
    const account = await relay.account()
    const phone = await account.socket()
    await account.api.post('/v1/machines', { id: 'm', metadata: 'sealed' })
    const daemon = { clientType: 'machine-scoped', machineId: 'm' } as const
    const first = await account.socket(daemon)
    await phone.nextEphemeral(({ type, id, active }) => type === 'machine-activity' && id === 'm' && active === true)
    const second = await account.socketElsewhere(daemon)
    await until(() => phone.ephemerals.length === 2)
    first.close()
    await first.closed
    await account.api.get('/health')
    second.close()
    await phone.nextEphemeral(({ active }) => active === false)
    expect(phone.ephemerals.map(({ active }) => active)).toEqual([true, true, false])
  })
})

test('an archived session stays over when the relay is started anew', async () => {
  await using home = await tempDir('relay-')
  const config = { home: home.path, presence: calm }
  const before = await startRelay(config)
  const account = await before.account()
  const { id } = await create(account, 't')
  await account.api.post(`/v1/sessions/${id}/archive`, {})
  await before.stop()
  const after = await startRelay(config)
  const token = await login(after.url, account.account)
  using api = http(after.url, token)
  using cli = await connectSocket(after.url, { token, clientType: 'session-scoped', sessionId: id })
  const sees = async () => (await api.get<{ session: Session }>(`/v1/sessions/${id}`)).body.session.active
  for (let at = 0; at < 10; at++) await cli.call('session-alive', { sid: id, time: Date.now() })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await sees()).toBe(false)
  await api.post('/v1/sessions', { tag: 't', metadata: 'sealed' })
  await until(async () => {
    await cli.call('session-alive', { sid: id, time: Date.now() })
    return sees()
  })
  await after.stop()
})
