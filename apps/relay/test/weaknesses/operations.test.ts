import { readFileSync } from 'node:fs'
import { connectSocket, createDatabase, http, lackingPostgres, login, newAccount, startPostgres, startRedis } from '@steward/testkit/relay'
import { lacking } from '@steward/testkit'
import { expect, test } from 'vitest'
import { startRelay } from '../start.ts'
import { startCommand } from './command.ts'
import { installedWith } from './lock.ts'

// The weaknesses by their numbers in the list of issue 5, each shown not to be here. The whole stories are told elsewhere.
test('1. A relay that is told to end ends by itself, with its clients connected, within seconds', { timeout: 60_000 }, async () => {
  await using relay = await startCommand()
  const token = await login(relay.url, newAccount())
  const socket = await connectSocket(relay.url, { token })
  const asked = performance.now()
  relay.kill('SIGTERM')
  expect(await relay.exited).toEqual({ code: 0, signal: null })
  expect(performance.now() - asked).toBeLessThan(15_000)
  // Not a polite end, after which clients do not come back.
  expect(await socket.closed).toMatch(/transport/)
})
test(
  '16. and 17. A relay with no other service has metrics; what clients send makes none of their labels; and its log never holds what opens an account',
  { timeout: 60_000 },
  async () => {
    await using relay = await startCommand('--metrics-port', '0', '--log-level', 'trace')
    const token = await login(relay.url, newAccount())
    const metrics = async () => {
      const { pathname, origin } = new URL(relay.metricsUrl ?? '')
      using anyone = http(origin)
      return (await anyone.get<string>(pathname === '/' ? '/metrics' : pathname)).body
    }
    const act = async (mark: string) => {
      using api = http(relay.url, token)
      using wrong = http(relay.url, `${mark}.${mark}.${mark}`)
      await api.request('GET', `/v1/sessions?token=${mark}`, { headers: { 'x-happy-client': `${mark}/1` } })
      await api.request('GET', `/v1/sessions/${mark}`, { headers: { 'x-happy-client': mark } })
      await api.request('GET', `/${mark}`)
      await wrong.get('/v1/auth/me')
      const socket = await connectSocket(relay.url, { token, happyClient: mark })
      await socket.call('rpc-call', { method: `${mark}:${mark}`, params: mark })
      await socket.call(mark, { [mark]: mark })
      socket.close()
    }
    const series = (text: string) =>
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.replace(/ [^ ]*$/, ''))
        .filter((name) => /^(http|websocket|rpc|errors)_/.test(name))
    await act('first-mark-of-a-client')
    const before = new Set(series(await metrics()))
    expect([...before].filter((name) => name.startsWith('http_requests_total')).length).toBeGreaterThan(3)
    for (let at = 0; at < 20; at++) await act(`mark-${at}-of-a-client`)
    const text = await metrics()
    expect(series(text).filter((name) => !before.has(name) && !name.includes('/metrics'))).toEqual([])
    expect(text).not.toContain('of-a-client')
    relay.kill('SIGTERM')
    await relay.exited
    expect(relay.text()).toContain('sessions.list')
    for (const secret of [token, ...token.split('.').slice(1), 'of-a-client']) expect(relay.text()).not.toContain(secret)
  },
)
const missing = lackingPostgres() ?? lacking('redis-server')
test.skipIf(missing !== null)(`17. Signs of life, calls and limits are the same on every node${missing ?? ''}`, { timeout: 60_000 }, async () => {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const database = await createDatabase(postgres.url)
  const relay = await startRelay({ databaseUrl: database.url, redisUrl: redis.url, openPerMinute: 10 }, 2)
  try {
    const { api, socket, socketElsewhere } = await relay.account()
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const sid = body.session.id
    const phone = await socket()
    const cli = await socketElsewhere({ clientType: 'session-scoped', sessionId: sid })
    await cli.call('session-alive', { sid, time: Date.now(), thinking: true })
    expect(await phone.nextEphemeral(({ type }) => type === 'activity')).toMatchObject({ id: sid, active: true, thinking: true })
    await cli.serve(`${sid}:permission`, () => 'granted')
    expect(await phone.call('rpc-call', { method: `${sid}:permission`, params: 'p' })).toEqual({ ok: true, result: 'granted' })
    const clients = [http(relay.url), http(relay.other)]
    const statuses: number[] = []
    for (let turn = 0; turn < 6; turn++) for (const client of clients) statuses.push((await client.get('/v1/auth/request/status')).status)
    // One of the ten was the login.
    expect(statuses).toEqual([...Array<number>(9).fill(200), 429, 429, 429])
    for (const client of clients) client.close()
    expect(relay.reported).toEqual([])
  } finally {
    await relay.stop()
    await Promise.all([postgres.stop(), redis.stop()])
  }
})
test('18. Nothing that a relay needs runs anything when it is installed, and all of it is what the lock says, from one place', () => {
  const lock = JSON.parse(readFileSync(new URL('../../../../package-lock.json', import.meta.url), 'utf8')) as Parameters<typeof installedWith>[0]
  const installed = installedWith(lock, 'apps/relay')
  expect(installed.size).toBeGreaterThan(30)
  expect([...installed.keys()]).toEqual(expect.arrayContaining(['node_modules/socket.io', 'node_modules/kysely', 'node_modules/pg']))
  const foreign = [...installed].filter(([place]) => place.startsWith('node_modules/') && !place.startsWith('node_modules/@steward/'))
  expect(foreign.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([place]) => place)).toEqual([])
  expect(foreign.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true).map(([place]) => place)).toEqual([])
  // An address would be named where it is another than the registry that the installer is set up with.
  expect(foreign.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place)).toEqual([])
})
