import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

interface Artifact {
  readonly id: string
  readonly header: string
  readonly headerVersion: number
  readonly body: string
  readonly bodyVersion: number
  readonly seq: number
}
const base64 = (text: string) => Buffer.from(text).toString('base64')
const sealed = (id: string = randomUUID()) => ({ id, header: base64('title'), body: base64('text'), dataEncryptionKey: base64('key') })

onMainKinds((begin) => {
  test('an artifact that one client makes, changes and deletes is so for all others, those that were away too', async () => {
    const relay = await begin()
    const { api, elsewhere, socket, socketElsewhere } = await relay.account()
    const phone = await socketElsewhere()
    const made = sealed()
    const { body: artifact, status } = await api.post<Artifact>('/v1/artifacts', made)
    expect(status).toBe(200)
    expect(artifact).toMatchObject({ ...made, headerVersion: 1, bodyVersion: 1, seq: 0, sessionId: null })
    expect((await elsewhere.post('/v1/artifacts', { ...sealed(made.id), body: base64('other') })).body).toEqual(artifact)
    const changed = await api.post(`/v1/artifacts/${made.id}`, { header: base64('new'), expectedHeaderVersion: 1 })
    expect(changed.body).toEqual({ success: true, headerVersion: 2 })
    expect((await elsewhere.get<Artifact[]>('/v1/artifacts')).body).toMatchObject([{ id: made.id, header: base64('new'), headerVersion: 2, seq: 1 }])
    expect((await elsewhere.get<Artifact[]>('/v1/artifacts')).body[0]).not.toHaveProperty('body')
    expect((await elsewhere.get(`/v1/artifacts/${made.id}`)).body).toMatchObject({ header: base64('new'), body: made.body, bodyVersion: 1 })
    expect((await elsewhere.delete(`/v1/artifacts/${made.id}`)).body).toEqual({ success: true })
    await phone.next(({ body }) => body.t === 'delete-artifact')
    const told = [
      { t: 'new-artifact', artifactId: made.id, header: made.header, headerVersion: 1, body: made.body, bodyVersion: 1, seq: 0 },
      { t: 'update-artifact', artifactId: made.id, header: { value: base64('new'), version: 2 } },
      { t: 'delete-artifact', artifactId: made.id },
    ]
    expect(phone.updates.map(({ body }) => body)).toMatchObject(told)
    expect(phone.updates[1]!.body).not.toHaveProperty('body')
    const late = await socket({ since: 0 })
    await late.next(({ body }) => body.t === 'delete-artifact')
    expect(late.updates).toEqual(phone.updates)
  })

  test('two clients that change an artifact at once never overwrite each other: one is told what the other wrote', async () => {
    const relay = await begin()
    const { api, elsewhere } = await relay.account()
    const { body: artifact } = await api.post<Artifact>('/v1/artifacts', sealed())
    const at = `/v1/artifacts/${artifact.id}`
    const texts = Array.from({ length: 10 }, (_, n) => base64(`text ${n}`))
    const answers = await Promise.all(
      texts.map((body, n) => (n % 2 === 0 ? api : elsewhere).post<{ success: boolean }>(at, { body, expectedBodyVersion: 1 })),
    )
    const won = answers.findIndex(({ body }) => body.success)
    expect(answers.filter(({ body }) => body.success)).toHaveLength(1)
    const lost = { success: false, error: 'version-mismatch', currentBodyVersion: 2, currentBody: texts[won] }
    for (const { status, body } of answers.filter((_, n) => n !== won)) expect([status, body]).toEqual([200, lost])
    expect((await api.get(at)).body).toMatchObject({ body: texts[won], bodyVersion: 2, seq: 1, header: artifact.header, headerVersion: 1 })
    const half = await api.post(at, { header: base64('h'), expectedHeaderVersion: 1, body: base64('b'), expectedBodyVersion: 1 })
    expect(half.body).toEqual(lost)
    expect((await api.get(at)).body).toMatchObject({ headerVersion: 1, bodyVersion: 2, seq: 1 })
  })

  test('an update that expects no version takes the one there is and truly changes it; one that brings nothing changes nothing', async () => {
    const relay = await begin()
    const { api } = await relay.account()
    const { body: artifact } = await api.post<Artifact>('/v1/artifacts', sealed())
    const at = `/v1/artifacts/${artifact.id}`
    expect((await api.post(at, { body: base64('one') })).body).toEqual({ success: true, bodyVersion: 2 })
    expect((await api.post(at, { body: base64('two') })).body).toEqual({ success: true, bodyVersion: 3 })
    const { body: before } = await api.get<Artifact>(at)
    expect(before).toMatchObject({ body: base64('two'), bodyVersion: 3, seq: 2 })
    expect((await api.post(at, {})).body).toEqual({ success: true })
    expect((await api.post(at, { expectedBodyVersion: 1 })).body).toEqual({ success: true })
    expect((await api.get(at)).body).toEqual(before)
    expect((await api.get<{ seq: number }>('/v1/changes')).body.seq).toBe(3)
  })

  test('an artifact of a session is listed with it, and goes with it', async () => {
    const relay = await begin()
    const { api, socket } = await relay.account()
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const at = `/v1/sessions/${body.session.id}/artifacts`
    expect((await api.get(at)).body).toEqual({ artifacts: [], nextCursor: null })
    const { id: _id, ...unnamed } = sealed()
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      const made = await api.post<Artifact>(at, unnamed)
      expect([made.status, made.body]).toMatchObject([200, { sessionId: body.session.id, headerVersion: 1 }])
      ids.push(made.body.id)
    }
    const first = await api.get<{ artifacts: Artifact[]; nextCursor: string }>(`${at}?limit=2`)
    const rest = await api.get<{ artifacts: Artifact[]; nextCursor: null }>(`${at}?limit=2&cursor=${first.body.nextCursor}`)
    expect(rest.body.nextCursor).toBeNull()
    expect([...first.body.artifacts, ...rest.body.artifacts].map(({ id }) => id)).toEqual(ids.toSorted())
    expect((await api.get<Artifact[]>('/v1/artifacts')).body).toHaveLength(3)
    const phone = await socket()
    await api.delete(`/v1/sessions/${body.session.id}`)
    await phone.next((update) => update.body.t === 'delete-session')
    expect(phone.updates.flatMap((update) => (update.body.t === 'delete-artifact' ? [update.body['artifactId']] : [])).toSorted()).toEqual(
      ids.toSorted(),
    )
    expect((await api.get('/v1/artifacts')).body).toEqual([])
  })

  test('a client does all of it over its socket too, and is told there what it must know to try again', async () => {
    const relay = await begin()
    const { socket } = await relay.account()
    const phone = await socket()
    const made = sealed()
    const { id: artifactId } = made
    const artifact = { ...made, headerVersion: 1, bodyVersion: 1, seq: 0 }
    expect(await phone.call('artifact-create', made)).toMatchObject({ result: 'success', artifact })
    expect(await phone.call('artifact-read', { artifactId })).toMatchObject({ result: 'success', artifact })
    const header = { data: base64('h'), expectedVersion: 1 }
    expect(await phone.call('artifact-update', { artifactId, header })).toEqual({ result: 'success', header: { version: 2, data: header.data } })
    expect(await phone.call('artifact-update', { artifactId, header, body: { data: base64('b'), expectedVersion: 1 } })).toEqual({
      result: 'version-mismatch',
      header: { currentVersion: 2, currentData: header.data },
    })
    expect(await phone.call('artifact-update', { artifactId })).toEqual({ result: 'error', message: 'No updates provided' })
    for (const broken of ['text', { expectedVersion: 2 }, { data: 7 }, { data: base64('h'), expectedVersion: 'two' }])
      expect(await phone.call('artifact-update', { artifactId, header: broken })).toMatchObject({ result: 'error' })
    expect(await phone.call('artifact-delete', { artifactId })).toEqual({ result: 'success' })
    for (const event of ['artifact-read', 'artifact-delete'])
      expect(await phone.call(event, { artifactId })).toEqual({ result: 'error', message: 'Artifact not found' })
    expect(await phone.call('artifact-read', null)).toMatchObject({ result: 'error' })
    expect(relay.reported).toEqual([])
  })
})
