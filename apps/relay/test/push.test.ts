import { until } from '@steward/testkit'
import { startExpo, type ExpoServer } from '@steward/testkit/relay'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'
import { startRelay, type TestAccount } from './start.ts'

const to = (name: string) => `ExponentPushToken[${name}]`
const event = { kind: 'permission', title: 'It asks', body: 'May it?', data: { url: '/session/1' } }
let expo: ExpoServer
beforeAll(async () => void (expo = await startExpo()))
afterAll(() => expo.close())

const session = async ({ api }: TestAccount) =>
  (await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })).body.session.id
const sentTo = (tokens: readonly string[]) => expo.messages.filter((message) => tokens.includes(message.to))

onMainKinds((begin, nodes) => {
  const name = (text: string) => to(`${text} ${nodes} ${expo.messages.length}`)

  test('every phone that asked is told of an event once, sockets hear of it too, and the answer says how many took it', async () => {
    const relay = await begin({ expoUrl: expo.url })
    const account = await relay.account()
    const sessionId = await session(account)
    const push = () => account.api.post(`/v1/sessions/${sessionId}/push-event`, event)
    expect((await push()).body).toMatchObject({ success: true, result: 'no_tokens', tokens: 0 })
    const tokens = [name('a'), name('b')]
    for (const token of [...tokens, ...tokens]) expect((await account.elsewhere.post('/v1/push-tokens', { token })).body).toEqual({ success: true })
    const listed = await account.api.get<{ tokens: { token: string }[] }>('/v1/push-tokens')
    expect(listed.body.tokens.map(({ token }) => token)).toEqual(tokens.toReversed())
    const [phone, agent] = [await account.socketElsewhere(), await account.socketElsewhere({ clientType: 'session-scoped', sessionId })]
    const sent = await push()
    expect([sent.status, sent.body]).toEqual([200, { success: true, result: 'sent', tokens: 2, delivered: 2 }])
    for (const socket of [phone, agent])
      expect(await socket.nextEphemeral(({ type }) => type === 'session-event')).toEqual({
        type: 'session-event',
        sessionId,
        kind: 'permission',
        title: 'It asks',
        body: 'May it?',
        timestamp: expect.any(Number),
      })
    expect(sentTo(tokens).map((message) => message.to)).toEqual(tokens.toReversed())
    expect(sentTo(tokens)[0]).toMatchObject({ title: 'It asks', body: 'May it?', data: { sessionId, kind: 'permission', url: '/session/1' } })
    expect((await account.api.delete(`/v1/push-tokens/${encodeURIComponent(tokens[0]!)}`)).body).toEqual({ success: true })
    expect((await push()).body).toMatchObject({ result: 'sent', tokens: 1 })
    expect(sentTo([tokens[0]!])).toHaveLength(1)
  })

  test('a phone that is gone is told no more, and the answer says that it was not reached', async () => {
    const relay = await begin({ expoUrl: expo.url })
    const account = await relay.account()
    const sessionId = await session(account)
    const push = (more: object = {}) => account.api.post(`/v1/sessions/${sessionId}/push-event`, { ...event, ...more })
    const [here, gone] = [name('here'), name('gone')]
    for (const token of [here, gone]) await account.api.post('/v1/push-tokens', { token })
    expo.refuse(gone, 'DeviceNotRegistered')
    expect((await push()).body).toEqual({ success: true, result: 'partial', tokens: 2, delivered: 1, reason: 'DeviceNotRegistered' })
    expect((await push()).body).toEqual({ success: true, result: 'sent', tokens: 1, delivered: 1 })
    expo.fail('garbage')
    expect((await push()).body).toMatchObject({ result: 'failed', tokens: 1, delivered: 0, reason: 'the push service answered 502' })
    expo.fail('late')
    expect((await push()).body).toMatchObject({ result: 'failed', delivered: 0, reason: expect.stringContaining('not known whether it arrived') })
    expect((await push({ data: { text: 'x'.repeat(5_000) } })).body).toMatchObject({ result: 'sent', reason: expect.stringContaining('data') })
    expect(sentTo([here]).at(-1)).toMatchObject({ data: { sessionId, kind: 'permission' } })
    expect(relay.reported).toEqual([])
  })

  test('nobody is told on a phone while somebody looks at an app, on whatever node, and the answer says so', async () => {
    const relay = await begin({ expoUrl: expo.url })
    const account = await relay.account()
    const sessionId = await session(account)
    const push = async () => (await account.api.post<{ result: string }>(`/v1/sessions/${sessionId}/push-event`, event)).body.result
    const token = name('pocket')
    await account.api.post('/v1/push-tokens', { token })
    const agent = await account.socketElsewhere({ clientType: 'session-scoped', sessionId, appState: 'active' })
    expect(await push()).toBe('sent')
    const app = await account.socketElsewhere({ appState: 'active' })
    await until(async () => (await push()) === 'suppressed', { what: 'a push that is held back' })
    expect(await app.nextEphemeral(({ type }) => type === 'session-event')).toMatchObject({ sessionId })
    app.socket.emit('app-state', { state: 'background' })
    await until(async () => (await push()) === 'sent', { what: 'a push after the app was put away' })
    app.socket.emit('app-state', { state: 'active' })
    await until(async () => (await push()) === 'suppressed', { what: 'a push that is held back again' })
    app.close()
    await until(async () => (await push()) === 'sent', { what: 'a push after the app was closed' })
    agent.close()
  })
})

test('of more than 200 phones those that were added longest ago are let go, and the others are told in requests that the push service takes', async () => {
  const relay = await startRelay({ expoUrl: expo.url })
  const account = await relay.account()
  const sessionId = await session(account)
  const add = (token: string) => account.api.post('/v1/push-tokens', { token })
  for (const token of ['first', 'again', 'second']) await add(to(token))
  await Promise.all(Array.from({ length: 197 }, (_, n) => add(to(`more ${n}`))))
  await add(to('again'))
  for (const token of ['last', 'very last']) await add(to(token))
  const { body } = await account.api.get<{ tokens: { token: string }[] }>('/v1/push-tokens')
  const kept = body.tokens.map(({ token }) => token)
  expect(kept).toHaveLength(200)
  for (const token of ['again', 'last', 'very last', 'more 0']) expect(kept).toContain(to(token))
  for (const token of ['first', 'second']) expect(kept).not.toContain(to(token))
  const before = expo.requests.length
  expect((await account.api.post(`/v1/sessions/${sessionId}/push-event`, event)).body).toEqual({
    success: true,
    result: 'sent',
    tokens: 200,
    delivered: 200,
  })
  expect(expo.requests.slice(before).map((request) => (request.body as unknown[]).length)).toEqual([100, 100])
  await relay.stop()
})
