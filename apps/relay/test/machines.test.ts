import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

type Machine = Record<string, unknown>
const id = '1e7d3a52-2c1f-4b6e-9c86-0f3f0d8f7a11'
const key = Buffer.alloc(105, 7).toString('base64')

onMainKinds((begin) => {
  test('a daemon and its command that register one machine at the same moment get the same machine, and its first words stay', async () => {
    const relay = await begin()
    const { api, elsewhere, socket } = await relay.account()
    const phone = await socket()
    const asked = Array.from({ length: 20 }, (_, at) =>
      (at % 2 === 0 ? api : elsewhere).post<{ machine: Machine }>('/v1/machines', {
        id,
        metadata: `m${at}`,
        dataEncryptionKey: key,
        ...(at % 3 === 0 ? {} : { daemonState: `d${at}` }),
      }),
    )
    const answers = await Promise.all(asked)
    const [first] = answers
    expect(answers.map(({ status, body }) => [status, body.machine])).toEqual(answers.map(() => [200, first!.body.machine]))
    const { machine } = first!.body
    const had = String(machine['metadata']).slice(1)
    const withState = Number(had) % 3 !== 0
    expect(machine).toMatchObject({ id, metadataVersion: 1, active: false, dataEncryptionKey: key })
    expect(machine).toMatchObject(withState ? { daemonState: `d${had}`, daemonStateVersion: 1 } : { daemonState: null, daemonStateVersion: 0 })
    await phone.next(({ body }) => body.t === 'update-machine')
    expect(phone.updates.map(({ body }) => body)).toEqual([
      expect.objectContaining({ t: 'new-machine', machineId: id, metadata: `m${had}`, active: false }),
      { t: 'update-machine', machineId: id, metadata: { value: `m${had}`, version: 1 } },
    ])
    expect((await api.get('/v1/machines')).body).toEqual([machine])
    expect((await elsewhere.get(`/v1/machines/${id}`)).body).toEqual({ machine })
    expect(relay.reported).toEqual([])
  })

  test('two accounts may have a machine of the same id, and neither sees the other', async () => {
    const relay = await begin()
    const one = await relay.account()
    const two = await relay.account()
    await one.api.post('/v1/machines', { id, metadata: 'mine' })
    expect((await two.api.get(`/v1/machines/${id}`)).status).toBe(404)
    expect((await two.api.post('/v1/machines', { id, metadata: 'yours' })).body).toMatchObject({ machine: { metadata: 'yours' } })
    await two.api.delete(`/v1/machines/${id}`)
    expect((await one.api.get(`/v1/machines/${id}`)).body).toMatchObject({ machine: { metadata: 'mine' } })
    expect((await two.api.get('/v1/machines')).body).toEqual([])
  })

  test('a daemon changes its metadata and its state over its socket, is told when it was behind, and its phone and it hear of it', async () => {
    const { account } = await begin()
    const { api, socket, socketElsewhere } = await account()
    await api.post('/v1/machines', { id, metadata: 'm1' })
    const daemon = await socketElsewhere({ clientType: 'machine-scoped', machineId: id })
    const phone = await socket()
    expect(await daemon.call('machine-update-state', { machineId: id, expectedVersion: 0, daemonState: 'd1' })).toEqual({
      result: 'success',
      version: 1,
      daemonState: 'd1',
    })
    await phone.nextEphemeral(({ type, active }) => type === 'machine-activity' && active === true)
    expect(await daemon.call('machine-update-metadata', { machineId: id, expectedVersion: 0, metadata: 'm2' })).toEqual({
      result: 'version-mismatch',
      version: 1,
      metadata: 'm1',
    })
    expect(await daemon.call('machine-update-metadata', { machineId: id, expectedVersion: 1, metadata: 'm2' })).toEqual({
      result: 'success',
      version: 2,
      metadata: 'm2',
    })
    expect(await daemon.call('machine-update-state', { machineId: 'none', expectedVersion: 0, daemonState: 'd' })).toEqual({
      result: 'error',
      message: 'Machine not found',
    })
    expect(await daemon.call('machine-update-state', { machineId: id, expectedVersion: 1, daemonState: 7 })).toMatchObject({ result: 'error' })
    await phone.next(({ body }) => body.t === 'update-machine' && 'metadata' in body)
    const heard = [
      { t: 'update-machine', machineId: id, daemonState: { value: 'd1', version: 1 } },
      { t: 'update-machine', machineId: id, metadata: { value: 'm2', version: 2 } },
    ]
    expect(phone.updates.map(({ body }) => body)).toEqual(heard)
    await daemon.next(({ body }) => 'metadata' in body)
    expect(daemon.updates.map(({ body }) => body)).toEqual(heard)
    expect((await api.get(`/v1/machines/${id}`)).body).toMatchObject({ machine: { active: true, seq: 2, daemonStateVersion: 1, metadataVersion: 2 } })
  })

  test('the routes of the document change metadata and state by version, of which only one of two at once wins', async () => {
    const { account } = await begin()
    const { api, elsewhere } = await account()
    await api.post('/v1/machines', { id, metadata: 'm1' })
    const both = await Promise.all([
      api.post<Machine>(`/v1/machines/${id}/metadata`, { metadata: 'a', expectedVersion: 1 }),
      elsewhere.post<Machine>(`/v1/machines/${id}/metadata`, { metadata: 'b', expectedVersion: 1 }),
    ])
    const won = both.find(({ body }) => body['success'] === true)!
    const lost = both.find(({ body }) => body['success'] === false)!
    expect(lost.body).toEqual({ ...won.body, success: false, error: 'version-mismatch' })
    expect((await api.post(`/v1/machines/${id}/state`, { daemonState: 'd' })).body).toMatchObject({
      success: true,
      machine: { daemonState: 'd', daemonStateVersion: 1, active: true },
    })
    expect((await api.post('/v1/machines/none/state', { daemonState: 'd' })).status).toBe(404)
    expect((await api.post(`/v1/machines/${id}/state`, {})).status).toBe(400)
  })

  test('a forgotten machine is gone for all, its sockets hear of it, and it may come again as a new one', async () => {
    const { account } = await begin()
    const { api, socket } = await account()
    await api.post('/v1/machines', { id, metadata: 'm1', daemonState: 'd' })
    const daemon = await socket({ clientType: 'machine-scoped', machineId: id })
    expect((await api.delete(`/v1/machines/${id}`)).body).toEqual({ success: true })
    expect((await daemon.next(({ body }) => body.t === 'delete-machine')).body).toEqual({ t: 'delete-machine', machineId: id })
    expect((await api.delete(`/v1/machines/${id}`)).status).toBe(404)
    expect((await api.get(`/v1/machines/${id}`)).body).toMatchObject({ error: 'Machine not found' })
    expect((await api.post('/v1/machines', { id, metadata: 'new' })).body).toMatchObject({ machine: { metadata: 'new', metadataVersion: 1 } })
  })
})
