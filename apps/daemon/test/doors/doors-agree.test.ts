import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { Fault, mutates, type FaultCode } from '@steward/contract'
import { events, operations, type EventName, type OperationName } from '@steward/contract/daemon'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { soak } from '@steward/testkit'
import { startGateway } from '../gateway.ts'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { createAlike } from './alike.ts'
import { caseTable } from './cases.ts'
import { readDescription, type Json } from './description.ts'
import { cli } from './cli-door.ts'
import { client, http, inProcess, ipc, webSocket, type Door } from './doors.ts'
import { buildWorld, settled, worldScript, type World } from './world.ts'

let world: World
beforeAll(async () => void (world = await buildWorld()), 60_000)
afterAll(() => rmSync(world.root, { recursive: true, force: true }))

const names = Object.keys(operations) as OperationName[]
const kinds = ['in process', 'http', 'client', 'websocket', 'ipc', 'gateway', 'websocket of a gateway', 'command line'] as const
type Kind = (typeof kinds)[number]
/** In short those that have a way of their own: our client speaks HTTP, and a gateway carries a WebSocket's frames as it carries others. */
const chosen = soak<readonly Kind[]>(
  kinds.filter((kind) => kind !== 'client' && kind !== 'websocket of a gateway'),
  kinds,
)
interface Opened extends AsyncDisposable {
  readonly daemon: TestDaemon
  readonly door: Door
  readonly home: string
  readonly place: string
}
/** A daemon on its own copy of the world, and one door of it. */
async function open(kind: Kind): Promise<Opened> {
  const root = path.join(world.root, kind.replaceAll(' ', '-') + Math.random().toString(36).slice(2, 6))
  const home = path.join(root, 'home')
  mkdirSync(root)
  cpSync(world.home, home, { recursive: true, filter: (from) => !from.endsWith('.sock') })
  const folders = { STEWARD_APPS_FOLDER: path.join(root, 'apps'), STEWARD_SKILLS_PATH: path.join(root, 'skills') }
  cpSync(path.join(world.root, 'skills'), folders.STEWARD_SKILLS_PATH, { recursive: true })
  const daemon = await startDaemon({ turns: worldScript, home, workspace: world.workspace, env: { ...folders, HOME: world.person } })
  await settled(daemon, world)
  const gateway = kind.includes('gateway') ? await startGateway(home) : undefined
  const reached = gateway ? { ...daemon, url: gateway.url } : daemon
  const described = await fetch(`${reached.url}/openapi.json`, { headers: { authorization: `Bearer ${daemon.token}` } })
  const description = readDescription((await described.json()) as Json)
  const byHand = () => http(reached, description)
  const doors: Readonly<Record<Kind, () => Door>> = {
    'in process': () => inProcess(daemon),
    http: byHand,
    client: () => client(daemon),
    websocket: () => webSocket(daemon),
    ipc: () => ipc(daemon),
    gateway: byHand,
    'websocket of a gateway': () => webSocket(reached),
    'command line': () => cli(daemon),
  }
  const close = async () => {
    await gateway?.[Symbol.asyncDispose]()
    await daemon[Symbol.asyncDispose]()
  }
  return { daemon, door: doors[kind](), home, place: root, [Symbol.asyncDispose]: close }
}
interface CasesOf {
  readonly good: readonly object[]
  readonly bad?: readonly (readonly [object, FaultCode])[]
  readonly elsewhere?: string
}
interface Step {
  readonly name: OperationName
  readonly input: unknown
  readonly token?: string
  /** What it must come to; any answer unless said. */
  readonly code?: FaultCode
}
/** Each operation: refused without the scope, refused with a field too many, refused as its cases say, then its good cases. */
function stepsOf(place: string): Step[] {
  const table = caseTable(world, place)
  expect(Object.keys(table).toSorted()).toEqual(names.toSorted())
  return (Object.keys(table) as OperationName[]).flatMap((name): Step[] => {
    const { good, bad = [], elsewhere } = table[name] as CasesOf
    const [first] = good.length > 0 ? good : (bad[0] ?? [{}])
    if (good.length === 0) expect(readFileSync(elsewhere ?? '', 'utf8'), `${name} is proved in ${elsewhere}`).toContain(name)
    return [
      { name, input: first, token: world.powerless, code: 'forbidden' },
      { name, input: { ...(first as object), nonsense: 1 }, code: 'invalid' },
      ...bad.map(([input, code]) => ({ name, input, code })),
      ...good.map((input) => ({ name, input })),
    ]
  })
}
async function outcome(work: Promise<unknown>) {
  try {
    return { ok: await work }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { code: error.code, message: error.message, retryable: error.retryable }
  }
}
/** A process costs a quarter of a second: in short, what is refused is asked for one operation of each noun. */
const isSampled = ({ name, code }: Step) =>
  soak(code === undefined || names.find((other) => other.split('.')[0] === name.split('.')[0]) === name, true)
/** What the doors' own walk came to, told without what may differ. */
async function walk(kind: Kind) {
  await using opened = await open(kind)
  const { daemon, door, home, place } = opened
  const alike = createAlike([home, world.home, place])
  const surprises: unknown[] = []
  const told: { step: string; got: unknown }[] = []
  for (const one of stepsOf(place)) {
    const { name, input, token, code } = one
    const step = `${name} ${JSON.stringify(alike(input))} ${code ?? 'ok'}`
    if (kind === 'command line' && !isSampled(one)) continue
    await daemon.served.app.caughtUp()
    const got = await outcome(door(name, input, token === undefined ? {} : { token }))
    const came = 'code' in got ? got.code : 'ok'
    if (came !== (code ?? 'ok')) surprises.push({ step, wanted: code ?? 'ok', got })
    told.push({ step, got: alike(got) })
  }
  expect(surprises).toEqual([])
  await expectTrueEvents(daemon)
  return told
}
/** Every event in the three logs has the data its kind promises, and nothing else. */
async function expectTrueEvents({ client: owner }: TestDaemon): Promise<void> {
  let seen = 0
  for (const log of ['chat', 'agents', 'settings'] as const)
    for (let cursor: string | undefined; ;) {
      const page = await owner.events.list({ log, limit: 200, ...(cursor === undefined ? {} : { cursor }) })
      for (const { name, data } of page.items) {
        expect(events[name as EventName].data.parse(data), name).toEqual(data)
        seen++
      }
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
  expect(seen).toBeGreaterThan(100)
}
let wanted: Awaited<ReturnType<typeof walk>>
for (const kind of chosen)
  test(
    `every operation has the same answers and the same faults ${kind === 'in process' ? kind : `over ${kind}`}`,
    async () => {
      const got = await walk(kind)
      if (kind === 'in process') wanted = got
      if (kind !== 'command line') expect(got.length).toBe(wanted.length)
      expect(got.length).toBeGreaterThan(names.length)
      // The first one that was said so and not yet found: a case may be asked twice.
      let from = 0
      for (const one of got) {
        from = wanted.findIndex(({ step }, at) => at >= from && step === one.step) + 1
        expect({ kind, ...one }).toEqual({ kind, ...wanted[from - 1] })
      }
    },
    soak(480_000, 900_000),
  )

/** Another input that fits, so that the key is used for another call. */
function altered(name: OperationName, input: Record<string, unknown>): Record<string, unknown> {
  for (const [field, value] of Object.entries(input)) {
    if (typeof value !== 'string') continue
    const other = { ...input, [field]: `${value}0` }
    if (operations[name].input.safeParse(other).success) return other
  }
  throw new Error(`The cases of ${name} need an \`other\`: none could be made from ${JSON.stringify(input)}.`)
}
for (const kind of soak(['http'] as const, ['http', 'ipc', 'gateway'] as const))
  test(`a call asked twice with one key is done once and another call with that key is refused, over ${kind}, for every operation that writes`, async () => {
    await using opened = await open(kind)
    const { daemon, door, place } = opened
    const table = caseTable(world, place)
    const committed = async (operation: string) => {
      let count = 0
      for (const log of ['chat', 'agents', 'settings'] as const)
        for (let cursor: string | undefined; ;) {
          const page = await daemon.client.events.list({ log, limit: 200, ...(cursor === undefined ? {} : { cursor }) })
          count += page.items.filter(({ name, data }) => name === 'call.committed' && (data as { operation: string }).operation === operation).length
          if (page.nextCursor === null) break
          cursor = page.nextCursor
        }
      return count
    }
    const writers = (Object.keys(table) as OperationName[]).filter(
      (name) => mutates(operations[name]) && (operations[name] as { database?: string }).database !== undefined,
    )
    expect(writers.length).toBeGreaterThan(25)
    for (const name of writers) {
      const { good, other } = table[name] as { good: readonly Record<string, unknown>[]; other?: Record<string, unknown> }
      const [input] = good
      if (input === undefined) continue
      const key = `key-of-${name}`
      const first = door(name, input, { key })
      const twin = door(name, input, { key })
      const [one, two] = await Promise.all([outcome(first), outcome(twin)])
      const before = await committed(name)
      expect(before, name).toBeGreaterThan(0)
      const again = await outcome(door(name, input, { key }))
      if ((operations[name] as { secret?: boolean }).secret) {
        expect(one, name).toHaveProperty('ok')
        expect(again, name).toMatchObject({ code: 'conflict' })
      } else {
        expect(one, name).toHaveProperty('ok')
        expect({ name, two, again }).toEqual({ name, two: one, again: one })
      }
      expect(await outcome(door(name, other ?? altered(name, input), { key })), name).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('key'),
      })
      expect(await committed(name), name).toBe(before)
    }
  }, 60_000)
