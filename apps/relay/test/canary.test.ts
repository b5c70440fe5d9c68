import { randomBytes, randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import {
  answerPairingV2,
  connectSocket,
  contentKeyPair,
  createDatabase,
  deriveKey,
  http,
  lackingPostgres,
  newBoxKeyPair,
  sealBytes,
  sealDataKey,
  sealLegacyPayload,
  sealPayload,
  signedChallenge,
  newAccount,
  startPostgres,
  startRedis,
} from '@steward/testkit/relay'
import { lacking, tempDir } from '@steward/testkit'
import { describe, expect, test } from 'vitest'
import type { RelayConfig } from '../src/index.ts'
import { found, traceFolder, tracePostgres, traceRedis, type Traces } from './hostile/traces.ts'
import { has, sendTo } from './hostile/world.ts'
import { startRelay, type TestRelay } from './start.ts'

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** A day of an account: all that its clients seal has the canary in it. What comes out is what must be found nowhere, and what may be found in the database alone. */
async function liveWith(relay: TestRelay, canary: string) {
  const account = newAccount()
  const login = signedChallenge(account)
  using anyone = http(relay.url)
  const { body } = await anyone.post<{ token: string }>('/v1/auth', login)
  using api = http(relay.url, body.token)
  const dataKey = randomBytes(32)
  const seal = () => sealPayload({ text: canary }, dataKey)
  const key = sealDataKey(dataKey, contentKeyPair(account.secret).publicKey)
  const done = async (name: string, input: Record<string, unknown>) => {
    if (!has(name)) return {}
    const answer = await sendTo(api, name, input)
    expect(answer.status, `${name} ${JSON.stringify(answer.body)}`).toBeLessThan(300)
    return answer.body as Record<string, unknown>
  }
  const { session } = (await done('sessions.create', { tag: randomUUID(), metadata: seal(), agentState: seal(), dataEncryptionKey: key })) as {
    session: { id: string }
  }
  const sessionId = session.id
  const [machineId, artifactId] = [randomUUID(), randomUUID()]
  await done('machines.create', { id: machineId, metadata: seal(), daemonState: seal(), dataEncryptionKey: key })
  const own = { token: body.token }
  const phone = await connectSocket(relay.urls.at(-1) ?? relay.url, own)
  const cli = await connectSocket(relay.url, { ...own, clientType: 'session-scoped', sessionId })
  const daemon = await connectSocket(relay.urls.at(-1) ?? relay.url, { ...own, clientType: 'machine-scoped', machineId })
  await daemon.serve(`${machineId}:bash`, (params) => params)
  await done('messages.append', { sessionId, messages: Array.from({ length: 20 }, () => ({ content: seal(), localId: randomUUID() })) })
  await cli.call('message', { sid: sessionId, message: seal(), localId: randomUUID() })
  await cli.call('update-metadata', { sid: sessionId, expectedVersion: 0, metadata: seal() })
  await cli.call('update-state', { sid: sessionId, expectedVersion: 0, agentState: seal() })
  await daemon.call('machine-update-state', { machineId, expectedVersion: 0, daemonState: seal() })
  const sent = seal()
  expect(await cli.call('rpc-call', { method: `${machineId}:bash`, params: sent })).toMatchObject({ ok: true, result: sent })
  await done('artifacts.create', { id: artifactId, header: seal(), body: seal(), dataEncryptionKey: key })
  await done('kv.mutate', { mutations: [{ key: randomUUID(), value: seal(), version: -1 }] })
  await done('account.saveSettings', { settings: sealLegacyPayload({ text: canary }, account.secret), expectedVersion: 0 })
  await done('accessKeys.create', { sessionId, machineId, data: seal() })
  const vendorToken = `sk-${randomUUID()}-${randomUUID()}`
  await done('vendors.register', { vendor: 'openai', token: vendorToken })
  if (has('attachments.put')) {
    const bytes = sealBytes(Buffer.from(canary.repeat(50)), deriveKey(dataKey, 'Happy Blobs', ['session']))
    const { uploadUrl } = (await done('attachments.requestUpload', { sessionId, filename: canary, size: bytes.length })) as { uploadUrl: string }
    const { pathname, search } = new URL(uploadUrl, relay.url)
    expect((await api.request('PUT', `${pathname}${search}`, { body: bytes })).status).toBe(200)
  }
  const box = newBoxKeyPair()
  const waiting = { publicKey: base64(box.publicKey) }
  await anyone.post('/v1/auth/request', waiting)
  const response = answerPairingV2(box.publicKey, account.secret)
  await api.post('/v1/auth/response', { ...waiting, response })
  const claimed = (await anyone.post<{ token: string }>('/v1/auth/request', waiting)).body.token
  const renewed = (await api.post<{ token: string }>('/v1/auth/refresh', {})).body.token
  // What goes wrong is written down somewhere, perhaps: it must not be what was sent.
  await anyone.post('/v1/auth', { ...login, signature: login.signature.replace(/^../, 'AA') })
  await api.post('/v1/sessions', `{"metadata":"${body.token}`)
  await anyone.request('GET', `/v1/auth/me?token=${body.token}`, { headers: { authorization: `Bearer ${body.token}x` } })
  await api.delete(`/v1/sessions/${sessionId}`)
  for (const socket of [phone, cli, daemon]) socket.close()
  return {
    nowhere: {
      canary,
      'the master secret': account.secret,
      'the data key': dataKey,
      'a token': body.token.split('.')[2] ?? '',
      'the token of a terminal': claimed.split('.')[2] ?? '',
      'a renewed token': renewed.split('.')[2] ?? '',
      'a signature': Buffer.from(login.signature, 'base64'),
      'the token of a vendor': vendorToken,
    },
    /** Sealed for the one who waits, and kept until it has been fetched. */
    databaseOnly: { 'the answer to a waiting key': Buffer.from(response, 'base64') },
    /** Of what was kept sealed, something must be found, or nothing was looked at. */
    kept: { 'the name of the account': Buffer.from(account.publicKey, 'base64') },
  }
}
const missing = lackingPostgres() ?? lacking('redis-server')
describe('what is sealed by its clients, and what opens an account, a relay leaves nowhere in clear', () => {
  /** Where something was found that must not be there. */
  const tell = async (config: Partial<RelayConfig>, nodes: number, look: (home: string) => Promise<Traces>) => {
    await using home = await tempDir('relay-canary-')
    const relay = await startRelay({ home: home.path, metricsPort: 0, ...config }, nodes)
    try {
      const { nowhere, databaseOnly, kept } = await liveWith(relay, `canary-${randomUUID()}`)
      const wrong = Buffer.from(inspect(relay.reported, { depth: 9, maxStringLength: null }))
      const [log, metrics] = [Buffer.from(relay.log.join('')), Buffer.from(await relay.metrics())]
      expect(log.toString()).toContain('auth.request')
      expect(metrics.toString()).toContain('http_requests_total{')
      const traces = { ...(await look(home.path)), ...traceFolder(home.path), 'what went wrong': wrong, 'the log': log, 'the metrics': metrics }
      expect(found(kept, traces)).not.toEqual([])
      return [...found(nowhere, traces), ...found(databaseOnly, traces).filter((where) => !/in (table|file relay\.db)/.test(where))]
    } finally {
      await relay.stop()
    }
  }
  test('not in the embedded database, nor in any file beside it', async () => {
    expect(await tell({}, 1, () => Promise.resolve({}))).toEqual([])
  })
  test.skipIf(missing !== null)(`not in PostgreSQL, nor in Redis, in nothing that nodes tell each other${missing ?? ''}`, async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
    const database = await createDatabase(postgres.url)
    const listener = await traceRedis(redis.url)
    const look = async () => {
      const traces = await listener.traces()
      expect(traces['commands of Redis']?.length).toBeGreaterThan(0)
      return { ...(await tracePostgres(database.url)), ...traces }
    }
    try {
      expect(await tell({ databaseUrl: database.url, redisUrl: redis.url }, 2, look)).toEqual([])
    } finally {
      listener.close()
      await Promise.all([postgres.stop(), redis.stop()])
    }
  })
  test('and whoever looks would find it, however it was written down', () => {
    const canary = `canary-${randomUUID()}`
    const around = [`{"text":"${canary}"}`, `x${canary}`, `xy${canary}z`]
    for (const text of around) {
      const bytes = Buffer.from(text)
      const written = [text, bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex'), Buffer.from(text, 'utf16le')].map((one) =>
        Buffer.from(one),
      )
      for (const one of written) expect(found({ canary }, { here: one }), one.toString()).toEqual(['canary in here'])
    }
    expect(found({ canary }, { here: Buffer.from(sealPayload(canary, randomBytes(32))) })).toEqual([])
  })
})
