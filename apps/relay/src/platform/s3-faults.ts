import { Fault } from '@steward/contract'
import { readElement } from './s3-xml.ts'

const host = (endpoint: string): string => new URL(endpoint).host
/** What a request that got no answer means to the user. */
export function unreachable(endpoint: string, error: unknown): Fault {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason = cause instanceof Error ? ('code' in cause && typeof cause.code === 'string' ? cause.code : cause.message) : String(cause)
  return new Fault('unavailable', `The file store ${host(endpoint)} cannot be reached (${reason}); try again later.`, undefined, { cause: error })
}
/** What the silence of the store means to the user. */
export const silent = (endpoint: string, silenceMs: number): Fault =>
  new Fault('unavailable', `The file store ${host(endpoint)} gave no sign of life for ${silenceMs / 1000} s; try again later.`)
/** What it means that a store answers a question for a part with something else. */
export const withoutRanges = (endpoint: string): Fault =>
  new Fault('unavailable', `The file store ${host(endpoint)} does not say how large its files are, or does not serve parts of them.`)
/** What the store's refusal means to the user: its own code and sentence, without the keys that it may have been told. */
export function refusal(place: { endpoint: string; accessKeyId: string; secretAccessKey: string }, status: number, xml: string): Fault {
  const words = [readElement(xml, 'Code'), readElement(xml, 'Message')].filter(Boolean).join(': ')
  const clean = words.replaceAll(place.secretAccessKey, '…').replaceAll(place.accessKeyId, '…').slice(0, 300)
  return new Fault(
    'unavailable',
    `The file store ${host(place.endpoint)} refused with ${status}${clean ? ` (${clean})` : ''}; its operator must look into it.`,
  )
}
