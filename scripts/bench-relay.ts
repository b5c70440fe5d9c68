// Measures the relay against what it aims at, prints a table and writes .bench/relay.json. Never fails for a figure.
//   npm run bench:relay                              all but the soak, with the embedded database and with PostgreSQL
//   npm run bench:relay -- messages soak             some of it
//   npm run bench:relay -- --url URL [--token …]     what can be seen of another server, over the public protocol
//   npm run bench:relay -- --save [messages …]       everything, kept as docs/relay-benchmark.json and put into docs/relay-benchmark.md; or some of it, beside what is kept
import { spawnSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { lackingPostgres } from '@steward/testkit/relay'
import { lacking } from '@steward/testkit'
import { judge, tableOf, type Figure } from './bench/figures.ts'
import { lookAtMachine, machineLine } from './bench/machine.ts'
import { root } from './bench/place.ts'
import { measureFanOut } from './bench/relay/fan-out.ts'
import { elsewhere, openEmbedded, openPostgres, type Ground } from './bench/relay/ground.ts'
import { measureIdleSockets } from './bench/relay/idle-sockets.ts'
import { amongKept, writeLatest, type Document, type KeptRow } from './bench/relay/keep.ts'
import { measureLogins } from './bench/relay/logins.ts'
import { measureMessages } from './bench/relay/messages.ts'
import { measureNodes } from './bench/relay/nodes.ts'
import { measureRpc } from './bench/relay/rpc.ts'
import { measureSoak } from './bench/relay/soak.ts'
import { measureMemory, measureStart } from './bench/relay/start.ts'
import { measureStreams } from './bench/relay/streams.ts'

interface Measurement {
  /** At the server that is given, else at a relay of its own. */
  measure(given?: Ground): Promise<Figure[]>
  /** Whether it can be measured at any server, over the public protocol. */
  readonly anywhere?: boolean
  /** What is missing on this host; null for nothing. */
  lacks?(): string | null
  /** Takes so long that it is measured only when it is named, or all is to be kept. */
  readonly isLong?: boolean
}
const at = (open: () => Promise<Ground>, measure: (ground: Ground) => Promise<Figure[]>) => async (given?: Ground) => {
  await using ground = given ?? (await open())
  return await measure(ground)
}
const anywhere = (measure: (ground: Ground) => Promise<Figure[]>): Measurement => ({ anywhere: true, measure: at(() => openEmbedded(), measure) })
const measurements: Readonly<Record<string, Measurement>> = {
  start: { measure: measureStart },
  memory: { measure: measureMemory },
  messages: anywhere(measureMessages),
  'messages-postgres': { measure: at(() => openPostgres(), measureMessages), lacks: lackingPostgres },
  rpc: anywhere(measureRpc),
  'fan-out': anywhere(measureFanOut),
  logins: anywhere(measureLogins),
  streams: anywhere(measureStreams),
  sockets: { measure: measureIdleSockets },
  nodes: { measure: measureNodes, lacks: () => lackingPostgres() ?? lacking('redis-server') },
  soak: { measure: measureSoak, isLong: true },
}
const mostMs = 420_000
/** A measurement that gets no answer is given up, not waited for; what it started ends with this process. */
function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`it took longer than ${mostMs / 1000} s`)), mostMs).unref()
  })
  return Promise.race([work, late])
}
const { values, positionals } = parseArgs({
  options: { save: { type: 'boolean', default: false }, url: { type: 'string' }, token: { type: 'string' } },
  allowPositionals: true,
})
const given = values.url === undefined ? undefined : elsewhere(values.url, values.token)
const known = Object.keys(measurements).filter((name) => given === undefined || measurements[name]?.anywhere)
const isWrong = positionals.some((name) => !known.includes(name))
if (isWrong || (values.save && given) || (values.token !== undefined && !given)) {
  console.error(`Name none, or some of ${known.join(', ')}; --save is of our own; --token goes with --url.`)
  process.exit(2)
}
const chosen = known.filter((name) => (positionals.length > 0 ? positionals.includes(name) : values.save || !measurements[name]?.isLong))
const machine = await lookAtMachine()
console.log(
  `${machineLine(machine)}\nThe best round of several each; times are medians. The reference is the server of the existing clients, with its embedded database.\n`,
)
const rows: KeptRow[] = []
const broken: string[] = []
for (const name of chosen) {
  const { measure, lacks } = measurements[name] ?? {}
  const lack = lacks?.() ?? null
  if (measure === undefined || lack !== null) {
    console.log(`${name} is left out${lack}\n`)
    continue
  }
  try {
    const [load = 0] = loadavg()
    const found = (await inTime(measure(given))).map((figure) => ({ ...judge(figure), measurement: name, load }))
    rows.push(...found)
    console.log(`${name}, load ${load.toFixed(1)} before it\n${tableOf(found)}\n`)
  } catch (error) {
    broken.push(name)
    console.error(`${name} could not be measured: ${(error as Error).message}\n`)
  }
}
const aims = rows.filter(({ limit }) => limit !== undefined)
const missed = aims.filter(({ ok }) => !ok)
console.log(
  `${aims.length - missed.length} of ${aims.length} aims met.${missed.length > 0 ? ` Missed: ${missed.map(({ name }) => name).join('; ')}.` : ''}`,
)
const facts = rows.filter(({ limit }) => limit === undefined)
const found: Document = { at: new Date().toISOString(), machine: machineLine(machine), rows: aims, facts, details: machine }
const file = writeLatest(values.save && positionals.length > 0 ? amongKept(found, known) : found)
if (values.save && broken.length === 0) spawnSync(process.execPath, ['scripts/readme-table.mjs', '--relay', file], { cwd: root, stdio: 'inherit' })
process.exit(broken.length > 0 ? 1 : 0)
