import { expect, test } from 'vitest'
import { http, startExpo } from './index.ts'

const send = '/--/api/v2/push/send'
const receipts = '/--/api/v2/push/getReceipts'
const to = (name: string): string => `ExponentPushToken[${name}]`
type Tickets = { data: { status: string; id?: string; message?: string; details?: { error: string } }[] }

test('each message gets its ticket in order, and only what was accepted is a message', async () => {
  await using expo = await startExpo()
  using client = http(expo.url)
  expo.refuse(to('gone'), 'DeviceNotRegistered')
  const asked = [
    { to: to('a'), title: 'One', body: 'first', data: { sessionId: 's' } },
    { to: to('gone'), title: 'Two', body: 'second' },
    { to: 'nonsense', body: 'third' },
    { to: to('b'), body: 'x'.repeat(4096) },
    { to: to('b'), body: 'last' },
  ]
  const { status, body } = await client.post<Tickets>(send, asked)
  expect(status).toBe(200)
  expect(body.data.map((ticket) => ticket.details?.error ?? ticket.status)).toEqual([
    'ok',
    'DeviceNotRegistered',
    'DeviceNotRegistered',
    'MessageTooBig',
    'ok',
  ])
  expect(body.data[1]).toMatchObject({ status: 'error', message: '"ExponentPushToken[gone]" is not a registered push notification recipient' })
  expect(expo.messages).toEqual([asked[0], asked[4]])
})

test('a receipt tells what became of an accepted message; of unknown tickets there is none', async () => {
  await using expo = await startExpo()
  using client = http(expo.url)
  expo.lose(to('b'), 'DeviceNotRegistered')
  const { body } = await client.post<Tickets>(send, [{ to: [to('a'), to('b')], body: 'hi' }])
  const [a, b] = body.data.map(({ id }) => id!)
  expect((await client.post(receipts, { ids: [a, b, 'unknown'] })).body).toEqual({
    data: {
      [a!]: { status: 'ok' },
      [b!]: expect.objectContaining({ status: 'error', details: { error: 'DeviceNotRegistered', expoPushToken: to('b') } }),
    },
  })
})

test('a request that is wrong as a whole is refused with its code and sends nothing', async () => {
  await using expo = await startExpo({ accessToken: 'key' })
  using client = http(expo.url, 'key')
  using stranger = http(expo.url)
  const many = Array.from({ length: 101 }, (_, place) => ({ to: to(String(place)), body: 'x' }))
  const code = async (answer: Promise<{ status: number; body: unknown }>) => {
    const { status, body } = await answer
    return [status, (body as { errors: { code: string }[] }).errors[0]!.code]
  }
  expect(await code(client.post(send, many))).toEqual([400, 'PUSH_TOO_MANY_NOTIFICATIONS'])
  expect(await code(client.post(send, [{ body: 'to nobody' }]))).toEqual([400, 'VALIDATION_ERROR'])
  expect(await code(client.post(send, '{broken'))).toEqual([400, 'VALIDATION_ERROR'])
  expect(await code(client.post(receipts, { ids: Array.from({ length: 1001 }, String) }))).toEqual([400, 'PUSH_TOO_MANY_RECEIPTS'])
  expect(await code(stranger.post(send, many.slice(1)))).toEqual([401, 'UNAUTHORIZED'])
  expect(await code(client.get(send))).toEqual([404, 'NOT_FOUND'])
  expect(expo.messages).toEqual([])
  expect((await client.post<Tickets>(send, many.slice(1))).body.data).toHaveLength(100)
})

test('faults come when they are asked for, so often, and say whether the message went out', async () => {
  await using expo = await startExpo()
  using client = http(expo.url)
  const push = () => client.request('POST', send, { body: [{ to: to('a'), body: 'hi' }], timeoutMs: 200 })
  const busy = { status: 429, body: { errors: [{ code: 'TOO_MANY_REQUESTS', message: 'Slow down.' }] } }
  expo.fail(busy, 2)
  expo.fail('garbage')
  expect([(await push()).status, (await push()).status, (await push()).status]).toEqual([429, 429, 502])
  expo.fail('hang')
  await expect(push()).rejects.toThrow('was not answered within 200 ms')
  expo.fail('cut')
  await expect(push()).rejects.toThrow(/ECONNRESET|hang up/)
  expect(expo.messages).toEqual([])
  expo.fail('late')
  await expect(push()).rejects.toThrow(/ECONNRESET|hang up/)
  expect(expo.messages).toHaveLength(1)
  expo.fail('cut', 5)
  expo.heal()
  expect((await push()).status).toBe(200)
  expect(expo.requests).toHaveLength(7)
})
