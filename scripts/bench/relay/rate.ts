import { quantile } from '../figures.ts'
import { processorOf, type Ground } from './ground.ts'

export interface Rate {
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  /** The relay's processor time in the same round, milliseconds, and how many it did with it. */
  readonly usedMs: number
  readonly count: number
}
/** Many short rounds: a machine that does other things too is seldom free for long. */
export const rateRounds = 6
const roundMs = 2_000

/** How often something is done in a second by so many that each do it again and again: the best of six rounds of 2 s, after one that does not count. */
export async function rateOf(ground: Ground, inFlight: number, one: (worker: number) => Promise<unknown>, forMs = roundMs): Promise<Rate> {
  let best: Rate | undefined
  for (let round = 0; round <= rateRounds; round++) {
    const samples: number[] = []
    const used = processorOf(ground)
    const from = performance.now()
    const work = async (_: unknown, worker: number) => {
      for (let begun = from; begun - from < forMs;) {
        await one(worker)
        const now = performance.now()
        samples.push(now - begun)
        begun = now
      }
    }
    await Promise.all(Array.from({ length: inFlight }, work))
    const perSecond = (samples.length / (performance.now() - from)) * 1_000
    const found = { perSecond, p50: quantile(samples, 0.5), p95: quantile(samples, 0.95), usedMs: processorOf(ground) - used, count: samples.length }
    if (round > 0 && (best === undefined || perSecond > best.perSecond)) best = found
  }
  return best ?? { perSecond: 0, p50: 0, p95: 0, usedMs: 0, count: 0 }
}
