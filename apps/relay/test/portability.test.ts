import { randomBytes } from 'node:crypto'
import { until } from '@steward/testkit'
import { http, login, startLiveKit, startProxy, type HttpClient } from '@steward/testkit/relay'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { closeAccount } from '../src/domains/portability/removal-store.ts'
import { migrations } from '../src/migrations/index.ts'
import { createFileBlobs } from '../src/platform/blobs-files.ts'
import { createS3Blobs } from '../src/platform/blobs-s3.ts'
import type { Database } from '../src/platform/database.ts'
import { onEveryKind } from './kinds.ts'
import { settingsOf, startBucket } from './s3.ts'
import type { TestRelay } from './start.ts'

type Line = Readonly<Record<string, unknown>> & { readonly type: string }
const newSession = async (api: HttpClient, tag: string) =>
  (await api.post<{ session: { id: string } }>('/v1/sessions', { tag, metadata: `m${tag}` })).body.session.id
const post = (api: HttpClient, id: string, contents: readonly string[]) =>
  api.post(`/v3/sessions/${id}/messages`, { messages: contents.map((content, at) => ({ content, localId: `${content.slice(0, 20)}${at}` })) })
async function send(api: HttpClient, id: string, bytes: Uint8Array): Promise<string> {
  const { body } = await api.post<{ ref: string; uploadUrl: string }>(`/v1/sessions/${id}/attachments/request-upload`, {
    filename: 'a',
    size: bytes.length,
  })
  expect((await api.put(`/v1/${body.ref}`, bytes)).status).toBe(200)
  return body.ref
}
const linesOf = (body: Buffer): Line[] =>
  body
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
/** Every table with rows of an account, of all there are. */
const tables = migrations.flatMap(({ statements }) =>
  statements.flatMap((statement) => (/\baccount_id\b/.test(statement) ? (/^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? []) : [])),
)
/** Rows of the account in every table, but those where there are none. */
async function rowsOf({ queries }: Database, accountId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const { rows } = await sql<{
      n: number
    }>`SELECT COUNT(*) AS n FROM ${sql.table(table)} WHERE account_id = ${accountId}`.execute(queries)
    if (Number(rows[0]?.n) > 0) counts[table] = Number(rows[0]?.n)
  }
  return counts
}
/** One row in each table whose room is not asked for here. */
async function fill({ queries }: Database, accountId: string, sessionId: string): Promise<void> {
  const now = { created_at: 1, updated_at: 1 }
  await queries
    .insertInto('pairings')
    .values({
      id: 'p',
      kind: 'terminal',
      public_key: accountId,
      supports_v2: 1,
      response: 'r',
      account_id: accountId,
      created_at: 1,
      expires_at: Date.now() + 60_000,
      claimed_at: null,
    })
    .execute()
  await queries
    .insertInto('machines')
    .values({
      account_id: accountId,
      id: 'machine',
      metadata: 'm',
      metadata_version: 1,
      daemon_state: null,
      daemon_state_version: 0,
      data_encryption_key: null,
      seq: 0,
      active: 0,
      active_at: 1,
      ...now,
    })
    .execute()
  for (const id of ['a', 'b', 'c', 'd', 'e'])
    await queries
      .insertInto('artifacts')
      .values({
        account_id: accountId,
        id,
        session_id: null,
        header: 'h',
        header_version: 1,
        body: 'x'.repeat(100_000),
        body_version: 1,
        data_encryption_key: 'k',
        seq: 0,
        ...now,
      })
      .execute()
  for (const machine of ['machine', 'other'])
    await queries
      .insertInto('access_keys')
      .values({ account_id: accountId, session_id: sessionId, machine_id: machine, data: 'd', data_version: 1, ...now })
      .execute()
  await queries.insertInto('kv').values({ account_id: accountId, key: 'k', value: 'v', version: 0, updated_at: 1 }).execute()
  await queries
    .insertInto('usage_reports')
    .values({ id: `u${accountId}`, account_id: accountId, session_id: '', key: 'k', tokens: '{}', cost: '{}', ...now })
    .execute()
  await queries
    .insertInto('push_tokens')
    .values({ id: `p${accountId}`, account_id: accountId, token: 't', ...now })
    .execute()
  await queries.insertInto('vendor_tokens').values({ account_id: accountId, vendor: 'openai', sealed: 'sealed-secret', updated_at: 1 }).execute()
}

onEveryKind((begun) => {
  const livekit = startLiveKit()
  afterAll(async () => (await livekit).close())
  const begin = async (more = {}): Promise<TestRelay> => {
    const { url, apiKey, apiSecret } = await livekit
    return begun({ livekitUrl: url, livekitKey: apiKey, livekitSecret: apiSecret, ...more })
  }
  const stored = async (relay: TestRelay) => {
    const files: string[] = []
    for await (const { key } of createFileBlobs(relay.filesFolder).list('')) files.push(key)
    return files.length
  }

  test('an account takes everything with it that the relay keeps for it, and nothing of another', async () => {
    const relay = await begin()
    const { api, elsewhere } = await relay.account()
    const { api: other } = await relay.account()
    await post(other, await newSession(other, 'theirs'), ['theirs'])
    const { body: me } = await api.get<{ id: string; publicKey: string }>('/v1/auth/me')
    const one = await newSession(api, '1')
    const two = await newSession(api, '2')
    const large = ['a', 'b', 'c'].map((letter) => letter.repeat(900_000))
    await post(api, one, large)
    await post(
      api,
      two,
      Array.from({ length: 100 }, (_, at) => `message ${at}`),
    )
    for (let at = 0; at < 3; at++)
      await post(
        api,
        two,
        Array.from({ length: 100 }, (_, more) => `${at} ${more} ünïcode`),
      )
    const bytes = randomBytes(700_001)
    const ref = await send(api, one, bytes)
    await api.post('/v1/voice/session', { sessionId: one })
    await fill(await relay.database(), me.id, one)

    const { status, headers, body } = await elsewhere.get<Buffer>('/v1/account/export')
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'content-type': 'application/x-ndjson', 'content-disposition': `attachment; filename="account-${me.id}.ndjson"` })
    const lines = linesOf(body)
    expect(lines.at(-1)).toEqual({ type: 'end', lines: lines.length - 1 })
    const counts = Object.fromEntries([...Map.groupBy(lines, ({ type }) => type)].map(([type, of]) => [type, of.length]))
    expect(counts).toMatchObject({
      account: 1,
      device: 1,
      machine: 1,
      artifact: 5,
      accessKey: 2,
      keyValue: 1,
      usageReport: 1,
      pushToken: 1,
      vendorToken: 1,
      voiceSession: 1,
      session: 2,
      message: 403,
      attachment: 1,
      end: 1,
    })
    expect(lines[0]).toMatchObject({ type: 'account', id: me.id, publicKey: me.publicKey })
    const messages = lines.filter(({ type }) => type === 'message')
    expect(messages.filter(({ sessionId }) => sessionId === one).map(({ content }) => content)).toEqual(large)
    expect(messages.filter(({ sessionId }) => sessionId === two).map(({ seq }) => seq)).toEqual(Array.from({ length: 400 }, (_, at) => at + 1))
    expect(messages.at(-1)).toMatchObject({ content: '2 99 ünïcode' })
    const parts = lines.filter(({ type }) => type === 'attachmentBytes').map(({ base64 }) => Buffer.from(String(base64), 'base64'))
    expect(bytes.equals(Buffer.concat(parts))).toBe(true)
    expect(lines.find(({ type }) => type === 'attachment')).toMatchObject({ ref, size: bytes.length })
    expect(body.includes('theirs')).toBe(false)
    expect(body.includes('sealed-secret')).toBe(false)
    using nobody = http(relay.url)
    expect((await nobody.get('/v1/account/export')).status).toBe(401)
    expect(relay.reported).toEqual([])
  })

  test('an account that is deleted leaves no row, file, room or socket; its tokens count no more, and its key begins anew', async () => {
    const server = await livekit
    const relay = await begin()
    const owner = await relay.account()
    const { api, elsewhere, account } = owner
    const neighbour = await relay.account()
    const theirs = await newSession(neighbour.api, 'theirs')
    await send(neighbour.api, theirs, randomBytes(100))
    const { body: me } = await api.get<{ id: string; publicKey: string }>('/v1/auth/me')
    const id = await newSession(api, '1')
    for (let at = 0; at < 60; at++)
      await post(
        api,
        id,
        Array.from({ length: 100 }, (_, more) => `${at} ${more}`),
      )
    await send(api, id, randomBytes(1000))
    const voice = await api.post<{ session: { room: string } }>('/v1/voice/session', { sessionId: id })
    await fill(await relay.database(), me.id, id)
    const sockets = [await owner.socket(), await owner.socketElsewhere()]
    const before = await rowsOf(await relay.database(), me.id)
    expect(Object.keys(before)).toHaveLength(tables.length)

    for (const confirm of ['', 'yes', me.id, neighbour.account.publicKey]) {
      const refused = await api.request<{ message: string }>('DELETE', '/v1/account', { body: { confirm } })
      expect([refused.status, refused.body.message]).toEqual([400, expect.stringMatching(/public key.*Nothing was removed/)])
    }
    expect(await rowsOf(await relay.database(), me.id)).toEqual(before)

    const gone = await elsewhere.request('DELETE', '/v1/account', { body: { confirm: me.publicKey } })
    expect([gone.status, gone.body]).toEqual([200, { success: true, pending: false }])
    for (const socket of sockets) await socket.closed
    for (const client of [api, elsewhere]) await until(async () => (await client.get('/v1/sessions')).status === 401)
    expect(await rowsOf(await relay.database(), me.id)).toEqual({})
    const { queries } = await relay.database()
    expect(await queries.selectFrom('accounts').select('id').where('id', '=', me.id).execute()).toEqual([])
    expect(await queries.selectFrom('messages').select('id').execute()).toEqual([])
    expect(await stored(relay)).toBe(1)
    expect(server.rooms.has(voice.body.session.room)).toBe(false)

    using fresh = http(relay.url, await login(relay.url, account))
    const { body: again } = await fresh.get<{ id: string; publicKey: string }>('/v1/auth/me')
    expect([again.id === me.id, again.publicKey]).toEqual([false, me.publicKey])
    expect((await fresh.get('/v1/sessions')).body).toEqual({ sessions: [] })
    expect((await fresh.get('/v1/changes')).body).toMatchObject({ seq: 0, changes: [] })
    expect((await fresh.request('DELETE', '/v1/account', { body: { confirm: account.publicKey } })).status).toBe(200)
    expect((await neighbour.elsewhere.get(`/v1/sessions/${theirs}`)).status).toBe(200)
    expect(relay.reported).toEqual([])
  })

  test('an account that is deleted while the file store is away is closed at once, and its files go when the store is back', async () => {
    await using bucket = await startBucket()
    await using proxy = await startProxy(bucket.place.endpoint)
    const relay = await begin({ sweepEveryMs: 300, ...settingsOf({ ...bucket.place, endpoint: proxy.url }) })
    const { api, elsewhere, account } = await relay.account()
    const { body: me } = await api.get<{ id: string }>('/v1/auth/me')
    const id = await newSession(api, '1')
    await send(api, id, randomBytes(1000))
    const blobs = await createS3Blobs(bucket.place)
    const files = async () => {
      const keys: string[] = []
      for await (const { key } of blobs.list('')) keys.push(key)
      return keys.length
    }
    expect(await files()).toBe(1)
    proxy.setLoss(1)
    const gone = await api.request('DELETE', '/v1/account', { body: { confirm: account.publicKey } })
    expect([gone.status, gone.body]).toEqual([200, { success: true, pending: true }])
    await until(async () => (await elsewhere.get('/v1/sessions')).status === 401)
    using fresh = http(relay.url, await login(relay.url, account))
    expect((await fresh.get('/v1/sessions')).body).toEqual({ sessions: [] })
    expect(Object.keys(await rowsOf(await relay.database(), me.id))).toContain('attachments')
    proxy.setLoss(0)
    await until(async () => Object.keys(await rowsOf(await relay.database(), me.id)).length === 0, { timeoutMs: 15_000 })
    expect(await files()).toBe(0)
  })

  test('a removal that was cut short is brought to its end by any node; until then the account is closed', async () => {
    const relay = await begin({ sweepEveryMs: 1_000 })
    const { api, elsewhere, token } = await relay.account()
    const { body: me } = await api.get<{ id: string }>('/v1/auth/me')
    const id = await newSession(api, '1')
    await post(api, id, ['x'])
    await send(api, id, randomBytes(1000))
    const database = await relay.database()
    await closeAccount(database.queries, me.id, Date.now())
    // A token that a node still believes writes nothing any more.
    expect((await api.post('/v1/sessions', { tag: 'new', metadata: 'm' })).status).toBe(401)
    await until(async () => Object.keys(await rowsOf(database, me.id)).length === 0)
    await until(async () => (await elsewhere.get('/v1/sessions')).status === 401)
    using late = http(relay.other, token)
    expect((await late.get('/v1/sessions')).status).toBe(401)
    expect(await stored(relay)).toBe(0)
    expect(relay.reported).toEqual([])
  })
})
