import { http, login, startPostgres, startRedis, createDatabase, lackingPostgres, signedChallenge, newAccount } from '@steward/testkit/relay'
import { lacking, until } from '@steward/testkit'
import { describe, expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'
import { startRelay, type TestAccount } from './start.ts'

interface Device {
  readonly id: string
  readonly client: string
  readonly current: boolean
  readonly lastSeenAt: number
}
const devicesOf = async ({ api }: TestAccount) => (await api.get<{ devices: Device[]; nextCursor: string | null }>('/v1/auth/devices')).body.devices
const idOf = async (devices: readonly Device[]) => devices.find(({ current }) => !current)?.id ?? ''

onMainKinds((begin) => {
  let first: ReturnType<typeof begin> | undefined
  // So long that only word of an end can tell of it.
  const usual = () => (first ??= begin({ deviceTrustMs: 3_600_000 }))

  test('a device that is revoked is out at once, on every node: its sockets are closed with the reason, its token counts nowhere', async () => {
    const relay = await usual()
    const phone = await relay.account()
    const token = await login(relay.url, phone.account)
    const lost = { here: http(relay.url, token), there: http(relay.other, token) }
    const sockets = [await phone.socket({ token }), await phone.socketElsewhere({ token })]
    const [own, ownElsewhere] = [await phone.socket(), await phone.socketElsewhere()]
    const reasons: unknown[] = []
    for (const { socket } of sockets) socket.on('ended', (said: unknown) => reasons.push(said))
    for (const client of [lost.here, lost.there]) expect((await client.get('/v1/auth/me')).status).toBe(200)
    const id = await idOf(await devicesOf(phone))
    expect(await phone.api.delete(`/v1/auth/devices/${id}`)).toMatchObject({ status: 200, body: { success: true } })
    expect((await lost.here.get('/v1/auth/me')).status).toBe(401)
    expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual(['io server disconnect', 'io server disconnect'])
    expect(reasons).toEqual([{ reason: 'revoked' }, { reason: 'revoked' }])
    await until(async () => (await lost.there.get('/v1/auth/me')).status === 401)
    for (const client of [lost.here, lost.there])
      expect(await client.post('/v1/auth/refresh', {})).toMatchObject({ status: 401, body: { error: 'Invalid token' } })
    await expect(phone.socket({ token })).rejects.toThrow('Invalid authentication token')
    await expect(phone.socketElsewhere({ token })).rejects.toThrow('Invalid authentication token')
    // The others of the account know nothing of it.
    expect([own.socket.connected, ownElsewhere.socket.connected]).toEqual([true, true])
    expect((await devicesOf(phone)).map(({ current }) => current)).toEqual([true])
    expect((await phone.api.delete(`/v1/auth/devices/${id}`)).status).toBe(404)
    for (const client of [lost.here, lost.there]) client.close()
    expect(relay.reported).toEqual([])
  })
  test('a device that logs out is out, and the others are not', async () => {
    const relay = await usual()
    const phone = await relay.account()
    const token = await login(relay.other, phone.account)
    using cli = http(relay.other, token)
    const socket = await phone.socket({ token })
    expect((await cli.post('/v1/auth/logout', {})).status).toBe(200)
    expect(await socket.closed).toBe('io server disconnect')
    expect((await cli.get('/v1/auth/me')).status).toBe(401)
    expect((await phone.api.get('/v1/auth/me')).status).toBe(200)
  })
  test('nobody revokes or sees the devices of another account', async () => {
    const relay = await usual()
    const [victim, stranger] = [await relay.account(), await relay.account()]
    const [{ id } = { id: '' }] = await devicesOf(victim)
    expect((await stranger.api.delete(`/v1/auth/devices/${id}`)).status).toBe(404)
    expect((await devicesOf(stranger)).map((device) => device.id)).not.toContain(id)
    expect((await stranger.api.get<{ devices: Device[] }>(`/v1/auth/devices?cursor=${id}`)).body.devices.map((device) => device.id)).not.toContain(id)
    expect((await victim.api.get('/v1/auth/me')).status).toBe(200)
  })
  test('devices are listed by pages, with what each says of itself', async () => {
    const relay = await usual()
    const phone = await relay.account()
    using client = http(relay.url)
    for (const name of ['cli/1.2.5', 'ios/7', 'x'.repeat(500)])
      await client.request('POST', '/v1/auth', { body: signedChallenge(phone.account), headers: { 'x-happy-client': name } })
    const seen: Device[] = []
    for (let cursor = ''; ;) {
      const { body } = await phone.api.get<{ devices: Device[]; nextCursor: string | null }>(`/v1/auth/devices?limit=3${cursor}`)
      seen.push(...body.devices)
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    expect(seen.map(({ client: name }) => name)).toEqual(['', 'cli/1.2.5', 'ios/7', 'x'.repeat(100)])
    expect(seen.filter(({ current }) => current)).toHaveLength(1)
  })
  test('a token that is renewed lasts longer, and the one before it keeps until it ends', async () => {
    const relay = await usual()
    const phone = await relay.account()
    const before = (await phone.api.get<{ expiresAt: number; deviceId: string }>('/v1/auth/me')).body
    await until(() => Date.now() > before.expiresAt - 365 * 24 * 60 * 60_000 + 1_000)
    const { body } = await phone.elsewhere.post<{ token: string; expiresAt: number }>('/v1/auth/refresh', {})
    expect(body.expiresAt).toBeGreaterThan(before.expiresAt)
    using renewed = http(relay.url, body.token)
    expect((await renewed.get<{ deviceId: string }>('/v1/auth/me')).body.deviceId).toBe(before.deviceId)
    expect((await phone.api.get('/v1/auth/me')).status).toBe(200)
    expect(await devicesOf(phone)).toHaveLength(1)
  })
  test('a token that has expired closes its socket and counts nowhere', async () => {
    const relay = await begin({ tokenLifeMs: 2_000 })
    const phone = await relay.account()
    const socket = await phone.socketElsewhere()
    const told = new Promise((resolve) => socket.socket.once('ended', resolve))
    expect(await told).toEqual({ reason: 'expired' })
    expect(await socket.closed).toBe('io server disconnect')
    expect((await phone.api.get('/v1/auth/me')).status).toBe(401)
    expect((await phone.elsewhere.post('/v1/auth/refresh', {})).status).toBe(401)
    await expect(phone.socket()).rejects.toThrow('Invalid authentication token')
    const again = await login(relay.url, phone.account)
    using client = http(relay.url, again)
    expect((await client.get<{ devices: Device[] }>('/v1/auth/devices')).body.devices).toHaveLength(1)
    expect(relay.reported).toEqual([])
  })
})

const missing = lackingPostgres() ?? lacking('redis-server')
describe.skipIf(missing !== null)(`two nodes that do not hear each other${missing ?? ''}`, () => {
  test('a device that is revoked on one is out on the other within the time that a device is believed', async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
    const database = await createDatabase(postgres.url)
    const relay = await startRelay({ databaseUrl: database.url, redisUrl: redis.url, deviceTrustMs: 1_000 }, 2)
    try {
      const phone = await relay.account()
      const token = await login(relay.url, phone.account)
      using there = http(relay.other, token)
      const socket = await phone.socketElsewhere({ token })
      const own = await phone.socketElsewhere()
      expect((await there.get('/v1/auth/me')).status).toBe(200)
      await redis.stop()
      const id = await idOf(await devicesOf(phone))
      expect((await phone.api.delete(`/v1/auth/devices/${id}`)).status).toBe(200)
      expect(await socket.closed).toBe('io server disconnect')
      await until(async () => (await there.get('/v1/auth/me')).status === 401)
      expect(own.socket.connected).toBe(true)
      expect((await phone.elsewhere.get('/v1/auth/me')).status).toBe(200)
      // And logging in goes on.
      expect(await login(relay.other, newAccount())).toBeTypeOf('string')
    } finally {
      await relay.stop()
      await Promise.all([postgres.stop(), redis.stop()])
    }
  })
})
