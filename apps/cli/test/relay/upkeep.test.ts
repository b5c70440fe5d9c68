import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { lacking } from '@steward/testkit'
import { connectSocket, createDatabase, http, lackingPostgres, login, newAccount, startPostgres, startRedis } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { createRelayPlace } from './place.ts'

const nothing = { stdout: '', stderr: expect.stringMatching(/^[^\n]+\.\n$/) }

test(
  'with nothing set up a relay starts in a folder of its owner alone, says where it is, and keeps its accounts over a restart',
  { timeout: 120_000 },
  async () => {
    await using place = await createRelayPlace()
    const first = await place.start()
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const token = await login(first.url, newAccount())
    for (const file of ['', 'secret', 'relay.db']) expect(statSync(path.join(place.home, file)).mode & 0o077, file).toBe(0)
    first.signal('SIGHUP')
    expect((await first.ended).code).toBe(0)
    const second = await place.start([], { STEWARD_RELAY_HOME: path.join(place.folder, 'elsewhere'), PORT: 'not read: a flag says more' })
    expect((await http(second.url, token).get('/v1/auth/me')).status).toBe(401)
    const third = await place.start()
    expect((await http(third.url, token).get('/v1/auth/me')).status).toBe(200)
  },
)
test(
  'what keeps a relay from starting is told in one sentence, without passwords, and with the exit code of its kind',
  { timeout: 120_000 },
  async () => {
    await using place = await createRelayPlace()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = String((taken.address() as AddressInfo).port)
    expect(await place.run(['start', '--port', port])).toMatchObject({ code: 6, ...nothing })
    expect(await place.run(['start', '--port', '0', '--metrics-port', port])).toMatchObject({ code: 6, ...nothing })
    taken.close()
    const away = await place.run(['start', '--database-url', 'postgres://me:hidden-word@127.0.0.1:1/relay'])
    expect(away).toMatchObject({ code: 3, ...nothing })
    expect(away.stderr).toMatch(/^The database cannot be reached: .*ECONNREFUSED/)
    expect(away.stderr).not.toContain('hidden-word')
    const wrong = [
      [['--port', '70000'], {}, '--port must be a whole number from 0 to 65535.'],
      [[], { PORT: 'x' }, 'PORT must be a whole number from 0 to 65535.'],
      [
        [],
        { STEWARD_RELAY_TOKEN_LIFE: 'soon' },
        'STEWARD_RELAY_TOKEN_LIFE must be a duration such as 500ms, 90s, 15m, 12h or 365d, from 1s to 3650d.',
      ],
      [['--database-url', 'mysql://me:hidden-word@x'], {}, '--database-url must be a URL that begins with postgres:// or postgresql://.'],
      [['--log-level', 'loud'], {}, '--log-level must be one of trace, debug, info, warn, error, silent.'],
      [
        ['--s3', 'https://me:hidden-word@host/bucket'],
        {},
        '--s3 must be the address of a bucket, https://host/bucket; its keys are S3_ACCESS_KEY and S3_SECRET_KEY.',
      ],
      [
        ['--s3', 'https://host/bucket'],
        {},
        'An S3 store needs its endpoint, a bucket, an access key and its secret key: set all four, or none for files in a folder.',
      ],
    ] as const
    await Promise.all(
      wrong.map(async ([words, env, says]) =>
        expect(await place.run(['start', ...words], env)).toMatchObject({ code: 2, stdout: '', stderr: `${says}\n` }),
      ),
    )
    await place.run(['migrate'])
    const database = new DatabaseSync(path.join(place.home, 'relay.db'))
    database.exec("INSERT INTO schema_migrations VALUES (999, 'of-tomorrow', 0)")
    database.close()
    const commands = [['start', '--port', '0'], ['status'], ['migrate'], ['token', 'revoke', 'somebody']]
    await Promise.all(
      commands.map(async (words) =>
        expect(await place.run(words), words.join(' ')).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining('has schema 999') }),
      ),
    )
  },
)
test('schema, counts, copies and an empty start are a command each', { timeout: 120_000 }, async () => {
  await using place = await createRelayPlace()
  expect(await place.run(['status'])).toMatchObject({ code: 5, ...nothing })
  expect(await place.run(['migrate', '--to-status'])).toMatchObject({ code: 0, stdout: 'Would make step 1: first\n' })
  expect(await place.run(['status'])).toMatchObject({ code: 5 })
  expect(await place.run(['migrate'])).toMatchObject({ code: 0, stdout: 'Made step 1: first\n' })
  expect(await place.run(['migrate', '--json'])).toMatchObject({ code: 0, stdout: '{"steps":[],"pretended":false}\n' })
  const relay = await place.start()
  const token = await login(relay.url, newAccount())
  await http(relay.url, token).post('/v1/sessions', { tag: 't', metadata: 'm' })
  const status = JSON.parse((await place.run(['status', '--json'])).stdout) as unknown
  expect(status).toMatchObject({
    database: { kind: 'sqlite', schema: 1, newest: 1 },
    counts: { accounts: 1, devices: 1, sessions: 1, messages: 0 },
    nodes: null,
  })
  const file = path.join(place.folder, 'copy.db')
  expect(await place.run(['backup', file, '--json'])).toMatchObject({ code: 0, stdout: expect.stringContaining('"bytes":'), stderr: '' })
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(await place.run(['backup', file])).toMatchObject({ code: 6, stdout: '' })
  expect(await place.run(['backup', path.join(place.folder, 'no', 'where')])).toMatchObject({ code: 5, ...nothing })
  relay.signal('SIGTERM')
  await relay.ended
  expect(await place.run(['migrate', '--reset'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--yes') })
  expect(await place.run(['migrate', '--reset', '--yes'])).toMatchObject({ code: 0 })
  expect((await place.run(['status', '--json'])).stdout).toContain('"accounts":0')
  // A copy with the secret beside it is the relay again.
  const restored = path.join(place.folder, 'restored')
  mkdirSync(restored, { mode: 0o700 })
  writeFileSync(path.join(restored, 'relay.db'), readFileSync(file))
  writeFileSync(path.join(restored, 'secret'), readFileSync(path.join(place.home, 'secret')), { mode: 0o600 })
  const again = await place.start(['--home', restored])
  expect((await http(again.url, token).get('/v1/sessions')).body).toMatchObject({ sessions: [{ metadata: 'm' }] })
})
test('tokens that are revoked from the command line end, and their sockets with them, within seconds', { timeout: 120_000 }, async () => {
  await using place = await createRelayPlace()
  const relay = await place.start([], { STEWARD_RELAY_DEVICE_TRUST: '1s' })
  const [account, other] = [newAccount(), newAccount()]
  const [token, kept, second] = [await login(relay.url, account), await login(relay.url, other), await login(relay.url, account)]
  const { body } = await http(relay.url, second).get<{ id: string; deviceId: string }>('/v1/auth/me')
  using socket = await connectSocket(relay.url, { token })
  expect(await place.run(['token', 'revoke', 'nobody'])).toMatchObject({ code: 5, ...nothing })
  expect(await place.run(['token', 'revoke', account.publicKey, 'no-device'])).toMatchObject({ code: 5, ...nothing })
  const one = await place.run(['token', 'revoke', body.id, body.deviceId, '--json'])
  expect(one).toMatchObject({ code: 0, stdout: `${JSON.stringify({ account: body.id, devices: [body.deviceId], told: false })}\n` })
  const status = async (bearer: string) => (await http(relay.url, bearer).get('/v1/auth/me')).status
  await expect.poll(() => status(second), { timeout: 20_000 }).toBe(401)
  expect(await status(token)).toBe(200)
  const hex = Buffer.from(account.publicKey, 'base64').toString('hex')
  expect(await place.run(['token', 'revoke', hex])).toMatchObject({ code: 0 })
  await expect.poll(() => status(token), { timeout: 20_000 }).toBe(401)
  expect(await socket.closed).toBe('io server disconnect')
  expect(await status(kept)).toBe(200)
})
const missing = lackingPostgres() ?? lacking('redis-server', 'pg_dump')
test.skipIf(missing !== null)(
  `two nodes are counted, hear of a revoked token at once, and their PostgreSQL is copied without its password in sight${missing ?? ''}`,
  { timeout: 120_000 },
  async () => {
    await using place = await createRelayPlace()
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
    try {
      const { url } = await createDatabase(postgres.url)
      const env = {
        DATABASE_URL: url,
        REDIS_URL: redis.url,
        STEWARD_RELAY_SECRET: 'Zq3vT8mXc1Wn5LrKd7Hy2BfJ9sGp4AuE',
        // Long enough to tell word from the other node apart from looking it up.
        STEWARD_RELAY_DEVICE_TRUST: '10m',
      }
      const nodes = [await place.start([], env), await place.start([], env)]
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      const account = newAccount()
      const token = await login(one.url, account)
      using socket = await connectSocket(two.url, { token })
      expect(await http(one.url).get('/ready')).toMatchObject({ status: 200, body: { checks: { database: true, migrations: true, redis: true } } })
      expect(JSON.parse((await place.run(['status', '--json'], env)).stdout)).toMatchObject({
        database: { kind: 'postgres' },
        counts: { accounts: 1 },
        nodes: 2,
      })
      const file = path.join(place.folder, 'copy.dump')
      expect(await place.run(['backup', file, '--json'], env)).toMatchObject({ code: 0, stdout: expect.stringContaining('copy.dump') })
      expect(readFileSync(file).subarray(0, 5).toString()).toBe('PGDMP')
      expect(await place.run(['backup', path.join(place.folder, 'other'), '--json'], { ...env, PATH: '' })).toMatchObject({
        code: 7,
        stderr: expect.stringContaining('pg_dump'),
      })
      expect(await place.run(['token', 'revoke', account.publicKey, '--json'], env)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('"told":true'),
      })
      expect(await socket.closed).toBe('io server disconnect')
      await expect.poll(async () => (await http(one.url, token).get('/v1/auth/me')).status).toBe(401)
      await redis.kill()
      await expect.poll(async () => (await http(one.url).get('/ready')).status, { timeout: 20_000 }).toBe(503)
      expect(await place.run(['status'], env)).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('Redis cannot be reached') })
      expect(await place.run(['token', 'revoke', account.publicKey, '--json'], env)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('"told":false'),
      })
      for (const node of nodes) {
        node.signal('SIGTERM')
        expect((await node.ended).code).toBe(0)
      }
    } finally {
      await Promise.all([postgres.stop(), redis.stop()])
    }
  },
)
test('the description of its routes is printed without a relay', { timeout: 120_000 }, async () => {
  await using place = await createRelayPlace()
  const { code, stdout } = await place.run(['openapi'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/), paths: { '/v1/sessions': { post: {}, get: {} } } })
})
