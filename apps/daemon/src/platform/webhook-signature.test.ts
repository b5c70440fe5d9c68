import { expect, test } from 'vitest'
import { newWebhookSecret, signWebhook, verifyGithub, verifyStandard } from './webhook-signature.ts'

test('signs as the example of Standard Webhooks does, and takes what it has signed', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const body = '{"test": 2432232314}'
  const now = 1_614_265_330_000
  const headers = signWebhook(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', body, now)
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  expect(verifyStandard(secret, headers, Buffer.from(body), now)).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek')
  const several = { ...headers, 'webhook-signature': `v1,other ${headers['webhook-signature']}` }
  expect(verifyStandard(secret, several, Buffer.from(body), now + 299_000)).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek')
})
test('takes no other body, id, time, secret or missing header', () => {
  const secret = newWebhookSecret()
  const now = Date.parse('2026-03-01T00:00:00Z')
  const headers = signWebhook(secret, 'msg_1', '{}', now)
  const body = Buffer.from('{}')
  expect(verifyStandard(secret, headers, Buffer.from('{ }'), now)).toBeUndefined()
  expect(verifyStandard(secret, { ...headers, 'webhook-id': 'msg_2' }, body, now)).toBeUndefined()
  expect(verifyStandard(secret, { ...headers, 'webhook-timestamp': '1' }, body, now)).toBeUndefined()
  expect(verifyStandard(newWebhookSecret(), headers, body, now)).toBeUndefined()
  for (const late of [301_000, -301_000]) expect(verifyStandard(secret, headers, body, now + late)).toBeUndefined()
  for (const name of Object.keys(headers)) expect(verifyStandard(secret, { ...headers, [name]: undefined }, body, now)).toBeUndefined()
  expect(verifyStandard(secret, headers, body, now)).toBe('msg_1')
})
test('takes what GitHub has signed, and knows the same body again', () => {
  const secret = "It's a Secret to Everybody"
  const given = { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }
  expect(verifyGithub(secret, given, Buffer.from('Hello, World!'))).toBe(given['x-hub-signature-256'])
  expect(verifyGithub(secret, given, Buffer.from('Hello, World'))).toBeUndefined()
  expect(verifyGithub(secret, {}, Buffer.from('Hello, World!'))).toBeUndefined()
})
