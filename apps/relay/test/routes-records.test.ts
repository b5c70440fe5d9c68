import { relayOperations } from '@steward/contract/relay'
import { http } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onEveryKind } from './kinds.ts'
import type { Case } from './route-case.ts'
import { cases, leftOut, rooms } from './routes-records.ts'

onEveryKind((begin) => {
  test('every route of what an account keeps answers as it should: what is asked for, what is not there, what is another’s, what is malformed', async () => {
    const relay = await begin()
    const { api, elsewhere } = await relay.account()
    const stranger = await relay.account()
    const nobody = http(relay.url)
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    await api.post('/v1/machines', { id: 'machine', metadata: 'm' })
    const ids = { session: body.session.id, artifact: '9b2d3c1e-0f5a-4d4e-8a53-0c1f8b1d2e3f', machine: 'machine' }
    const table = cases(ids)
    expect(Object.keys(table).toSorted()).toEqual(
      Object.keys(relayOperations)
        .filter((name) => rooms.includes(name.slice(0, name.indexOf('.'))))
        .toSorted(),
    )
    const say = async (client: typeof api, { at, send, status, says }: Case, what: string) => {
      const [method = '', path = ''] = at.split(' ')
      const answer = await client.request(method, path, send === undefined ? {} : { body: send })
      expect([answer.status, answer.body], `${what}: ${at} ${JSON.stringify(send)?.slice(0, 200)}`).toMatchObject([status, says])
    }
    const walk = async (client: typeof api, kind: 'good' | 'missing' | 'foreign' | 'malformed') => {
      for (const row of Object.values(table)) for (const one of row[kind] ?? []) await say(client, one, kind)
    }
    await walk(elsewhere, 'missing')
    await walk(api, 'malformed')
    expect((await api.get('/v1/changes')).body).toMatchObject({ seq: 3 })
    for (const row of Object.values(table)) for (const one of row.setup ?? []) await say(api, one, 'setup')
    const { body: before } = await api.get('/v1/changes?limit=1000')
    await walk(stranger.api, 'foreign')
    await walk(api, 'malformed')
    expect((await elsewhere.get('/v1/changes?limit=1000')).body).toEqual(before)
    await walk(elsewhere, 'good')
    for (const row of Object.values(table)) {
      const [one] = row.good
      if (one === undefined || row.isOpen === true) continue
      await say(nobody, { ...one, status: 401, says: { error: 'Missing authorization header' } }, 'nobody')
    }
    for (const one of leftOut) await say(api, one, 'left out')
    expect(relay.reported).toEqual([])
  })
})
