import { setTimeout as delay } from 'node:timers/promises'
import { until, createRandom } from '@steward/testkit'
import { openCrowd } from './crowd.ts'
import { createFaults, faultKinds, planFaults, planRolling } from './faults.ts'
import { openPlace } from './place.ts'
import { unexpected } from './reports.ts'
import { createTally } from './tally.ts'

export interface RunOptions {
  readonly seed: number
  readonly seconds: number
  /** `rolling`: no faults but a SIGTERM to one node after the other. */
  readonly kind: 'chaos' | 'rolling'
}
export interface RunReport {
  /** Broken promises. */
  readonly failures: readonly string[]
  /** What was done, a line each. */
  readonly table: string
  /** What happened last, in its order. */
  readonly events: readonly string[]
  of(what: string): number
}
const nodeCount = 3
const accounts = 2
const readyLimitMs = 15_000
const mostResidentMb = 400
const endLimitMs = 120_000

/** Three nodes, PostgreSQL and Redis, clients of two accounts, and a plan of faults from the seed. The report says what was done and which promises were broken. */
export async function runChaos({ seed, seconds, kind }: RunOptions): Promise<RunReport> {
  const tally = createTally()
  const chance = createRandom(seed)
  await using place = await openPlace(nodeCount, chance.of('place'), tally)
  const lastsMs = seconds * 1000
  const plan = kind === 'rolling' ? planRolling(lastsMs, nodeCount) : planFaults(chance.of('plan'), lastsMs, nodeCount)
  const faults = createFaults(plan, place, tally, kind === 'rolling')
  let isOver = false
  const crowds = await Promise.all(
    Array.from({ length: accounts }, (_, at) =>
      openCrowd({ urls: place.urls, chance: chance.of(`account ${at}`), tally, isOver: () => isOver, disturbed: faults.disturbed }),
    ),
  )
  const beganAt = performance.now()
  await faults.run()
  const healedAt = performance.now()
  tally.most('seconds from the first fault to the end of the last', (healedAt - beganAt) / 1000)
  await Promise.all(
    place.nodes.map((node, at) =>
      until(() => node.ready(), { timeoutMs: readyLimitMs }).catch(() =>
        tally.broken(`Node ${at} was not ready ${readyLimitMs} ms after the last fault.`),
      ),
    ),
  )
  tally.most('until all nodes were ready after that, ms', performance.now() - healedAt)
  isOver = true
  const settled = Promise.all(crowds.map((crowd) => crowd.settled())).then(() => true)
  if (await Promise.race([settled, delay(endLimitMs, false, { ref: false })])) for (const crowd of crowds) await crowd.check()
  else tally.broken(`The clients had not come to an end ${endLimitMs} ms after the last fault.`)
  for (const [at, node] of place.nodes.entries()) {
    const mb = Math.round(node.residentMb())
    tally.most('most resident memory of a node, MB', mb)
    if (mb > mostResidentMb) tally.broken(`Node ${at} holds ${mb} MB.`)
    for (const line of unexpected(node.reports).slice(0, 5)) tally.broken(`Node ${at} reported ${line}`)
    tally.count('reports of outages', node.reports.length)
  }
  for (const crowd of crowds) crowd.close()
  return { failures: tally.failures, events: tally.events, table: tableOf({ seed, seconds, kind }, tally), of: tally.of }
}

function tableOf({ seed, seconds, kind }: RunOptions, tally: ReturnType<typeof createTally>): string {
  const isFault = (what: string) => (faultKinds as string[]).includes(what)
  const rows = [...tally.all()].toSorted(([a], [b]) => Number(isFault(b)) - Number(isFault(a)) || (a < b ? -1 : 1))
  const lines = rows.map(([what, times]) => `${String(Math.round(times)).padStart(12)}  ${what}`)
  return [`${kind} for ${seconds} s, STEWARD_SEED=${seed}`, ...lines].join('\n')
}
