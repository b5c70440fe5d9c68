import { lacking } from '@steward/testkit'
import { createDatabase, lackingPostgres, startPostgres, startProxy, startRedis } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { startRelay } from './start.ts'

const missing = lackingPostgres() ?? lacking('redis-server')
test.skipIf(missing !== null)(`a reader that moves to a node that knows less hears nothing twice${missing ?? ''}`, async () => {
  await using server = await startPostgres()
  await using database = await createDatabase(server.url)
  await using redis = await startRedis()
  await using line = await startProxy(redis.url)
  const relay = await startRelay({ databaseUrl: database.url, redisUrl: line.url }, 2)
  const { api, socket, socketElsewhere } = await relay.account()
  const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
  const here = await socket({ since: 0 })
  const there = await socketElsewhere({ since: 0 })
  await there.next(({ seq }) => seq === 1)
  // No hint reaches the other node: it finds out by looking, some time later.
  line.stall()
  for (let seq = 2; seq < 8; seq += 2) {
    const messages = [1, 2].map((n) => ({ content: 'x', localId: `${seq}.${n}` }))
    await api.post(`/v3/sessions/${body.session.id}/messages`, { messages })
    await here.next((update) => update.seq === seq + 1)
    const moved = await socketElsewhere({ since: seq + 1 })
    await there.next((update) => update.seq === seq + 1)
    expect(moved.updates).toEqual([])
    await api.post(`/v1/sessions/${body.session.id}`, { metadata: `${seq}` })
    await moved.next(() => true)
    expect(moved.updates.map((update) => update.seq)).toEqual([++seq + 1])
    moved.close()
  }
  await relay.stop()
})
