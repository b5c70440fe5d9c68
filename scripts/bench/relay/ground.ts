import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { spawnLines } from '@steward/testkit'
import { createDatabase, startPostgres, startRedis } from '@steward/testkit/relay'
import type { Figure } from '../figures.ts'
import { endOf, owned, root, temporaryFolder } from '../place.ts'
import { processorMs, residentMb } from '../process.ts'

/** A relay's process. */
export interface Node {
  readonly url: string
  readonly pid: number
  /** Where its metrics are, if it was told to have some. */
  readonly metricsUrl?: string
}
/** What is measured: a relay of our own, each node a process of its own, or any server by its address. */
export interface Ground extends AsyncDisposable {
  readonly kind: 'embedded' | 'postgres' | 'elsewhere'
  readonly url: string
  readonly token?: string
  /** Empty for a server that is not ours. */
  readonly nodes: readonly Node[]
}
export const program = path.join(root, 'apps/cli/bin/steward.mjs')
const words = { embedded: 'embedded database', postgres: 'PostgreSQL', elsewhere: 'given server' }
export const wordsOf = ({ kind }: Ground): string => words[kind]

/** All of a bench's clients come from one address. */
const patience = {
  STEWARD_RELAY_LOGINS_PER_MINUTE: '1000000000',
  STEWARD_RELAY_LOGINS_PER_KEY_PER_MINUTE: '1000000000',
  STEWARD_RELAY_OPEN_PER_MINUTE: '1000000000',
}
/** The environment of a relay that hears of nothing but what is said here, on a free port if none is said. */
export function relayEnv(home: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(STEWARD_|NODE_COMPILE_CACHE|PORT$|DATABASE_URL|REDIS_URL|METRICS_|S3_)/.test(name))
  return { ...Object.fromEntries(own), ...patience, STEWARD_RELAY_HOME: home, STEWARD_RELAY_PORT: '0', ...more }
}
/** Starts `steward relay start`; resolves when it answers. It ends with this process at the latest. */
async function startNode(home: string, more: Readonly<Record<string, string>> = {}): Promise<Node & { end(): Promise<unknown> }> {
  const child = owned(
    spawn(process.execPath, [program, 'relay', 'start', '--json'], { env: relayEnv(home, more), stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  const [line] = await spawnLines(child).line(/^\{"url".*\}$/, 30_000)
  return { ...(JSON.parse(line) as Node), end: () => endOf(child) }
}
/** A relay with the embedded database. */
export async function openEmbedded(more?: Readonly<Record<string, string>>): Promise<Ground> {
  const home = temporaryFolder()
  const node = await startNode(home, more)
  return {
    kind: 'embedded',
    url: node.url,
    nodes: [node],
    async [Symbol.asyncDispose]() {
      await node.end()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
/** A relay of some nodes over a PostgreSQL whose commits reach the disk; of several over Redis too. */
export async function openPostgres(count = 1): Promise<Ground> {
  const home = temporaryFolder()
  const server = await startPostgres({ durable: true })
  const redis = count > 1 ? await startRedis() : undefined
  const database = await createDatabase(server.url)
  const shared = { DATABASE_URL: database.url, STEWARD_RELAY_SECRET: 'Vq3mT8xZ1pLw6Rk9sJd2HfTGc7BnWYyQ', ...(redis ? { REDIS_URL: redis.url } : {}) }
  const nodes: Awaited<ReturnType<typeof startNode>>[] = []
  for (let n = 0; n < count; n++) nodes.push(await startNode(path.join(home, String(n)), shared))
  return {
    kind: 'postgres',
    url: nodes[0]?.url ?? '',
    nodes,
    async [Symbol.asyncDispose]() {
      for (const node of nodes) await node.end()
      await redis?.stop()
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
/** A server that runs already. */
export const elsewhere = (url: string, token?: string): Ground => ({
  kind: 'elsewhere',
  url,
  nodes: [],
  ...(token === undefined ? {} : { token }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
})
/** Processor time that all nodes have used, milliseconds; NaN for a server that is not ours. */
export const processorOf = ({ nodes }: Ground): number =>
  nodes.length === 0 ? Number.NaN : nodes.reduce((sum, { pid }) => sum + processorMs(pid), 0)
/** Memory of the first node, in MB of 2^20 bytes. */
export const memoryOf = ({ nodes: [node] }: Ground): number => (node ? residentMb(node.pid) : Number.NaN)
/** What one of so many cost the relay, as words for a note; none where it cannot be seen. */
export const costOf = (usedMs: number, count: number): string =>
  Number.isNaN(usedMs) ? '' : `, ${Math.round((usedMs / count) * 1_000)} µs of the relay's processor time each`
/** The figure with an aim where the ground has one. */
export const aimed = (figure: Figure, limit: number | undefined): Figure => (limit === undefined ? figure : { ...figure, limit })
