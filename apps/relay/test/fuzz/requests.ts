import { relayOperations } from '@steward/contract/relay'
import {
  anything,
  breakage,
  breakages,
  fieldsOf,
  fitting,
  oddHeaders,
  oddMethods,
  oddQueries,
  oddTargets,
  operationsOf,
  type Described,
} from '@steward/testkit/fuzz'
import * as fc from 'fast-check'
import type { Place } from './places.ts'

export type RelayOperation = Described<keyof typeof relayOperations>
export interface FuzzedRequest {
  readonly what: string
  readonly op?: RelayOperation
  /** The JSON text of the body, where it is sent just so. */
  readonly text?: string
  /** More is promised than is sent. */
  readonly isCut?: boolean
  /** The bytes to send, with the ids and tokens of the moment. */
  bytes(place: Place): Buffer
}
type Who = 'own' | 'stranger' | 'nobody' | 'broken'

/** Stand for ids of the relay's making, which change when what they name was deleted; as long as those are. */
const stands = { own: 'ownSessionXXXXXXXXXXXXXXX', stranger: 'strangerSessionXXXXXXXXXX', victim: 'victimSessionXXXXXXXXXXXX' }
/** Ids to fill inputs with: the sender's own, another sender's, the victim's, and words that look right. */
export const poolOf = ({ own, stranger, victim }: Place): string[] => [
  ...Object.values(stands),
  // Its own more often, so that what lies behind the first check is reached.
  ...Array.from({ length: 5 }, () => [stands.own, own.ids().machine, own.ids().artifact]).flat(),
  stranger.ids().machine,
  victim.ids.machine,
  victim.ids.artifact,
  'openai',
  'aGVsbG8=',
  Buffer.alloc(32, 7).toString('base64'),
  Buffer.alloc(64, 7).toString('base64'),
  'ExponentPushToken[fuzz]',
  'cursor_v1_cmi0000000000000000000000',
  '7d444840-9dc0-11d1-b245-5ffdce74fad2',
]
/** Puts in what the stands stand for. */
export const withIds = (text: string, { own, stranger, victim }: Place): string =>
  text.replaceAll(stands.own, own.ids().session).replaceAll(stands.stranger, stranger.ids().session).replaceAll(stands.victim, victim.ids.session)

const brokenTokens: readonly ((token: string) => string)[] = [
  () => 'Bearer',
  () => 'Bearer x',
  () => 'Bearer a.b.c',
  (token) => `Bearer ${token}x`,
  (token) => `Bearer ${token.slice(0, -2)}`,
  (token) => `Bearer ${token} ${token}`,
  (token) => `Basic ${token}`,
  (token) => `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
  () => `Bearer ${'x'.repeat(12_000)}`,
  () => 'Bearer \x80\xff',
  () => '',
]
/** What ends its caller's device or account is asked for by one that has nothing to lose. */
const endings = ['auth.logout', 'devices.revoke', 'account.delete']

/** Requests that the contract forbids, or nearly. `document`: the relay's own /openapi.json. */
export function fuzzedRequest(place: Place, document: Record<string, unknown>): fc.Arbitrary<FuzzedRequest> {
  const described = operationsOf(document, relayOperations)
  const pool = poolOf(place)
  const who = fc.oneof(
    { weight: 8, arbitrary: fc.constant<Who>('own') },
    { weight: 3, arbitrary: fc.constant<Who>('stranger') },
    { weight: 1, arbitrary: fc.constantFrom<Who>('nobody', 'broken') },
  )
  const op = fc.constantFrom(...described.all)
  const at = (one: RelayOperation, odd?: string): fc.Arbitrary<string> =>
    fc.constantFrom(...pool).map((id) => one.path.replace(/\{\w+\}/g, odd ?? encodeURIComponent(one.path.includes('connect') ? 'openai' : id)))
  const bearer = (now: Place, as: Who, one: RelayOperation, broken: number): string[] => {
    if (as === 'nobody') return []
    const token = (endings.includes(one.name) ? now.passing : as === 'stranger' ? now.stranger : now.own).token()
    return [`Authorization: ${as === 'broken' ? brokenTokens[broken]?.(token) : `Bearer ${token}`}`]
  }
  const request =
    (method: string, target: string, headers: readonly string[], body?: Buffer, declared = body?.length) =>
    (auth: readonly string[], now: Place): Buffer => {
      const lines = [`${method} ${withIds(target, now)} HTTP/1.1`, 'Host: relay', 'Connection: close', ...auth, ...headers]
      if (declared !== undefined) lines.push(`Content-Length: ${declared}`)
      return Buffer.concat([
        Buffer.from([...lines, '', ''].join('\r\n'), 'latin1'),
        Buffer.from(withIds((body ?? Buffer.alloc(0)).toString('latin1'), now), 'latin1'),
      ])
    }
  type Made = ReturnType<typeof request>
  const sent = (kind: string, make: (one: RelayOperation) => fc.Arbitrary<{ made: Made; text?: string; how?: string; isCut?: boolean }>) =>
    op.chain((one) =>
      fc
        .record({ of: make(one), as: who, broken: fc.nat(brokenTokens.length - 1) })
        .map(({ of: { made, text, how = '', isCut = false }, as, broken }): FuzzedRequest => ({
          what: `${one.name} as ${as}: ${kind} ${how}`,
          op: one,
          isCut,
          ...(text === undefined ? {} : { text }),
          bytes: (now) => made(bearer(now, as, one, broken), now),
        })),
    )
  const json = 'Content-Type: application/json'
  const some = Buffer.from('{"unheardOf":1}')
  const bodies = sent('body', (one) => {
    const fields = fieldsOf(relayOperations, one.name)
    return fc
      .record({
        input: one.body ? fitting(one.body, described.schemas, pool) : fc.dictionary(fc.constantFrom('x', ...fields), anything, { maxKeys: 3 }),
        how: breakage,
        field: fc.constantFrom('x', ...fields),
        value: anything,
        target: at(one),
        bytes: fc.constantFrom('as it is', 'as it is', 'as it is', 'as it is', 'broken UTF-8', 'UTF-16', 'chunked', 'cut short', 'with more behind'),
      })
      .map(({ input, how, field, value, target, bytes }) => {
        const text = breakages[how]?.((input ?? {}) as Record<string, unknown>, field, value) ?? ''
        const plain = Buffer.from(text, bytes === 'UTF-16' && text.length < 5_000_000 ? 'utf16le' : 'utf8')
        const half = plain.length >> 1
        const body =
          bytes === 'broken UTF-8' ? Buffer.concat([plain.subarray(0, half), Buffer.from([0xc3, 0x28, 0xff]), plain.subarray(half)]) : plain
        const said = { how: `${how}, ${bytes}`, isCut: bytes === 'cut short' }
        if (bytes === 'chunked') {
          const chunk = (part: Buffer) => `${part.length.toString(16)}\r\n${part.toString('latin1')}\r\n`
          const chunks = Buffer.from(`${half > 0 ? chunk(body.subarray(0, half)) : ''}${chunk(body.subarray(half))}0\r\n\r\n`, 'latin1')
          const made = request(one.method, target, [json, 'Transfer-Encoding: chunked'], chunks, undefined)
          return {
            ...said,
            made: (auth: readonly string[], now: Place) =>
              Buffer.from(
                made(auth, now)
                  .toString('latin1')
                  .replace(/Content-Length: \d+\r\n/, ''),
                'latin1',
              ),
          }
        }
        const declared = body.length + (bytes === 'cut short' ? 5 : bytes === 'with more behind' ? -5 : 0)
        const made = request(one.method, target, [json], body, Math.max(0, declared))
        return bytes === 'as it is' ? { ...said, made, text } : { ...said, made }
      })
  })
  const odd = {
    path: sent('path', (one) =>
      fc
        .constantFrom(...oddTargets)
        .chain((text) => at(one, text).map((target) => ({ made: request(one.method, target, [json], some), how: target.slice(0, 60) }))),
    ),
    query: sent('query', (one) =>
      fc
        .tuple(at(one), fc.constantFrom(...oddQueries))
        .map(([target, query]) => ({ made: request(one.method, `${target}?${query}`, []), how: query.slice(0, 60) })),
    ),
    parameters: sent('parameters', (one) =>
      fc
        .tuple(at(one), fc.dictionary(fc.constantFrom('x', ...fieldsOf(relayOperations, one.name)), anything, { maxKeys: 4 }))
        .map(([target, values]) => {
          const query = Object.entries(values).map(([name, value]) => {
            const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
            return `${encodeURIComponent(name)}=${encodeURIComponent(text.toWellFormed())}`
          })
          return {
            made: request(one.method, `${target}?${query.join('&')}`, one.method === 'GET' ? [] : [json], one.method === 'GET' ? undefined : some),
            how: query.join('&').slice(0, 200),
          }
        }),
    ),
    method: sent('method', (one) =>
      fc.tuple(at(one), fc.constantFrom(...oddMethods)).map(([target, method]) => ({ made: request(method, target, [json], some), how: method })),
    ),
    headers: sent('headers', (one) =>
      fc
        .tuple(at(one), fc.uniqueArray(fc.constantFrom(...oddHeaders), { minLength: 1, maxLength: 3 }))
        .map(([target, headers]) => ({ made: request(one.method, target, headers, some), how: headers.join(' | ').slice(0, 200) })),
    ),
  }
  const noise = fc
    .uint8Array({ minLength: 1, maxLength: 300 })
    .map((bytes): FuzzedRequest => ({ what: 'noise', bytes: () => Buffer.concat([Buffer.from('x'), Buffer.from(bytes), Buffer.from('\r\n\r\n')]) }))
  return fc.oneof(
    { weight: 14, arbitrary: bodies },
    { weight: 3, arbitrary: odd.path },
    { weight: 3, arbitrary: odd.query },
    { weight: 4, arbitrary: odd.parameters },
    { weight: 2, arbitrary: odd.method },
    { weight: 3, arbitrary: odd.headers },
    { weight: 1, arbitrary: noise },
  )
}
