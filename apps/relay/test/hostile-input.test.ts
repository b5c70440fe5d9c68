import { randomUUID } from 'node:crypto'
import { connectSocket } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { events } from './hostile/events.ts'
import { changedPlaces, deep, junk } from './hostile/junk.ts'
import { rows } from './hostile/rows.ts'
import { contract, oneWorld, sendTo, stranger } from './hostile/world.ts'
import { onMainKinds } from './kinds.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
/** Those that end the one who calls them. */
const ends = new Set(['auth.logout', 'accounts.delete'])

onMainKinds((begin) => {
  const usual = oneWorld(begin)

  test('whatever stands in the place of whatever an operation takes, it is refused as such or is harmless, never a fault of the relay', async () => {
    const world = await usual()
    const { client } = await stranger(world.relay.other)
    const wrong: string[] = []
    for (const name of Object.keys(contract)) {
      if (ends.has(name)) continue
      const ask = rows[name]?.ask(world) ?? {}
      for (const [what, value] of Object.entries(junk)) {
        const tried = [...changedPlaces(ask, value)].filter(isObject)
        const answers = await Promise.all(tried.map((input) => sendTo(client, name, input)))
        wrong.push(
          ...answers.flatMap(({ status, body }, at) => (status < 500 ? [] : [`${name} with ${what} at ${at}: ${status} ${JSON.stringify(body)}`])),
        )
      }
    }
    expect(wrong).toEqual([])
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(world.heard).toEqual([])
    expect(world.relay.reported).toEqual([])
    expect((await world.victim.api.get('/v1/auth/me')).status).toBe(200)
    client.close()
  })
  test('whatever is sent with an event, the socket or the relay lives on', async () => {
    const world = await usual()
    const { token } = await stranger(world.relay.url)
    const socket = await connectSocket(world.relay.url, { token })
    for (const [event, payloadOf] of Object.entries(events))
      for (const value of Object.values({ ...junk, 'nothing at all': undefined, bytes: Buffer.from('x'), 'very deep': deep(1_000) }))
        for (const changed of changedPlaces(payloadOf(world), value)) socket.socket.emit(event, changed, () => undefined)
    for (const event of ['nothing', '', '__proto__', 'constructor', 'toString', 'error\0']) socket.socket.emit(event, {}, () => undefined)
    // All of it was read when this is answered: events are read in their order.
    expect(await socket.call('app-state', { state: 'active' }, 60_000)).toBeDefined()
    socket.close()
    expect(world.heard).toEqual([])
    expect(world.relay.reported).toEqual([])
  })
  test('text that not every part could keep is refused, over HTTP and over sockets, and what can be kept comes back as it was', async () => {
    const world = await usual()
    const { client, token } = await stranger(world.relay.other)
    const socket = await connectSocket(world.relay.other, { token })
    const { body } = await client.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const { id } = body.session
    const append = (content: string) => client.post(`/v3/sessions/${id}/messages`, { messages: [{ content, localId: randomUUID() }] })
    for (const content of ['a\0', '\ud83d', 'a\udca9b']) {
      expect(await append(content), JSON.stringify(content)).toMatchObject({ status: 400, body: { code: 'invalid' } })
      expect(await socket.call('message', { sid: id, message: content })).toMatchObject({ ok: false, code: 'invalid' })
      expect(await socket.call('update-metadata', { sid: id, expectedVersion: 0, metadata: content })).toMatchObject({ result: 'error' })
    }
    const kept = ['\u{1f4a9}', '\ufffe\uffff\ufeff', 'e\u0301 \u00e9', '\u0001\u007f\u2028', '{"a":"\\u0000"}', '\\ud800']
    for (const content of kept) expect((await append(content)).status, JSON.stringify(content)).toBe(200)
    const page = await client.get<{ messages: { content: { c: string } }[] }>(`/v3/sessions/${id}/messages`)
    expect(page.body.messages.map(({ content }) => content.c)).toEqual(kept)
    for (const path of [
      '/v1/sessions/%00',
      '/v1/sessions/a%00b/messages',
      '/v2/sessions?cursor=cursor_v1_%00',
      `/v1/machines/%ED%A0%80`,
      '/v1/sessions/%ff',
      '/v1/sessions/%',
    ])
      expect((await client.get(path)).status, path).toBeLessThan(500)
    for (const sessionId of ['a\0', '\ud800'])
      await expect(connectSocket(world.relay.url, { token, clientType: 'session-scoped', sessionId })).rejects.toThrow('The input has a text')
    socket.close()
    client.close()
    expect(world.relay.reported).toEqual([])
  })
})
