import { randomBytes } from 'node:crypto'
import { readdirSync, utimesSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { until } from '@steward/testkit'
import { http, startProxy, type HttpClient } from '@steward/testkit/relay'
import { afterAll, expect, test } from 'vitest'
import type { RelayConfig } from '../src/index.ts'
import { createFileBlobs } from '../src/platform/blobs-files.ts'
import { createS3Blobs } from '../src/platform/blobs-s3.ts'
import { onMainKinds } from './kinds.ts'
import { settingsOf, startBucket } from './s3.ts'
import type { TestRelay } from './start.ts'

const MiB = 1024 * 1024
const pathOf = (url: string) => new URL(url).pathname
const newSession = async (api: HttpClient, tag = 't') =>
  (await api.post<{ session: { id: string } }>('/v1/sessions', { tag, metadata: 'm' })).body.session.id
const announce = (api: HttpClient, id: string, size: number) =>
  api.post<{ ref: string; uploadUrl: string; method: string; error?: string }>(`/v1/sessions/${id}/attachments/request-upload`, {
    filename: 'a.png',
    size,
  })
/** Announces and sends bytes; the path at which they lie. */
async function send(api: HttpClient, id: string, bytes: Uint8Array): Promise<string> {
  const { body } = await announce(api, id, bytes.length)
  const at = pathOf(body.uploadUrl)
  expect(await api.put(at, bytes)).toMatchObject({ status: 200, body: { ok: true } })
  return at
}
/** Begins an upload, sends half of it, and cuts the connection when the server has taken it. */
const cut = (url: string, token: string, size: number) =>
  new Promise<void>((resolve) => {
    const outgoing = request(url, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream', 'content-length': size },
    })
    outgoing.on('error', () => resolve())
    outgoing.write(randomBytes(size / 2), () => setTimeout(() => outgoing.destroy(new Error('cut')), 50))
  })

onMainKinds((begun, nodes) => {
  // Nodes on different hosts share a bucket; one alone has a folder.
  const bucket = nodes > 1 ? startBucket() : undefined
  afterAll(async () => (await bucket)?.[Symbol.asyncDispose]())
  const begin = async (config: Partial<RelayConfig> = {}) => begun({ ...(bucket ? settingsOf((await bucket).place) : {}), ...config })
  const stored = async (relay: TestRelay, sessionId: string) => {
    const blobs = bucket ? await createS3Blobs((await bucket).place) : createFileBlobs(relay.filesFolder)
    const keys: string[] = []
    for await (const { key } of blobs.list(`sessions/${sessionId}/`)) keys.push(key)
    return keys
  }

  test('a file that one device sends is read by another, whole or in part, at any node', async () => {
    const relay = await begin()
    const { api, elsewhere } = await relay.account()
    const id = await newSession(api)
    const bytes = randomBytes(3 * MiB + 17)
    const { status, body } = await announce(api, id, bytes.length)
    expect([status, body.method]).toEqual([200, 'PUT'])
    expect(body.ref).toMatch(new RegExp(`^sessions/${id}/attachments/[0-9a-f-]{36}\\.enc$`))
    expect(body.uploadUrl).toBe(`${relay.url}/v1/${body.ref}`)
    expect((await elsewhere.post(`/v1/sessions/${id}/attachments/request-download`, { ref: body.ref })).status).toBe(404)
    expect((await api.put(pathOf(body.uploadUrl), bytes)).body).toEqual({ ok: true })
    const found = await elsewhere.post<{ downloadUrl: string }>(`/v1/sessions/${id}/attachments/request-download`, { ref: body.ref })
    expect(found.body.downloadUrl).toBe(`${relay.other}/v1/${body.ref}`)
    const at = pathOf(found.body.downloadUrl)
    const whole = await elsewhere.get<Buffer>(at)
    expect(whole.headers).toMatchObject({ 'content-length': String(bytes.length), 'accept-ranges': 'bytes', 'content-disposition': 'attachment' })
    expect(bytes.equals(whole.body)).toBe(true)
    const range = async (asked: string) => elsewhere.request<Buffer>('GET', at, { headers: { range: asked } })
    const middle = await range('bytes=1000000-1999999')
    expect([middle.status, middle.headers['content-range']]).toEqual([206, `bytes 1000000-1999999/${bytes.length}`])
    expect(bytes.subarray(1_000_000, 2_000_000).equals(middle.body)).toBe(true)
    expect((await range('bytes=-17')).body).toEqual(bytes.subarray(-17))
    const beyond = await range(`bytes=${bytes.length}-`)
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${bytes.length}`])
    // The same bytes once more, as a client does that did not hear the answer.
    expect((await api.put(at, bytes)).status).toBe(200)
    expect(relay.reported).toEqual([])
  })

  test("a file is given to its account alone: without a token, with another's, or under another session there is none", async () => {
    const relay = await begin()
    const { api } = await relay.account()
    const id = await newSession(api)
    const at = await send(api, id, randomBytes(100))
    const { body: waiting } = await announce(api, id, 100)
    using nobody = http(relay.url)
    using forged = http(relay.url, 'eyJhbGciOiJIUzI1NiJ9.e30.x')
    for (const client of [nobody, forged]) {
      expect((await client.get(at)).status).toBe(401)
      expect((await client.put(pathOf(waiting.uploadUrl), randomBytes(100))).status).toBe(401)
      expect((await client.get(at.replace('/v1/', '/files/'))).status).toBe(404)
    }
    const { api: other } = await relay.account()
    const theirs = await newSession(other)
    const ref = at.slice('/v1/'.length)
    expect((await other.get(at)).status).toBe(404)
    expect((await other.put(pathOf(waiting.uploadUrl), randomBytes(100))).status).toBe(404)
    expect((await announce(other, id, 100)).status).toBe(404)
    expect((await other.post(`/v1/sessions/${id}/attachments/request-download`, { ref })).status).toBe(404)
    expect((await other.post(`/v1/sessions/${theirs}/attachments/request-download`, { ref })).status).toBe(400)
    expect((await other.get(at.replace(id, theirs))).status).toBe(404)
    for (const wrong of ['..%2f..%2fa.enc', `${'0'.repeat(36)}.enc/x`, 'x.enc'])
      expect((await api.get(`/v1/sessions/${id}/attachments/${wrong}`)).status).toBeGreaterThanOrEqual(400)
    expect(await stored(relay, theirs)).toEqual([])
    expect((await api.get<Buffer>(at)).body.length).toBe(100)
  })

  test('an upload that is longer or shorter than announced, or cut in its middle, leaves nothing, and can be sent again', async () => {
    const relay = await begin()
    const { api, token } = await relay.account()
    const id = await newSession(api)
    const size = 2 * MiB
    const { body } = await announce(api, id, size)
    const at = pathOf(body.uploadUrl)
    for (const wrong of [size + 1, size - 1, 0]) {
      const answer = await api.put<{ error: string; message: string }>(at, randomBytes(wrong))
      expect([answer.status, answer.body.message]).toEqual([400, `The upload has not the ${size} bytes that were announced; send it again.`])
    }
    await cut(body.uploadUrl, token, size)
    expect((await api.get(at)).status).toBe(404)
    expect(await stored(relay, id)).toEqual([])
    if (!bucket) await until(() => readdirSync(path.join(relay.filesFolder, 'arriving')).length === 0)
    const bytes = randomBytes(size)
    expect((await api.put(at, bytes)).status).toBe(200)
    await cut(body.uploadUrl, token, size)
    expect(bytes.equals((await api.get<Buffer>(at)).body)).toBe(true)
    expect(relay.reported).toEqual([])
  })

  test('an upload that stands still is given up', async () => {
    const relay = await begin({ stallLimitMs: 300 })
    const { api, token } = await relay.account()
    const id = await newSession(api)
    const { body } = await announce(api, id, 1000)
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(body.uploadUrl, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-length': 1000 } })
      outgoing.on('error', reject)
      outgoing.on('response', ({ statusCode }) => resolve(statusCode))
      outgoing.write('x')
    })
    expect(answer).toBe(400)
    expect(await stored(relay, id)).toEqual([])
  })

  test('more than 10 MiB, a 61st upload in a minute, and more than the account may hold are refused before anything is sent', async () => {
    const relay = await begin({ quotaAttachmentBytes: 20 * MiB })
    const { api, elsewhere } = await relay.account()
    const id = await newSession(api)
    const other = await newSession(api, 'other')
    expect(await announce(api, id, 10 * MiB + 1)).toMatchObject({ status: 413, body: { error: 'File too large (max 10MB)' } })
    expect((await announce(api, id, 0)).status).toBe(400)
    await send(api, other, randomBytes(10 * MiB))
    expect((await announce(api, id, 10 * MiB)).status).toBe(200)
    expect(await announce(elsewhere, id, 1)).toMatchObject({
      status: 413,
      body: { error: 'The attachments of this account may take 20 MiB and would take more; delete sessions that are no longer needed.' },
    })
    await api.delete(`/v1/sessions/${other}`)
    expect((await announce(elsewhere, id, 10 * MiB)).status).toBe(200)
    let refused: Awaited<ReturnType<typeof announce>> | undefined
    for (let at = 0; at < 60 && refused?.status !== 429; at++) refused = await announce(at % 2 ? api : elsewhere, id, 1)
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
  })

  test('the files of a session go with it, and those that nobody knows of are found and removed', async () => {
    const relay = await begin({ sweepFilesEveryMs: 200 })
    const { api, elsewhere } = await relay.account()
    const id = await newSession(api)
    const kept = await newSession(api, 'kept')
    const at = await send(api, id, randomBytes(1000))
    await send(api, id, randomBytes(1000))
    const stays = await send(api, kept, randomBytes(1000))
    expect(await stored(relay, id)).toHaveLength(2)
    expect((await elsewhere.delete(`/v1/sessions/${id}`)).status).toBe(200)
    expect((await api.get(at)).status).toBe(404)
    await until(async () => (await stored(relay, id)).length === 0)
    if (!bucket) {
      const blobs = createFileBlobs(relay.filesFolder)
      const orphan = `sessions/${id}/attachments/left.enc`
      await blobs.put(orphan, [Buffer.from('x')] as unknown as AsyncIterable<Uint8Array>, { maxBytes: 10 })
      const longAgo = new Date(Date.now() - 2 * 60 * 60_000)
      const [known] = await stored(relay, kept)
      for (const file of [orphan, known]) utimesSync(path.join(relay.filesFolder, 'blobs', `${file}~`), longAgo, longAgo)
      await until(async () => (await stored(relay, id)).length === 0)
    }
    expect((await api.get(stays)).status).toBe(200)
    expect(relay.reported).toEqual([])
  })

  test('what was announced and never sent gives its room back', async () => {
    const relay = await begin({ sweepEveryMs: 200, quotaAttachmentBytes: 1000 })
    const { api } = await relay.account()
    const id = await newSession(api)
    const at = await send(api, id, randomBytes(400))
    expect((await announce(api, id, 600)).status).toBe(200)
    expect((await announce(api, id, 600)).status).toBe(413)
    const { queries } = await relay.database()
    await queries
      .updateTable('attachments')
      .set({ created_at: Date.now() - 2 * 60 * 60_000 })
      .execute()
    await until(async () => (await announce(api, id, 600)).status === 200)
    expect((await announce(api, id, 1)).status).toBe(413)
    expect((await api.get<Buffer>(at)).body.length).toBe(400)
  })

  test('while the file store is away that is said, and nothing half done stays', async () => {
    await using store = await startBucket()
    await using proxy = await startProxy(store.place.endpoint)
    const relay = await begin(settingsOf({ ...store.place, endpoint: proxy.url }))
    const { api } = await relay.account()
    const id = await newSession(api)
    const there = await send(api, id, randomBytes(1000))
    const at = pathOf((await announce(api, id, 1000)).body.uploadUrl)
    proxy.setLoss(1)
    for (const answer of [await api.put(at, randomBytes(1000)), await api.get(there)])
      expect(answer).toMatchObject({
        status: 503,
        body: { code: 'unavailable', error: expect.stringMatching(/^The file store 127\.0\.0\.1:\d+ cannot be reached/) },
      })
    proxy.setLoss(0)
    expect((await api.get(at)).status).toBe(404)
    expect((await api.put(at, randomBytes(1000))).status).toBe(200)
    expect((await api.get<Buffer>(there)).body.length).toBe(1000)
    expect(relay.reported).toEqual([])
  })

  test('the addresses of files begin with the one at which the client sees the relay', async () => {
    const addressAt = async (config: Partial<RelayConfig>, headers: Record<string, string>) => {
      const relay = await begin(config)
      const { api } = await relay.account()
      const id = await newSession(api)
      const sent = { body: { filename: 'a', size: 1 }, headers }
      const { body } = await api.request<{ uploadUrl: string; ref: string }>('POST', `/v1/sessions/${id}/attachments/request-upload`, sent)
      return body.uploadUrl.replace(body.ref, '').replace(relay.url, 'RELAY')
    }
    const behind = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'relay.example' }
    expect(await addressAt({}, behind)).toBe('RELAY/v1/')
    expect(await addressAt({}, { host: 'localhost:1234' })).toBe('http://localhost:1234/v1/')
    expect(await addressAt({ trustProxy: true }, behind)).toBe('https://relay.example/v1/')
    expect(await addressAt({ trustProxy: true, publicUrl: 'https://public.example/relay/' }, behind)).toBe('https://public.example/relay/v1/')
  })
})
