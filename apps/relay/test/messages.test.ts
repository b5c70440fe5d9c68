import { expect, test } from 'vitest'
import { onEveryKind } from './kinds.ts'

onEveryKind((begin) => {
  test('a batch of which some has been sent before keeps what is there and numbers the rest without a gap', async () => {
    const relay = await begin()
    const { api, socket } = await relay.account()
    const phone = await socket()
    const { body: made } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 'again', metadata: 'm' })
    const path = `/v3/sessions/${made.session.id}/messages`
    const post = async (...ids: string[]) => {
      const { body } = await api.post<{ messages: object[] }>(path, { messages: ids.map((id) => ({ content: `content ${id}`, localId: id })) })
      return body.messages
    }
    const first = await post('a', 'b')
    expect(await post('c', 'b', 'd', 'c', 'a')).toMatchObject([...first, { localId: 'c', seq: 3 }, { localId: 'd', seq: 4 }])
    expect(await post('e')).toMatchObject([{ localId: 'e', seq: 5 }])
    const { body: page } = await api.get<{ messages: { seq: number; localId: string; content: { c: string } }[] }>(path)
    expect(page.messages.map(({ seq, localId, content }) => `${seq} ${localId} ${content.c}`)).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((id, at) => `${at + 1} ${id} content ${id}`),
    )
    await phone.next(({ body }) => body.t === 'new-message' && (body['message'] as { localId: string }).localId === 'e')
    const told = phone.updates.filter(({ body }) => body.t === 'new-message').map(({ body }) => (body['message'] as { localId: string }).localId)
    expect(told).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(relay.reported).toEqual([])
  })

  test('a message that one client sends arrives at the others, and is there for whoever asks later', async () => {
    const relay = await begin()
    const { api, socket, socketElsewhere } = await relay.account()
    const phone = await socket()
    const { body, status } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'sealed' })
    expect(status).toBe(200)
    const id = body.session.id
    expect((await phone.next((update) => update.body.t === 'new-session')).body).toMatchObject({ id, metadata: 'sealed' })
    const cli = await socketElsewhere({ clientType: 'session-scoped', sessionId: id })
    const sent = await api.post(`/v3/sessions/${id}/messages`, {
      messages: [
        { content: 'a', localId: '1' },
        { content: 'b', localId: '2' },
        { content: 'a', localId: '1' },
      ],
    })
    expect(sent.body).toMatchObject({
      messages: [
        { seq: 1, localId: '1' },
        { seq: 2, localId: '2' },
      ],
    })
    expect(await cli.call('message', { sid: id, message: 'c', localId: '3' })).toMatchObject({ ok: true, seq: 3 })
    await phone.next((update) => (update.body['message'] as { seq?: number } | undefined)?.seq === 3)
    expect(phone.updates.map(({ seq, body: { t } }) => `${seq} ${t}`)).toEqual(['1 new-session', '2 new-message', '3 new-message', '4 new-message'])
    expect(cli.updates.map(({ seq }) => seq)).toEqual([2, 3])
    const page = await api.get<{ messages: { content: unknown }[] }>(`/v3/sessions/${id}/messages?after_seq=1`)
    expect(page.body).toMatchObject({ hasMore: false, messages: [{ content: { t: 'encrypted', c: 'b' } }, { content: { c: 'c' } }] })
    expect(await cli.call('update-metadata', { sid: id, expectedVersion: 0, metadata: 'new' })).toEqual({
      result: 'success',
      version: 1,
      metadata: 'new',
    })
    expect(await cli.call('update-metadata', { sid: id, expectedVersion: 0, metadata: 'newer' })).toEqual({
      result: 'version-mismatch',
      version: 1,
      metadata: 'new',
    })
    expect(await cli.call('update-metadata', { sid: 'none', expectedVersion: 0, metadata: 'newer' })).toMatchObject({ result: 'error' })
    const back = await socket({ since: 2 })
    await back.next((update) => update.body.t === 'update-session')
    expect(back.updates.map(({ seq }) => seq)).toEqual([3, 4, 5])
    await api.delete(`/v1/sessions/${id}`)
    expect((await api.get('/v1/changes?since=1')).body).toMatchObject({
      seq: 6,
      changes: [{ body: { t: 'erased' } }, {}, {}, {}, { body: { t: 'delete-session', sid: id } }],
    })
    expect(relay.reported).toEqual([])
  })
})
