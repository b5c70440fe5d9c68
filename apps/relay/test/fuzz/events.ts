import { anything, breakage, breakages } from '@steward/testkit/fuzz'
import * as fc from 'fast-check'

/** What a client sends in an event; ids are filled from the pool. */
export interface FuzzedEvent {
  readonly what: string
  /** The text of the packet's data, an array. */
  readonly data: string
  readonly attachments: readonly Uint8Array<ArrayBuffer>[]
  readonly asksAck: boolean
  /** Whether the relay must answer it. */
  readonly due: boolean
}
/** Stand for the stream that the line has heard of last, and its key. */
export const streamStands = { id: '@stream', key: '@key' }
/** Data and credit of a stream have no acknowledgement: what is wrong with them is told otherwise. */
const silent = new Set(['stream-data', 'stream-credit'])
/** Bytes in JSON text, as Socket.IO puts them there. */
const placeholder = (num: number) => ({ _placeholder: true, num })

/** A call between devices that may wait long. */
const isPatient = ([text = 'null']: readonly string[]): boolean => {
  const { timeoutMs } = (JSON.parse(text) ?? {}) as { timeoutMs?: unknown }
  return timeoutMs === undefined || (typeof timeoutMs === 'number' && timeoutMs > 1_000)
}

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>
/** Every event that clients send, with what they send in it. */
function eventsOf(pool: readonly string[]): Readonly<Record<string, Fields>> {
  const id = fc.constantFrom(...pool)
  const text = fc.oneof(fc.constant('sealed'), fc.string({ unit: 'binary', maxLength: 60 }), fc.constant('x'.repeat(70_000)))
  const version = fc.oneof(fc.nat(3), fc.constantFrom(2_147_483_647, -1))
  const time = fc.oneof(
    fc.integer({ min: -700_000, max: 700_000 }).map((by) => Date.now() + by),
    fc.constantFrom(0, 1e300, -1),
  )
  const amounts = fc.dictionary(fc.constantFrom('total', 'input', '__proto__', 'toString'), fc.double({ noNaN: true }), { maxKeys: 3 })
  const method = fc.tuple(id, fc.constantFrom('bash', 'none', '', 'a'.repeat(600))).map(([scope, name]) => `${scope}:${name}`)
  const timeoutMs = fc.constantFrom(1, 50, 300)
  const part = fc.record({ data: fc.constantFrom('aGg=', 'aQ', '', '===', 'aGg=bb'), expectedVersion: version }, { requiredKeys: [] })
  const streamId = fc.constantFrom(streamStands.id, 'none')
  const offset = fc.constantFrom(0, 1, 5, 1024 * 1024, Number.MAX_SAFE_INTEGER)
  return {
    message: { sid: id, message: text, localId: fc.oneof(id, fc.uuid()) },
    'session-alive': { sid: id, time, thinking: fc.boolean(), mode: fc.constantFrom('local', 'remote') },
    'session-end': { sid: id, time },
    'update-metadata': { sid: id, expectedVersion: version, metadata: text },
    'update-state': { sid: id, expectedVersion: version, agentState: fc.oneof(text, fc.constant(null)) },
    'machine-alive': { machineId: id, time },
    'machine-update-metadata': { machineId: id, expectedVersion: version, metadata: text },
    'machine-update-state': { machineId: id, expectedVersion: version, daemonState: text },
    'rpc-register': { method },
    'rpc-unregister': { method },
    'rpc-call': { method, params: text, timeoutMs, callId: fc.constantFrom('a', 'b') },
    'rpc-cancel': { callId: fc.constantFrom('a', 'b') },
    'usage-report': { key: id, sessionId: id, tokens: amounts, cost: amounts },
    ping: {},
    'app-state': { state: fc.constantFrom('active', 'background', 'x') },
    'access-key-get': { sessionId: id, machineId: id },
    'artifact-read': { artifactId: id },
    'artifact-create': { id: fc.oneof(id, fc.uuid()), header: id, body: id, dataEncryptionKey: id },
    'artifact-update': { artifactId: id, header: part, body: part },
    'artifact-delete': { artifactId: id },
    'stream-listen': {},
    'stream-open': { machineId: id, meta: text },
    'stream-data': { streamId, offset, data: fc.constant(placeholder(0)) },
    'stream-credit': { streamId, upTo: offset },
    'stream-close': { streamId, reason: text },
    'stream-resume': { streamId, key: fc.constantFrom(streamStands.key, 'none'), received: offset },
  }
}
/** Names that are no event of a client's, some of them the relay's own. */
const unknown = [
  'update',
  'ephemeral',
  'reset',
  'ended',
  'refused',
  'rpc-request',
  'stream-offer',
  '',
  '__proto__',
  'toString',
  'constructor',
  'x'.repeat(5_000),
  'é漢😀',
  'MESSAGE',
]
const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
/** Events that no client would send, or nearly, whole as packets: the connection must go on after each. */
export function fuzzedEvent(pool: readonly string[]): fc.Arbitrary<FuzzedEvent> {
  const events = eventsOf(pool)
  const name = fc.constantFrom(...Object.keys(events))
  const payload = (event: string) => fc.record({ ...events[event] }).map((sent) => sent as Record<string, unknown>)
  const made = (what: string, event: string, args: readonly string[], attachments: readonly Uint8Array[] = []) =>
    fc.boolean().map((asksAck): FuzzedEvent => ({
      what: `${event.slice(0, 30)}: ${what}`,
      data: `[${[JSON.stringify(event), ...args].join(',')}]`,
      attachments: attachments.map((bytes) => new Uint8Array(bytes)),
      asksAck,
      due: asksAck && !silent.has(event) && !(event === 'rpc-call' && isPatient(args)),
    }))
  const bytesFor = (text: string) => (text.includes('"_placeholder":true') ? [new Uint8Array(5).fill(65)] : [])
  const broken = name.chain((event) =>
    fc
      .record({ sent: payload(event), how: breakage, field: fc.constantFrom('x', ...Object.keys(events[event] ?? {})), value: anything })
      .map(({ sent, how, field, value }) => ({ how, text: breakages[how]?.(sent, field, value) ?? '' }))
      // Socket.IO itself ends a connection whose packet it cannot read, such as deep nesting with bytes in it: that is among the packets.
      .filter(({ how, text }) => parses(text) && !(how.includes('deep') && text.includes('_placeholder')))
      .chain(({ how, text }) => made(how, event, [text], bytesFor(text))),
  )
  const good = name.chain((event) =>
    payload(event).chain((sent) => made('as it should be', event, [JSON.stringify(sent)], bytesFor(JSON.stringify(sent)))),
  )
  const arity = fc
    .record({
      event: name,
      args: fc.array(
        anything.filter((value) => value !== undefined),
        { maxLength: 4 },
      ),
    })
    .filter(({ args }) => args.length !== 1)
    .chain(({ event, args }) =>
      made(
        `${args.length} arguments`,
        event,
        args.map((one) => JSON.stringify(one)),
      ),
    )
  const binary = fc
    .record({
      event: name,
      field: fc.constantFrom('x', 'sid', 'machineId', 'message', 'method', 'params', 'data', 'time'),
      bytes: fc.uint8Array({ maxLength: 300 }),
    })
    .chain(({ event, field, bytes }) => made('bytes', event, [JSON.stringify({ [field]: placeholder(0), also: [placeholder(1)] })], [bytes, bytes]))
  const nobody = fc.constantFrom(...unknown).chain((event) => made('nobody knows it', event, ['{}']))
  return fc.oneof(
    { weight: 5, arbitrary: good },
    { weight: 8, arbitrary: broken },
    { weight: 2, arbitrary: arity },
    { weight: 2, arbitrary: binary },
    { weight: 1, arbitrary: nobody },
  )
}
