import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { faultStatus } from '@steward/contract'
import { operations, type OperationName } from '@steward/contract/daemon'
import { createWireServer, soak, type WireServer } from '@steward/testkit'
import { anything, breakage, breakages, fieldsOf, fits, fitting, operationsOf } from '@steward/testkit/fuzz'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginDaemon, daemonEnv, type DaemonProcess } from '../faults/daemon-process.ts'
import { openLine, type Line, type Reached } from './lines.ts'

const frames = soak(1_000, 20_000)
const hangMs = 2_000
let daemon: DaemonProcess
let wire: WireServer
let root: string
let described: ReturnType<typeof operationsOf<typeof operations>>
let pool: string[]
let reached: Reached
beforeAll(async () => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-frames-')))
  mkdirSync(path.join(root, 'workspace'))
  wire = await createWireServer({ turns: () => ({ text: 'ok' }) })
  daemon = await beginDaemon(path.join(root, 'home'), daemonEnv(wire.url, path.join(root, 'workspace'))).ready
  const { socket } = JSON.parse(readFileSync(path.join(root, 'home', 'run', 'daemon.json'), 'utf8')) as { socket: string }
  reached = { url: daemon.url, token: daemon.token, socket }
  const { body } = await daemon.ask('POST', '/v1/sessions', {})
  pool = [String(body.id), 'ses_none', 'run_none', 'msg_none', 'agt_default', 'tok_none', 'apr_none', 'file_none', 'runs.steps', 'sessions:read']
  described = operationsOf((await daemon.ask('GET', '/openapi.json')).body, operations)
})
afterAll(async () => {
  await daemon.stop()
  await wire.close()
  rmSync(root, { recursive: true, force: true })
})
const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

const ids = [1, 2, 7, 0, -1, 1.5, '1', null, true, [], {}, 2 ** 53, Number.MAX_SAFE_INTEGER, 1e21, 'x'.repeat(300)]
const id = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 900_000 }) }, { weight: 1, arbitrary: fc.constantFrom(...ids) })
const oddOps = [
  '',
  'toString',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'sessions',
  'sessions.',
  '.get',
  'SESSIONS.GET',
  'sessions.get ',
  'a'.repeat(201),
  'a'.repeat(100_000),
  '\u0000',
  'system.stop\u0000',
]
interface Sent {
  readonly what: string
  readonly bytes: Buffer
  /** The id that the answer must carry, where the frame has one that counts. */
  readonly id?: number
  /** The schema of the operation refuses it: the answer must be a fault. */
  readonly refused?: boolean
}
/** The operations that wait for bytes after their frame. */
const uploads = new RegExp(
  `"op":"(${Object.entries(operations)
    .flatMap(([name, op]) => ('bytes' in op && op.bytes === 'upload' ? [name.replace('.', '\\.')] : []))
    .join('|')})"`,
)
const parsed = (text: string): any => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const harmless = (name: string, input: unknown) =>
  !(['system.stop', 'backups.create', 'backups.delete'].includes(name) && fits(operations, name as OperationName, input))
const made = (): fc.Arbitrary<Sent> => {
  const frame = (what: string, value: unknown): Sent => ({ what, bytes: Buffer.from(JSON.stringify(value) ?? 'null') })
  const extras = fc.dictionary(
    fc.constantFrom('key', 'as', 'range', 'after', 'unheardOf', 'cancel', 'credit', 'chunk', 'end', 'subscribe', 'op', 'constructor'),
    anything,
    { maxKeys: 3 },
  )
  const inputs = fc.constantFrom(...described.all).chain((one) => {
    const fields = fieldsOf(operations, one.name)
    const { input: schema } = operations[one.name]
    const whole = one.body ?? {
      type: 'object',
      properties: Object.fromEntries(one.parameters.filter(({ in: place }) => place !== 'header').map((each) => [each.name, each.schema])),
    }
    return fc
      .record({
        input: fitting(whole, described.schemas, pool),
        how: breakage,
        field: fc.constantFrom('x', ...fields),
        value: anything,
        at: fc.integer({ min: 1, max: 900_000 }),
      })
      .map(({ input, how, field, value, at }): Sent => {
        const text = breakages[how]!((input ?? {}) as Record<string, any>, field, value)
        const safe = harmless(one.name, parsed(text)) ? text : '{"unheardOf":1}'
        const sent = parsed(safe)
        // What is nested too deep is refused before any schema sees it.
        const refused = how.includes('deep') || (sent !== undefined && !schema.safeParse(sent ?? {}).success)
        return {
          what: `${one.name}: ${how}`,
          bytes: Buffer.from(`{"id":${at},"op":"${one.name}","input":${safe}}`),
          id: at,
          refused: refused || sent === undefined,
        }
      })
  })
  const harmlessOps = described.all.map(({ name }) => name).filter((name) => name !== 'system.stop' && !name.startsWith('backups.'))
  const op = fc.oneof(fc.constantFrom<string>(...harmlessOps), fc.constantFrom(...oddOps), anything)
  return fc.oneof(
    { weight: 10, arbitrary: inputs },
    {
      weight: 4,
      arbitrary: fc
        .record({ id, op, input: anything, extras })
        .map(({ extras: more, ...rest }) => frame('an operation with odd fields', { ...rest, ...more })),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({
          id,
          subscribe: fc.oneof(
            anything,
            fc.record(
              { sessionId: fc.constantFrom(...pool), names: fc.array(fc.constantFrom('status', 'x', ''), { maxLength: 3 }) },
              { requiredKeys: [] },
            ),
          ),
          after: fc.oneof(fc.constant(undefined), fc.constantFrom('', 'e1.c0', 'e1.c999999999', 'x', 'e1.c-1', 'e1.c1e5', '\u0000')),
        })
        .map((value) => frame('a stream', value)),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({
          id,
          kind: fc.constantFrom('cancel', 'credit', 'chunk', 'range', 'hello', 'event', 'ok', 'fault'),
          value: fc.oneof(anything, fc.constantFrom<unknown>(true, 1, 'AAAA', 1e9)),
        })
        .map(({ id: at, kind, value }) => frame(`a frame of kind ${kind}`, { id: at, [kind]: value })),
    },
    { weight: 2, arbitrary: anything.map((value) => frame('no frame at all', value)) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          '',
          ' ',
          '{',
          '}',
          '[',
          '{"id":1',
          '{"id":1,"op":',
          '\u0000',
          '{"id":1}{"id":2}',
          '{"__proto__":{"id":1},"op":"system.version"}',
          '{"id":1,"id":2,"op":"system.version"}',
          '['.repeat(100_000),
          `{"id":3,"op":"x","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
          '\ufeff{}',
          '\u2028',
        )
        .map((text) => ({ what: `the text ${text.slice(0, 40)}`, bytes: Buffer.from(text) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => ({ what: 'noise', bytes: Buffer.from(bytes.map((byte) => (byte === 10 ? 11 : byte))) })),
    },
  )
}
let slowestMs = 0
const codes = new Map<string, number>()
function checkFault(fault: any, what: string): void {
  codes.set(fault.code, (codes.get(fault.code) ?? 0) + 1)
  if (!(fault.code in faultStatus) || fault.code === 'internal') throw new Error(`${fault.code} to ${what}: ${fault.message}`)
  if (fault.code === 'unavailable' && !/cancel|given up|closed|cut/.test(fault.message)) throw new Error(`unavailable to ${what}: ${fault.message}`)
  if (!/\S.* .*\S{2}/s.test(fault.message) || fault.message.length > 1_000 || typeof fault.retryable !== 'boolean' || !fault.requestId)
    throw new Error(`No sentence to ${what}: ${JSON.stringify(fault)}`)
}
/** Sends one frame and asks for the version after it: everything up to that answer is what the frame brought about. */
async function judge(line: Line, sent: Sent, probe: number): Promise<void> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`No answer within ${2 * hangMs} ms to ${sent.what}: ${sent.bytes.toString('utf8', 0, 300)}`)),
      2 * hangMs,
    )
  })
  const work = async () => {
    line.send(sent.bytes)
    line.send(Buffer.from(JSON.stringify({ id: probe, op: 'system.version', input: {} })))
    let answered = sent.id === undefined
    for (let probed = false; !(probed && answered);) {
      const text = await line.next()
      if (text === null) throw new Error(`The connection was closed by ${sent.what}: ${sent.bytes.toString('utf8', 0, 300)}`)
      const got = parsed(text)
      if (typeof got?.id !== 'number') throw new Error(`A frame without an id to ${sent.what}: ${text.slice(0, 200)}`)
      if (got.fault) checkFault(got.fault, sent.what)
      if (got.id === probe) {
        if (typeof got.ok?.version !== 'string') throw new Error(`Another answer to the probe after ${sent.what}: ${text.slice(0, 300)}`)
        probed = true
      } else if (got.id === sent.id && (got.ok !== undefined || got.fault)) {
        if (sent.refused && got.ok !== undefined)
          throw new Error(`${sent.what} was carried out, which the schema forbids: ${sent.bytes.toString('utf8', 0, 300)}`)
        answered = true
      } else if (got.id === sent.id && got.credit !== undefined) answered = true
      // An upload that was begun waits for its bytes.
      if (probed && !answered && uploads.test(sent.bytes.toString('utf8', 0, 60))) answered = true
    }
  }
  try {
    await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
  slowestMs = Math.max(slowestMs, performance.now() - started)
  const at = parsed(sent.bytes.toString('utf8'))?.id
  if (Number.isSafeInteger(at) && at > 0) line.send(Buffer.from(JSON.stringify({ id: at, cancel: true })))
}
test.each(['ipc', 'ws'] as const)(
  `${frames / 2} frames over %s that no client would send: each is answered in time with a sentence, and the connection goes on`,
  async (door) => {
    const before = residentMb()
    let most = before
    let count = 0
    let line = await openLine(door, reached)
    const property = fc.asyncProperty(made(), async (sent) => {
      count++
      if (count % 500 === 0) {
        line.close()
        line = await openLine(door, reached)
      }
      await judge(line, sent, 1_000_000 + count)
      if (count % 50 === 0) most = Math.max(most, residentMb())
    })
    await fc.assert(property, {
      numRuns: frames / 2,
      endOnFailure: true,
      ...(process.env['STEWARD_SEED'] ? { seed: Number(process.env['STEWARD_SEED']) } : {}),
    })
    line.close()
    console.log(
      `${door}: ${count} frames, faults ${JSON.stringify(Object.fromEntries(codes))}, slowest ${slowestMs.toFixed(0)} ms, resident ${before.toFixed(0)} -> at most ${most.toFixed(0)} -> ${residentMb().toFixed(0)} MB`,
    )
    expect(most).toBeLessThan(before + 400)
    expect(daemon.alive()).toBe(true)
    expect(daemon.log()).not.toMatch(/"level":"error"/)
    expect(await daemon.ask('GET', '/ready')).toMatchObject({ status: 200 })
    expect((await daemon.ask('GET', '/v1/audit/verification')).body).toMatchObject({ intact: true })
  },
  soak(200_000, 1_800_000),
)
test('a frame of more than 16 MiB is refused over the socket and the connection goes on; a WebSocket is closed for it', async () => {
  const big = Buffer.from(`{"id":5,"op":"sessions.create","input":{"title":"${'x'.repeat(17 * 1024 * 1024)}"}}`)
  const line = await openLine('ipc', reached)
  line.send(big)
  expect(parsed((await line.next())!)).toMatchObject({ id: 5, fault: { code: 'too_large' } })
  line.send(Buffer.from('{"id":6,"op":"system.version"}'))
  expect(parsed((await line.next())!)).toMatchObject({ id: 6, ok: { version: expect.any(String) } })
  line.close()
  const peer = await openLine('ws', reached)
  peer.send(big)
  expect(await peer.next()).toBeNull()
  expect((await daemon.ask('GET', '/ready')).status).toBe(200)
})
