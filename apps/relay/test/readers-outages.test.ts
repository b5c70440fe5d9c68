import { lacking, until } from '@steward/testkit'
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

const lackingServer = lackingPostgres()
test.skipIf(lackingServer !== null)(
  `a reader that comes while the database is away gets what it missed when that is back${lackingServer ?? ''}`,
  async () => {
    await using server = await startPostgres()
    await using database = await createDatabase(server.url)
    const relay = await startRelay({ databaseUrl: database.url })
    const { api, socket } = await relay.account()
    await api.post('/v1/sessions', { tag: 't', metadata: 'm' })
    // Another reader is there, so that the node knows the account and lets the next one in without asking.
    const first = await socket({ since: 0 })
    await first.next(({ seq }) => seq === 1)
    await server.kill()
    const second = await socket({ since: 0 })
    await until(() => relay.reported.length > 0, { what: 'the node to miss its database' })
    await server.restart()
    expect((await second.next(() => true, 10_000)).seq).toBe(1)
    await relay.stop()
  },
)
