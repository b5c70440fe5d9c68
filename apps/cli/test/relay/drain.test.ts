import { connectSocket, http, login, newAccount } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { createRelayPlace } from './place.ts'

interface Page {
  readonly messages: readonly { readonly seq: number; readonly localId: string }[]
  readonly hasMore: boolean
}
/** Every message of a session, page by page. */
async function everything(api: ReturnType<typeof http>, id: string): Promise<Page['messages'][number][]> {
  const all: Page['messages'][number][] = []
  for (;;) {
    const { body } = await api.get<Page>(`/v3/sessions/${id}/messages?limit=500&after_seq=${all.at(-1)?.seq ?? 0}`)
    all.push(...body.messages)
    if (!body.hasMore) return all
  }
}

test(
  'a relay that is told to stop under load ends within seconds, has lost nothing it acknowledged, and its clients are back by themselves',
  { timeout: 120_000 },
  async () => {
    await using place = await createRelayPlace()
    const first = await place.start(['--log-level', 'info'])
    const account = newAccount()
    const token = await login(first.url, account)
    const api = http(first.url, token)
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'sealed' })
    const { id } = body.session
    const acknowledged = new Set<string>()
    const load = { over: false }
    let under = 0
    const posting = Array.from({ length: 8 }, async (_, lane) => {
      for (let turn = 0; !load.over; turn++) {
        const localId = `post-${lane}-${turn}`
        const sent = await api.post(`/v3/sessions/${id}/messages`, { messages: [{ content: 'x'.repeat(500), localId }] }).catch(() => undefined)
        if (sent === undefined) return
        if (sent.status === 200) acknowledged.add(localId)
        under = acknowledged.size
      }
    })
    const sockets = await Promise.all(Array.from({ length: 30 }, () => connectSocket(first.url, { token })))
    const reasons: unknown[] = []
    for (const { socket } of sockets) socket.on('ended', (said: unknown) => reasons.push(said))
    const emitting = sockets.slice(0, 4).map(async (one, lane) => {
      for (let turn = 0; !load.over; turn++) {
        const localId = `emit-${lane}-${turn}`
        const answer = await one.call<{ ok: boolean }>('message', { sid: id, message: 'y', localId }).catch(() => undefined)
        if (answer === undefined) return
        if (answer.ok) acknowledged.add(localId)
      }
    })
    await expect.poll(() => under, { timeout: 30_000 }).toBeGreaterThan(200)
    first.signal('SIGTERM')
    const { code, ms } = await first.ended
    load.over = true
    await Promise.all([...posting, ...emitting])
    expect(code).toBe(0)
    expect(ms).toBeLessThan(5_000)
    expect(reasons).toEqual(sockets.map(() => ({ reason: 'stopping' })))
    // For any other reason the existing clients would stay away.
    expect(new Set(await Promise.all(sockets.map(({ closed }) => closed)))).toEqual(new Set(['transport close']))
    expect(first.log.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'The relay is up.',
      'The relay is stopping.',
      'The relay has stopped.',
    ])

    const second = await place.start()
    const messages = await everything(http(second.url, token), id)
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, at) => at + 1))
    const kept = messages.map(({ localId }) => localId)
    expect(new Set(kept).size).toBe(kept.length)
    expect([...acknowledged].filter((localId) => !kept.includes(localId))).toEqual([])
    second.signal('SIGINT')
    expect((await second.ended).code).toBe(0)
  },
)
test(
  'while it is being drained it says that it is not ready, takes no new sockets, and still answers; a second signal ends it at once',
  { timeout: 120_000 },
  async () => {
    await using place = await createRelayPlace()
    const relay = await place.start([], { STEWARD_RELAY_DRAIN_DELAY: '60s' })
    const token = await login(relay.url, newAccount())
    const api = http(relay.url, token)
    const held = await connectSocket(relay.url, { token })
    expect(await api.get('/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', checks: { database: true, migrations: true, serving: true } },
    })
    relay.signal('SIGTERM')
    await expect.poll(async () => (await api.get('/ready')).status, { timeout: 10_000 }).toBe(503)
    expect(await api.get('/ready')).toMatchObject({ body: { status: 'unavailable', checks: { database: true, serving: false } } })
    await expect(connectSocket(relay.url, { token })).rejects.toThrow(/websocket error/)
    expect((await api.post('/v1/sessions', { tag: 't', metadata: 'm' })).status).toBe(200)
    expect((await held.next((update) => update.body.t === 'new-session')).seq).toBe(1)
    relay.signal('SIGTERM')
    const { code, ms } = await relay.ended
    expect(code).toBe(130)
    expect(ms).toBeLessThan(5_000)
  },
)
