import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Requests are taken so long before and after the time that they say (Standard Webhooks, "verifying"). */
const toleranceSeconds = 300
const prefix = 'whsec_'

/** A fresh secret as Standard Webhooks writes it: `whsec_` and base64 of 32 bytes. */
export const newWebhookSecret = (): string => `${prefix}${randomBytes(32).toString('base64')}`
/** A fresh address that cannot be guessed: 160 bits. */
export const newWebhookId = (): string => `whk_${randomBytes(20).toString('hex')}`

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(prefix.length), 'base64')
const signature = (secret: string, id: string, timestamp: string, body: Uint8Array | string): string =>
  createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')
const equal = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}
/** The headers of a request that is sent: Standard Webhooks 1.0, HMAC-SHA256 over `id.timestamp.body`. `now`: milliseconds since 1970. */
export function signWebhook(secret: string, id: string, body: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000))
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature(secret, id, timestamp, body)}` }
}
type Headers = Readonly<Record<string, string | string[] | undefined>>
const one = (headers: Headers, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' && value.length > 0 && value.length <= 2_000 ? value : undefined
}
/**
 * Verifies a request that came: by Standard Webhooks, also with several signatures in its header, and a timestamp within 5 minutes of `now`. Answers a name
 * that is the same when the request comes again, or undefined for one that is not genuine.
 */
export function verifyStandard(secret: string, headers: Headers, body: Uint8Array, now: number): string | undefined {
  const [id, timestamp, given] = [one(headers, 'webhook-id'), one(headers, 'webhook-timestamp'), one(headers, 'webhook-signature')]
  if (id === undefined || id.length > 200 || given === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return undefined
  if (Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds) return undefined
  const wanted = `v1,${signature(secret, id, timestamp, body)}`
  return given.split(' ').some((each) => equal(each, wanted)) ? id : undefined
}
/**
 * Verifies GitHub's `X-Hub-Signature-256`: HMAC-SHA256 of the body under the secret as text. It signs no time and no id, so a request is known again by
 * its signature: the same body counts once.
 */
export function verifyGithub(secret: string, headers: Headers, body: Uint8Array): string | undefined {
  const given = one(headers, 'x-hub-signature-256')
  const wanted = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  return given !== undefined && equal(given, wanted) ? wanted : undefined
}
