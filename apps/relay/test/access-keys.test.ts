import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

onMainKinds((begin) => {
  test('an access key is kept for a session and a machine of the account, replaced by whoever knows the last one, and goes with either', async () => {
    const relay = await begin()
    const { api, elsewhere, socketElsewhere } = await relay.account()
    const session = async (tag: string) => (await api.post<{ session: { id: string } }>('/v1/sessions', { tag, metadata: 'm' })).body.session.id
    const [sessionId, otherId] = [await session('a'), await session('b')]
    for (const id of ['m1', 'm2']) await api.post('/v1/machines', { id, metadata: 'm' })
    const stranger = await relay.account()
    await stranger.api.post('/v1/machines', { id: 'm3', metadata: 'm' })
    expect((await api.post(`/v1/access-keys/${sessionId}/m3`, { data: 'sealed' })).status).toBe(404)
    expect((await stranger.api.post(`/v1/access-keys/${sessionId}/m3`, { data: 'sealed' })).status).toBe(404)
    const at = `/v1/access-keys/${sessionId}/m1`
    const socket = await socketElsewhere()
    expect((await api.get(at)).body).toEqual({ accessKey: null })
    expect(await socket.call('access-key-get', { sessionId, machineId: 'm1' })).toEqual({ ok: true, accessKey: null })
    const times = { createdAt: expect.any(Number), updatedAt: expect.any(Number) }
    const created = await Promise.all([api, elsewhere, api, elsewhere].map((client) => client.post(at, { data: 'sealed' })))
    expect(created.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409])
    const accessKey = { data: 'sealed', dataVersion: 1, ...times }
    expect(created.find(({ status }) => status === 200)!.body).toEqual({ success: true, accessKey })
    expect(created.find(({ status }) => status === 409)!.body).toMatchObject({ error: 'Access key already exists' })
    expect((await elsewhere.get(at)).body).toEqual({ accessKey })
    expect((await elsewhere.put(at, { data: 'new', expectedVersion: 1 })).body).toEqual({ success: true, version: 2 })
    const late = await api.put(at, { data: 'newer', expectedVersion: 1 })
    expect([late.status, late.body]).toEqual([200, { success: false, error: 'version-mismatch', currentVersion: 2, currentData: 'new' }])
    expect(await socket.call('access-key-get', { sessionId, machineId: 'm1' })).toMatchObject({
      ok: true,
      accessKey: { data: 'new', dataVersion: 2 },
    })
    await api.post(`/v1/access-keys/${otherId}/m2`, { data: 'other' })
    await api.delete(`/v1/sessions/${sessionId}`)
    expect(await socket.call('access-key-get', { sessionId, machineId: 'm1' })).toEqual({ ok: false, error: 'Session or machine not found' })
    await api.delete('/v1/machines/m2')
    await api.post('/v1/machines', { id: 'm2', metadata: 'another' })
    expect((await api.get(`/v1/access-keys/${otherId}/m2`)).body).toEqual({ accessKey: null })
    expect(relay.reported).toEqual([])
  })
})
