import { inspect } from 'node:util'
import { until } from '@steward/testkit'
import { startLiveKit, type HttpClient } from '@steward/testkit/relay'
import { afterAll, expect, test } from 'vitest'
import type { RelayConfig } from '../src/index.ts'
import { onMainKinds } from './kinds.ts'

interface Session {
  readonly id: string
  readonly sessionId: string | null
  readonly room: string
  readonly endedAt: number | null
}
type One = { session: Session }
type Token = { token: string; url: string; room: string; identity: string; expiresAt: number }
const newSession = async (api: HttpClient, tag = 't') => (await api.post<One>('/v1/sessions', { tag, metadata: 'm' })).body.session.id
const open = (api: HttpClient, sessionId?: string) => api.post<One>('/v1/voice/session', sessionId === undefined ? {} : { sessionId })

onMainKinds((begun) => {
  const livekit = startLiveKit()
  afterAll(async () => (await livekit).close())
  const begin = async (config: Partial<RelayConfig> = {}) => {
    const { url, apiKey, apiSecret } = await livekit
    return begun({ livekitUrl: url, livekitKey: apiKey, livekitSecret: apiSecret, ...config })
  }

  test('a voice session is opened, joined by the devices of its account, listed and ended, at any node', async () => {
    const server = await livekit
    const relay = await begin()
    const { api, elsewhere, socket } = await relay.account()
    const phone = await socket()
    const sessionId = await newSession(api)
    const { status, body } = await open(api, sessionId)
    expect([status, body.session]).toEqual([201, expect.objectContaining({ sessionId, endedAt: null })])
    const { session } = body
    expect((await open(elsewhere, sessionId)).body.session).toEqual(session)
    expect(server.rooms.has(session.room)).toBe(true)
    const free = (await open(elsewhere)).body.session
    expect([free.sessionId, free.room === session.room]).toEqual([null, false])

    const token = await elsewhere.post<Token>('/v1/voice/token', { voiceSessionId: session.id })
    expect(token.body).toMatchObject({ url: server.url.replace('http', 'ws'), room: session.room })
    expect(token.body.expiresAt - Date.now()).toBeLessThanOrEqual(120_000)
    const claims = JSON.parse(Buffer.from(token.body.token.split('.')[1] ?? '', 'base64url').toString())
    expect(claims.exp * 1000 - Date.now()).toBeLessThanOrEqual(120_000)
    expect(claims.video).toEqual({ roomJoin: true, room: session.room, canPublish: true, canSubscribe: true, canPublishData: true })
    expect(server.join(token.body.token)).toEqual({ room: session.room, identity: token.body.identity })
    expect((await api.post<Token>('/v1/voice/token', { sessionId })).body.room).toBe(session.room)
    expect((await api.post<Token>('/v1/voice/token', {})).body.room).toBe(free.room)

    expect((await api.delete(`/v1/voice/sessions/${session.id}`)).status).toBe(200)
    expect(server.rooms.has(session.room)).toBe(false)
    const again = await elsewhere.delete<One>(`/v1/voice/sessions/${session.id}`)
    expect([again.status, typeof again.body.session.endedAt]).toEqual([200, 'number'])
    expect((await api.post('/v1/voice/token', { voiceSessionId: session.id })).status).toBe(409)
    expect((await api.get<One>(`/v1/voice/sessions/${session.id}`)).body.session).toEqual(again.body.session)
    const first = (await elsewhere.get<{ sessions: Session[]; nextCursor: string }>('/v1/voice/sessions?limit=1')).body
    expect(first.sessions).toEqual([free])
    const rest = await api.get(`/v1/voice/sessions?limit=1&cursor=${first.nextCursor}`)
    expect(rest.body).toEqual({ sessions: [again.body.session], nextCursor: null })
    await phone.next(({ body: told }) => told.t === 'end-voice-session')
    expect(phone.updates.map(({ body: told }) => told.t)).toEqual(['new-session', 'new-voice-session', 'new-voice-session', 'end-voice-session'])
    expect(relay.reported).toEqual([])
  })

  test("another account's voice session is not there", async () => {
    const relay = await begin()
    const { api } = await relay.account()
    const { api: other } = await relay.account()
    const sessionId = await newSession(api)
    const { id } = (await open(api, sessionId)).body.session
    expect((await other.get(`/v1/voice/sessions/${id}`)).status).toBe(404)
    expect((await other.delete(`/v1/voice/sessions/${id}`)).status).toBe(404)
    expect((await other.post('/v1/voice/token', { voiceSessionId: id })).status).toBe(404)
    expect((await other.post('/v1/voice/token', { sessionId })).status).toBe(404)
    expect((await open(other, sessionId)).status).toBe(404)
    expect((await other.get('/v1/voice/sessions')).body).toEqual({ sessions: [], nextCursor: null })
  })

  test('a room that the voice server has closed can be ended, and ends by itself; one that is opened anew after its end is closed', async () => {
    const server = await livekit
    const relay = await begin({ sweepEveryMs: 200 })
    const { api } = await relay.account()
    const [one, two, three] = [(await open(api)).body.session, (await open(api)).body.session, (await open(api)).body.session]
    const { body } = await api.post<Token>('/v1/voice/token', { voiceSessionId: three.id })
    server.rooms.delete(one.room)
    expect((await api.delete(`/v1/voice/sessions/${one.id}`)).status).toBe(200)
    server.rooms.delete(two.room)
    await until(async () => (await api.get<One>(`/v1/voice/sessions/${two.id}`)).body.session.endedAt !== null)
    await api.delete(`/v1/voice/sessions/${three.id}`)
    server.join(body.token)
    expect(server.rooms.has(three.room)).toBe(true)
    await until(() => !server.rooms.has(three.room))
  })

  test('the voice session of a deleted session ends with it', async () => {
    const server = await livekit
    const relay = await begin()
    const { api } = await relay.account()
    const sessionId = await newSession(api)
    const { session } = (await open(api, sessionId)).body
    await api.delete(`/v1/sessions/${sessionId}`)
    await until(async () => (await api.get<One>(`/v1/voice/sessions/${session.id}`)).body.session.endedAt !== null)
    expect(server.rooms.has(session.room)).toBe(false)
  })

  test('a voice server that refuses, fails or is silent is named, and nothing it says goes further', async () => {
    await using server = await startLiveKit()
    const wrong = await begin({ livekitUrl: server.url, livekitKey: server.apiKey, livekitSecret: 'another' })
    const stranger = await wrong.account()
    const refused = await open(stranger.api)
    expect([refused.status, (refused.body as unknown as { error: string }).error]).toEqual([
      503,
      expect.stringMatching(
        /^The voice server 127\.0\.0\.1:\d+ refused with 401; its operator must check the LiveKit key and secret of this relay\.$/,
      ),
    ])
    expect(inspect([refused.body, wrong.reported], { depth: 10 })).not.toContain('eyJ')
    expect((await stranger.api.get('/v1/voice/sessions')).body).toEqual({ sessions: [], nextCursor: null })
    const relay = await begin({ livekitUrl: server.url, livekitKey: server.apiKey, livekitSecret: server.apiSecret })
    const { api } = await relay.account()
    const { session } = (await open(api)).body
    for (const fault of ['garbage', 'cut'] as const) {
      server.fail(fault)
      expect((await open(api)).status).toBe(503)
      server.fail(fault)
      expect((await api.delete(`/v1/voice/sessions/${session.id}`)).status).toBe(503)
    }
    expect((await api.get<One>(`/v1/voice/sessions/${session.id}`)).body.session.endedAt).toBe(null)
    expect((await api.delete(`/v1/voice/sessions/${session.id}`)).status).toBe(200)
    expect(relay.reported).toEqual([])
  })

  test('without a voice server the answer says what must be set', async () => {
    const relay = await begun()
    const { api } = await relay.account()
    const said = {
      error: 'This relay has no voice: its operator must set the address of a LiveKit server, its key and its secret.',
      code: 'unavailable',
    }
    expect(await open(api)).toMatchObject({ status: 503, body: said })
    expect(await api.post('/v1/voice/token', {})).toMatchObject({ status: 503, body: said })
  })
})
