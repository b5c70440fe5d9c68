import { startExpo } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { createExpo, type PushMessage } from './expo.ts'

const to = (name: string | number) => `ExponentPushToken[${name}]`
const message = (name: string | number): PushMessage => ({ to: to(name), title: 'T', body: 'B', data: {}, sound: 'default', priority: 'high' })
const many = (count: number) => Array.from({ length: count }, (_, n) => message(n))

test('of 250 messages each is sent once, no more than a hundred in a request, and each is answered for', async () => {
  await using expo = await startExpo({ accessToken: 'key' })
  expo.refuse(to(120), 'DeviceNotRegistered')
  expo.refuse(to(249), 'MessageRateExceeded')
  const outcomes = await createExpo({ url: expo.url, accessToken: 'key' })(many(250))
  expect(outcomes).toHaveLength(250)
  expect(outcomes[120]).toEqual({ taken: false, gone: true, reason: 'DeviceNotRegistered' })
  expect(outcomes[249]).toEqual({ taken: false, gone: false, reason: 'MessageRateExceeded' })
  expect(outcomes.filter(({ taken }) => taken)).toHaveLength(248)
  expect(expo.requests.map(({ body }) => (body as unknown[]).length).toSorted()).toEqual([100, 100, 50])
  expect(new Set(expo.messages.map((sent) => sent.to)).size).toBe(248)
})

test('a service that hangs is given up after the time for all requests together', async () => {
  await using expo = await startExpo()
  expo.fail('hang', 3)
  const begun = performance.now()
  const outcomes = await createExpo({ url: expo.url, deadlineMs: 1_000 })(many(250))
  expect(performance.now() - begun).toBeLessThan(5_000)
  expect(new Set(outcomes.map((outcome) => (outcome.taken ? '' : outcome.reason)))).toEqual(
    new Set(['the push service did not answer within 1 s, so it is not known whether it arrived']),
  )
})

test('what may have arrived is not sent again, and is not said to have arrived', async () => {
  await using expo = await startExpo()
  const send = createExpo({ url: expo.url })
  for (const fault of ['late', 'cut', 'garbage', { status: 429, body: { errors: [{ code: 'TOO_MANY_REQUESTS' }] } }] as const) {
    expo.fail(fault)
    const before = expo.requests.length
    expect((await send([message('a')]))[0]).toMatchObject({ taken: false, gone: false })
    expect(expo.requests.length).toBe(before + 1)
  }
  expo.fail({ status: 200, body: { data: [] } })
  expect(await send([message('a')])).toEqual([{ taken: false, gone: false, reason: 'the push service left it out of its answer' }])
  expo.fail({ status: 200, body: { data: 'ok' } })
  expect((await send([message('a')]))[0]).toMatchObject({ taken: false })
  expect((await createExpo({ url: 'http://127.0.0.1:1' })([message('a')]))[0]).toMatchObject({ taken: false, gone: false })
})
