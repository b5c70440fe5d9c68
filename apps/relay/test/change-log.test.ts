import { until } from '@steward/testkit'
import { connectSocket, startProxy, type Update } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

const numbers = (updates: readonly Update[]) => updates.map(({ seq }) => seq)
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

onMainKinds((begin, nodes) => {
  test('writers on every node give one log without gaps, and every reader has it in the same order', async () => {
    const relay = await begin()
    const { api, elsewhere, socket, socketElsewhere } = await relay.account()
    const readers = [await socket(), await socketElsewhere()]
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const { id } = body.session
    const writers = 8
    const each = 25
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let at = 0; at < each; at++) {
          const sent = { messages: [{ content: `${writer}.${at}`, localId: `${writer}.${at}` }] }
          const { status } = await (writer % 2 === 0 ? api : elsewhere).post(`/v3/sessions/${id}/messages`, sent)
          expect(status).toBe(200)
        }
      }),
    )
    const last = writers * each + 1
    for (const reader of readers) {
      await reader.next(({ seq }) => seq === last)
      expect(numbers(reader.updates)).toEqual(upTo(last))
    }
    expect(readers[1]?.updates.map(({ body: told }) => told)).toEqual(readers[0]?.updates.map(({ body: told }) => told))
    const page = await elsewhere.get<{ messages: { seq: number; content: { c: string } }[] }>(`/v3/sessions/${id}/messages?limit=500`)
    expect(page.body.messages.map(({ seq }) => seq)).toEqual(upTo(writers * each))
    // Each writer's own messages are in the order of their answers.
    for (let writer = 0; writer < writers; writer++) {
      const own = page.body.messages.map(({ content }) => content.c).filter((text) => text.startsWith(`${writer}.`))
      expect(own).toEqual(Array.from({ length: each }, (_, at) => `${writer}.${at}`))
    }
    expect(relay.reported).toEqual([])
  })

  test('a client that was away gets exactly what it missed, while others go on writing', async () => {
    const relay = await begin()
    const { api, socket, socketElsewhere } = await relay.account()
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const path = `/v3/sessions/${body.session.id}/messages`
    const send = (at: number) => api.post(path, { messages: [{ content: `${at}`, localId: `${at}` }] })
    for (let at = 0; at < 450; at += 50)
      await api.post(path, { messages: Array.from({ length: 50 }, (_, more) => ({ content: 'x', localId: `${at + more}` })) })
    const writer = { stop: false }
    const writing = (async () => {
      for (let at = 1000; !writer.stop; at++) await send(at)
    })()
    const back = await (nodes > 1 ? socketElsewhere : socket)({ since: 101 })
    await back.next(({ seq }) => seq >= 500, 20_000)
    writer.stop = true
    await writing
    const { body: head } = await api.get<{ seq: number }>('/v1/changes?since=0&limit=1')
    await back.next(({ seq }) => seq === head.seq)
    expect(numbers(back.updates)).toEqual(upTo(head.seq, 102))
  })

  test('a client whose place is beyond the log is told to begin anew', async () => {
    const relay = await begin()
    const { api, socket } = await relay.account()
    await api.post('/v1/sessions', { tag: 't', metadata: 'm' })
    const back = await socket({ since: 77 }, {})
    expect((await api.get('/v1/changes?since=77')).body).toMatchObject({ reset: true, seq: 1, changes: [] })
    await api.post('/v1/sessions', { tag: 'u', metadata: 'm' })
    await back.next(({ seq }) => seq === 2)
    expect(numbers(back.updates)).toEqual([2])
  })

  test('of many equal requests at once one is carried out, and all get its answer', async () => {
    const relay = await begin()
    const { api, elsewhere } = await relay.account()
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 === 0 ? api : elsewhere).post<{ session: { id: string } }>('/v1/sessions', { tag: 'same', metadata: `${at}` }),
      ),
    )
    expect(new Set(made.map(({ body }) => body.session.id)).size).toBe(1)
    const path = `/v3/sessions/${made[0]?.body.session.id}/messages`
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 === 0 ? api : elsewhere).post<{ messages: { seq: number }[] }>(path, { messages: [{ content: `${at}`, localId: 'same' }] }),
      ),
    )
    expect(sent.map(({ body }) => body.messages.map(({ seq }) => seq))).toEqual(sent.map(() => [1]))
    expect((await api.get('/v1/changes?since=0')).body).toMatchObject({ seq: 2 })
  })

  test('one that is refused keeps nobody else waiting or out', async () => {
    const relay = await begin()
    const { api } = await relay.account()
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const { id } = body.session
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        at % 3 === 0
          ? api.post('/v3/sessions/nowhere/messages', { messages: [{ content: 'x', localId: `${at}` }] })
          : at % 3 === 1
            ? api.post(`/v3/sessions/${id}/messages`, { messages: [{ content: 'x', localId: `${at}` }] })
            : api.post(`/v1/sessions/nowhere${at}`, { metadata: 'x' }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, at) => (at % 3 === 1 ? 200 : 404)))
    const { body: page } = await api.get<{ messages: { seq: number }[] }>(`/v3/sessions/${id}/messages`)
    expect(page.messages.map(({ seq }) => seq)).toEqual(upTo(10))
  })

  test('a reader that takes nothing holds little memory and is dropped, and the others hear all', async () => {
    const relay = await begin({ stallLimitMs: 1_500 })
    const { api, socket, token } = await relay.account()
    const proxy = await startProxy(relay.url)
    const stalled = await connectSocket(proxy.url, { token })
    const brisk = await socket()
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    proxy.stall()
    const content = 'x'.repeat(100_000)
    const batches = 30
    for (let at = 0; at < batches; at++)
      await api.post(`/v3/sessions/${body.session.id}/messages`, {
        messages: Array.from({ length: 20 }, (_, more) => ({ content, localId: `${at}.${more}` })),
      })
    await brisk.next(({ seq }) => seq === batches * 20 + 1)
    expect(numbers(brisk.updates)).toEqual(upTo(batches * 20 + 1))
    await until(() => relay.sockets() === 1, { timeoutMs: 10_000, what: 'the stalled socket to be dropped' })
    expect(stalled.updates.length).toBeLessThan(2)
    await proxy.close()
  })
})
