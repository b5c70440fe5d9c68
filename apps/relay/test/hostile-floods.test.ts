import { randomUUID } from 'node:crypto'
import { http } from '@steward/testkit/relay'
import { until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'
import { startRelay, type TestAccount } from './start.ts'

const sessionOf = async ({ api }: TestAccount) =>
  (await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })).body.session.id

onMainKinds((begin) => {
  test('while one account floods its sockets and its routes, another is served, and what the flood was answered with is kept', async () => {
    const relay = await begin()
    const [greedy, other] = [await relay.account(), await relay.account()]
    const [mine, theirs] = [await sessionOf(greedy), await sessionOf(other)]
    const sockets = await Promise.all([greedy.socket(), greedy.socketElsewhere(), greedy.socket({ clientType: 'session-scoped', sessionId: mine })])
    using client = http(relay.url, greedy.token, { connections: 64 })
    let acknowledged = 0
    for (const socket of sockets)
      for (let at = 0; at < 1_000; at++)
        socket.socket.emit('message', { sid: mine, message: 'A', localId: randomUUID() }, ({ ok }: { ok: boolean }) => void (ok && acknowledged++))
    const posts = Array.from({ length: 300 }, () =>
      client.post(`/v3/sessions/${mine}/messages`, { messages: [{ content: 'B', localId: randomUUID() }] }),
    )
    const reads = Array.from({ length: 300 }, () => client.get(`/v3/sessions/${mine}/messages?limit=500`))
    const watcher = await other.socketElsewhere()
    for (let at = 0; at < 10; at++) {
      expect((await other.api.post(`/v3/sessions/${theirs}/messages`, { messages: [{ content: `${at}`, localId: `${at}` }] })).status).toBe(200)
      await watcher.next(({ body }) => body.t === 'new-message' && (body['message'] as { seq: number }).seq === at + 1, 20_000)
    }
    const answers = await Promise.all([...posts, ...reads])
    expect(answers.filter(({ status }) => status !== 200 && status !== 429)).toEqual([])
    await Promise.all(sockets.map((socket) => until(() => !socket.socket.connected || acknowledged >= 3_000, { timeoutMs: 60_000 })))
    const kept = acknowledged + (await Promise.all(posts)).filter(({ status }) => status === 200).length
    expect((await greedy.api.get<{ session: { seq: number } }>(`/v1/sessions/${mine}`)).body.session.seq).toBeGreaterThanOrEqual(kept)
    for (const socket of sockets) socket.close()
    expect(relay.reported).toEqual([])
  })
})
test('an account that opens and closes sockets without end leaves nothing behind', async () => {
  const relay = await startRelay({ socketsPerAccount: 20 })
  try {
    const account = await relay.account()
    for (let round = 0; round < 20; round++) {
      const opened = await Promise.allSettled(Array.from({ length: 30 }, () => account.socket()))
      const held = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(held.length).toBeLessThanOrEqual(20)
      for (const socket of held) socket.close()
      await until(() => relay.sockets() === 0)
    }
    expect((await account.socket()).socket.connected).toBe(true)
    expect(relay.reported).toEqual([])
  } finally {
    await relay.stop()
  }
})
