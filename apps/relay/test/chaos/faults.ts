import type { Random } from '@steward/testkit'
import { setTimeout as delay } from 'node:timers/promises'
import type { ChaosNode } from './node.ts'
import type { Place } from './place.ts'
import type { Tally } from './tally.ts'

/** One fault of a plan. Those of one part (a node, a door, PostgreSQL, Redis) follow one after the other; those of others overlap. */
export interface Fault {
  readonly atMs: number
  readonly kind: FaultKind
  /** Which node, or whose line. */
  readonly node: number
  readonly forMs: number
  /** 0 to 1: how bad. */
  readonly strength: number
}
interface Deed {
  /** What it is done to: the node itself, its door, one of its lines, or what all share. */
  readonly part: 'node' | 'door' | 'database line' | 'redis line' | 'postgres' | 'redis'
  readonly mostMs: number
  /** How often it is chosen, against the others. */
  readonly weight: number
  work(on: { place: Place; node: ChaosNode; wait(): Promise<void>; strength: number }): Promise<void>
}
const deeds = {
  'kill -9 of a node': {
    part: 'node',
    mostMs: 2_500,
    weight: 4,
    async work({ node, wait }) {
      await node.kill()
      await wait()
      await node.start()
    },
  },
  'SIGTERM to a node': {
    part: 'node',
    mostMs: 500,
    weight: 2,
    async work({ node, wait }) {
      await node.terminate()
      await wait()
      await node.start()
    },
  },
  'node frozen': {
    part: 'node',
    mostMs: 4_000,
    weight: 1,
    async work({ node, wait }) {
      node.freeze()
      await wait()
      node.thaw()
    },
  },
  'all sockets of a node cut': { part: 'door', mostMs: 1, weight: 4, work: async ({ node }) => node.door.cutAll() },
  'delay to a node': {
    part: 'door',
    mostMs: 6_000,
    weight: 2,
    async work({ node, wait, strength }) {
      node.door.setDelay(20 + strength * 150, strength * 200)
      await wait()
      node.door.setDelay(0)
    },
  },
  'loss to a node': {
    part: 'door',
    mostMs: 4_000,
    weight: 2,
    async work({ node, wait, strength }) {
      node.door.setLoss(0.002 + strength * 0.02)
      await wait()
      node.door.setLoss(0)
    },
  },
  'door of a node stalled': {
    part: 'door',
    mostMs: 4_000,
    weight: 1,
    async work({ node, wait }) {
      node.door.stall()
      await wait()
      node.door.resume()
    },
  },
  'node cut from PostgreSQL': { part: 'database line', mostMs: 1, weight: 3, work: async ({ node }) => node.databaseLine.cutAll() },
  'node cut from Redis': { part: 'redis line', mostMs: 1, weight: 2, work: async ({ node }) => node.redisLine.cutAll() },
  'line to Redis stalled': {
    part: 'redis line',
    mostMs: 8_000,
    weight: 1,
    async work({ node, wait }) {
      node.redisLine.stall()
      await wait()
      node.redisLine.resume()
    },
  },
  'Redis restarted': { part: 'redis', mostMs: 1, weight: 2, work: async ({ place }) => place.redis.restart() },
  'Redis away': {
    part: 'redis',
    mostMs: 5_000,
    weight: 1,
    async work({ place, wait }) {
      await place.redis.kill()
      await wait()
      await place.redis.restart()
    },
  },
  'PostgreSQL paused': {
    part: 'postgres',
    mostMs: 4_000,
    weight: 2,
    async work({ place, wait }) {
      try {
        await place.postgres.pause()
        await wait()
      } finally {
        place.postgres.resume()
      }
    },
  },
  'PostgreSQL restarted': { part: 'postgres', mostMs: 1, weight: 2, work: async ({ place }) => place.postgres.restart() },
} satisfies Record<string, Deed>
export type FaultKind = keyof typeof deeds
export const faultKinds = Object.keys(deeds) as FaultKind[]
const deedOf = (kind: FaultKind): Deed => deeds[kind]

/** Faults at random over `lastsMs`: every kind once, in any order, then by weight. */
export function planFaults(chance: Random, lastsMs: number, nodes: number): Fault[] {
  const weighted = faultKinds.flatMap((kind) => Array.from({ length: deedOf(kind).weight }, () => kind))
  const first = chance.shuffled(faultKinds)
  const plan: Fault[] = []
  const meanMs = Math.min(1_800, lastsMs / (faultKinds.length + 2))
  for (let atMs = meanMs; atMs < lastsMs; atMs += meanMs * (0.5 + chance.next())) {
    const kind = first.shift() ?? chance.pick(weighted)
    const { mostMs } = deedOf(kind)
    plan.push({ atMs, kind, node: chance.int(0, nodes), forMs: mostMs * (0.2 + 0.8 * chance.next()), strength: chance.next() })
  }
  return plan
}
/** SIGTERM to one node after the other, each when the one before it is ready again, until the time is over. */
export function planRolling(lastsMs: number, nodes: number, roundMs = 5_000): Fault[] {
  const plan: Fault[] = []
  for (let atMs = 2_000; atMs < lastsMs; atMs += roundMs)
    plan.push({ atMs, kind: 'SIGTERM to a node', node: plan.length % nodes, forMs: 1, strength: 0 })
  return plan
}

export interface Faults {
  /** Carries the plan out; resolves when the last fault is over and everything runs. What does not come back breaks a promise. */
  run(): Promise<void>
  /** Whether clients of a node may have noticed something since a time of `performance.now()`: of the node itself or of its door. */
  disturbed(node: number, since: number): boolean
}
/** `inTurn`: no fault begins before the one before it is over. */
export function createFaults(plan: readonly Fault[], place: Place, tally: Tally, inTurn = false): Faults {
  const chains = new Map<string, Promise<void>>()
  const disturbances: { readonly node: number; endedAt: number }[] = []
  const carryOut = async (fault: Fault): Promise<void> => {
    const { part, work } = deedOf(fault.kind)
    const node = place.nodes[fault.node]!
    tally.count(fault.kind)
    tally.happened(`${fault.kind} (node ${fault.node}, ${Math.round(fault.forMs)} ms)`)
    const mark = { node: fault.node, endedAt: Number.POSITIVE_INFINITY }
    if (part === 'node' || part === 'door') disturbances.push(mark)
    await work({ place, node, wait: () => delay(fault.forMs), strength: fault.strength })
    mark.endedAt = performance.now()
  }
  return {
    async run() {
      const startedAt = performance.now()
      for (const fault of plan) {
        await delay(Math.max(0, startedAt + fault.atMs - performance.now()))
        const { part } = deedOf(fault.kind)
        const key = inTurn ? 'all' : part === 'postgres' || part === 'redis' ? part : `${part} ${fault.node}`
        const done = (chains.get(key) ?? Promise.resolve()).then(() => carryOut(fault))
        done.catch((error: unknown) => tally.broken(String(error)))
        chains.set(key, done)
      }
      await Promise.allSettled(chains.values())
    },
    disturbed: (node, since) => disturbances.some((one) => one.node === node && one.endedAt >= since),
  }
}
