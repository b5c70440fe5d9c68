import { randomUUID } from 'node:crypto'
import { until } from '@steward/testkit'
import type { HttpClient } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

const day = 24 * 60 * 60_000
const newSession = async (api: HttpClient, tag: string) =>
  (await api.post<{ session: { id: string } }>('/v1/sessions', { tag, metadata: 'm' })).body.session.id
const post = (api: HttpClient, id: string, contents: readonly string[]) =>
  api.post<{ error?: string }>(`/v3/sessions/${id}/messages`, { messages: contents.map((content) => ({ content, localId: `${Math.random()}` })) })
type Log = { changes: { seq: number; body: { t: string } }[]; seq: number; reset: boolean }

onMainKinds((begin) => {
  test('an account that holds as much as it may is told what to do, keeps what it has, and can go on when it has made room', async () => {
    const relay = await begin({ quotaSessions: 2, quotaMessageBytes: 1000 })
    const { api, elsewhere, socket } = await relay.account()
    const phone = await socket()
    const one = await newSession(api, '1')
    const two = await newSession(elsewhere, '2')
    expect(await api.post('/v1/sessions', { tag: '3', metadata: 'm' })).toMatchObject({
      status: 429,
      body: {
        error: 'This account has 2 sessions, the most it may have; delete sessions that are no longer needed (POST /v1/sessions/delete).',
        retryable: false,
      },
    })
    expect((await api.post('/v1/sessions', { tag: '1', metadata: 'm' })).status).toBe(200)
    expect((await post(api, one, ['x'.repeat(400), 'é'.repeat(200)])).status).toBe(200)
    // Of many that wait together only those that fit are taken.
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(api, two, ['x'.repeat(100)])))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 413, 413])
    expect(answers.find(({ status }) => status === 413)?.body).toMatchObject({
      error: 'The messages of this account may take 1000 bytes and would take more; delete sessions that are no longer needed.',
    })
    expect(await phone.call('message', { sid: two, message: 'x' })).toMatchObject({ ok: false, code: 'too_large' })
    const { queries } = await relay.database()
    const held = () => queries.selectFrom('accounts').select(['session_count', 'message_bytes']).executeTakeFirstOrThrow()
    expect(await held()).toEqual({ session_count: 2, message_bytes: 1000 })
    expect((await elsewhere.delete(`/v1/sessions/${one}`)).status).toBe(200)
    expect(await held()).toEqual({ session_count: 1, message_bytes: 200 })
    expect((await post(elsewhere, two, ['x'.repeat(800)])).status).toBe(200)
    expect((await api.post('/v1/sessions', { tag: '3', metadata: 'm' })).status).toBe(200)
    await until(() => phone.updates.filter(({ body }) => body.t === 'new-session').length === 3)
    expect(phone.updates.filter(({ body }) => body.t === 'new-message')).toHaveLength(5)
    expect(relay.reported).toEqual([])
  })

  test('values and artifacts count with what they hold now', async () => {
    const relay = await begin({ quotaKvBytes: 100, quotaArtifactBytes: 100 })
    const { api, elsewhere } = await relay.account()
    const { queries } = await relay.database()
    const held = () => queries.selectFrom('accounts').select(['kv_bytes', 'artifact_bytes']).executeTakeFirstOrThrow()
    const set = (key: string, length: number, version: number) =>
      api.post('/v1/kv', { mutations: [{ key, value: length === 0 ? null : 'A'.repeat(length), version }] })
    expect((await set('é', 40, -1)).status).toBe(200)
    expect((await set('k', 56, -1)).status).toBe(200)
    expect(await set('l', 4, -1)).toMatchObject({
      status: 413,
      body: { error: expect.stringContaining('set values that are no longer needed to null') },
    })
    expect((await set('k', 0, 0)).status).toBe(200)
    expect((await set('l', 4, -1)).status).toBe(200)
    const sessionId = await newSession(api, 't')
    const [one, two] = [randomUUID(), randomUUID()]
    const artifact = (id: string, body: string) => ({ id, header: 'AAAA', body, dataEncryptionKey: 'AAAA' })
    expect((await api.post('/v1/artifacts', artifact(one, 'A'.repeat(40)))).status).toBe(200)
    expect((await api.post(`/v1/sessions/${sessionId}/artifacts`, artifact(two, 'A'.repeat(40)))).status).toBeLessThan(300)
    const grow = () => elsewhere.post(`/v1/artifacts/${one}`, { body: 'A'.repeat(60), expectedBodyVersion: 1 })
    expect((await grow()).status).toBe(413)
    expect(await held()).toEqual({ kv_bytes: 48, artifact_bytes: 88 })
    await elsewhere.delete(`/v1/sessions/${sessionId}`)
    expect((await grow()).status).toBe(200)
    expect(await held()).toEqual({ kv_bytes: 48, artifact_bytes: 64 })
    await api.delete(`/v1/artifacts/${one}`)
    expect(await held()).toEqual({ kv_bytes: 48, artifact_bytes: 0 })
    expect(relay.reported).toEqual([])
  })

  test('old changes leave the log: who needs them is told to begin anew, who needs younger ones gets just those', async () => {
    const relay = await begin({ sweepEveryMs: 200, changesKeptMs: 30 * day })
    const { api, elsewhere, socket, socketElsewhere } = await relay.account()
    const id = await newSession(api, 't')
    for (let at = 0; at < 12; at++)
      await post(
        api,
        id,
        Array.from({ length: 100 }, () => 'x'),
      )
    const { queries } = await relay.database()
    await queries
      .updateTable('changes')
      .set({ created_at: Date.now() - 31 * day })
      .where('seq', '<=', 1100)
      .execute()
    await until(async () => (await elsewhere.get<Log>('/v1/changes?since=1099&limit=1')).body.reset)
    expect((await api.get<Log>('/v1/changes?since=0')).body).toEqual({ changes: [], seq: 1201, hasMore: false, reset: true })
    const { changes, reset } = (await api.get<Log>('/v1/changes?since=1100&limit=1000')).body
    expect([reset, changes.length, changes[0]?.seq]).toEqual([false, 101, 1101])
    const late = await socket({ since: 500 })
    const timely = await socketElsewhere({ since: 1100 })
    await timely.next(({ seq }) => seq === 1201)
    expect(timely.updates[0]?.seq).toBe(1101)
    await post(elsewhere, id, ['new'])
    await late.next(({ seq }) => seq === 1202)
    expect(late.updates.map(({ seq }) => seq)).toEqual([1202])
    expect((await api.get<{ messages: unknown[] }>(`/v3/sessions/${id}/messages?limit=500`)).body.messages).toHaveLength(500)
    expect(relay.reported).toEqual([])
  })

  test('sessions that nothing was heard of for long are deleted where that is set, and their owner hears of it', async () => {
    const relay = await begin({ sweepEveryMs: 200, sessionsKeptMs: 60 * day })
    const { api, socketElsewhere } = await relay.account()
    const ids: string[] = []
    for (const tag of ['idle', 'active', 'young', 'used']) ids.push(await newSession(api, tag))
    const [idle = '', active = '', young = '', used = ''] = ids
    const phone = await socketElsewhere()
    for (const id of [idle, young, used]) await api.post(`/v1/sessions/${id}/archive`)
    await post(api, idle, ['x'])
    const { queries } = await relay.database()
    const longAgo = Date.now() - 61 * day
    await queries.updateTable('sessions').set({ active_at: longAgo, updated_at: longAgo }).where('id', 'in', [idle, active]).execute()
    await queries.updateTable('sessions').set({ active_at: longAgo }).where('id', '=', used).execute()
    expect((await phone.next(({ body }) => body.t === 'delete-session')).body).toEqual({ t: 'delete-session', sid: idle })
    const { body } = await api.get<{ sessions: { id: string }[] }>('/v1/sessions')
    expect(body.sessions.map(({ id }) => id).toSorted()).toEqual([active, young, used].toSorted())
    expect(relay.reported).toEqual([])
  })

  test('many sessions are deleted at once, long ones too, and those that are not there are named', async () => {
    const relay = await begin()
    const { api, elsewhere, socketElsewhere } = await relay.account()
    const { api: other } = await relay.account()
    const theirs = await newSession(other, 'theirs')
    const ids: string[] = []
    for (const tag of ['1', '2', '3', 'kept']) ids.push(await newSession(api, tag))
    const [long = '', two = '', three = '', kept = ''] = ids
    for (let at = 0; at < 52; at++)
      await post(
        api,
        long,
        Array.from({ length: 100 }, () => 'x'),
      )
    await post(api, kept, ['stays'])
    const phone = await socketElsewhere()
    const cli = await socketElsewhere({ clientType: 'session-scoped', sessionId: two })
    const { status, body } = await elsewhere.post('/v1/sessions/delete', { ids: [long, two, two, three, theirs, 'none'] })
    expect([status, body]).toEqual([200, { success: true, deleted: [long, two, three], missing: [theirs, 'none'] }])
    await phone.next(({ body: told }) => told['sid'] === three)
    expect(phone.updates.map(({ body: told }) => told['sid'])).toEqual([long, two, three])
    // What runs for a session hears that it is gone.
    await cli.next(({ body: told }) => told.t === 'delete-session')
    const { queries } = await relay.database()
    expect(await queries.selectFrom('messages').select('content').execute()).toEqual([{ content: 'stays' }])
    expect((await other.get(`/v1/sessions/${theirs}`)).status).toBe(200)
    expect((await api.post('/v1/sessions/delete', { ids: [] })).status).toBe(400)
    expect((await api.post('/v1/sessions/delete', { ids: Array.from({ length: 201 }, () => 'x') })).status).toBe(400)
  })
})
