import type { Plan } from './plan.ts'
import type { MissedPolicy } from './types.ts'

/** A fire that is no later than this is on time. */
export const graceMs = 60_000
/** The most fires of a down time that are made up for. */
export const mostMadeUp = 100
/** Missed fires are counted as far as this. */
export const mostCounted = 1_000

export interface DueState {
  readonly plan: Plan
  readonly missed: MissedPolicy
  /** The oldest fire that nothing was done about yet; null when there is none to come. */
  readonly nextAt: number | null
}
/** Fires that are not made up for: `count` of them from `from` to `to`; there are more when `isMore`. */
export interface Missed {
  readonly count: number
  readonly from: number
  readonly to: number
  readonly isMore: boolean
}
export interface Due {
  /** What fires now, oldest first. */
  readonly fires: readonly number[]
  readonly missed: Missed | null
  readonly next: number | null
}
/** The newest fires from `oldest` to `now`, at most `count`, oldest first. Looks back in steps that double, so a long down time costs little. */
function newest(plan: Plan, oldest: number, now: number, count: number): number[] {
  for (let back = 60_000; ; back *= 2) {
    const from = Math.max(oldest, now - back)
    const found: number[] = []
    for (let at = plan(from - 1); at !== null && at <= now; at = plan(at)) {
      found.push(at)
      if (found.length > count) found.shift()
    }
    if (found.length === count || from === oldest) return found
  }
}
/**
 * What is to be done at `now`: every fire from `nextAt` up to now is either among `fires` or counted as missed, and `next` is the first one
 * after now. A single fire that is hardly late always fires. Of others the policy decides: `skip` leaves all but a newest one that is on
 * time, `one` fires the newest, `all` the newest hundred.
 */
export function due({ plan, missed: policy, nextAt }: DueState, now: number): Due {
  if (nextAt === null || nextAt > now) return { fires: [], missed: null, next: nextAt }
  const found = newest(plan, nextAt, now, policy === 'all' ? mostMadeUp : 1)
  const last = found.at(-1) ?? nextAt
  const isOnTime = now - last <= graceMs
  const fires = found.length === 0 ? [nextAt] : policy === 'skip' && !isOnTime ? [] : found
  return { fires, missed: missedBefore(plan, nextAt, fires[0] ?? now + 1), next: plan(now) }
}
/** What lies from `oldest` to before `end`. */
function missedBefore(plan: Plan, oldest: number, end: number): Missed | null {
  if (oldest >= end) return null
  let count = 0
  let to = oldest
  for (let at: number | null = oldest; at !== null && at < end; at = plan(at)) {
    if (count === mostCounted) return { count, from: oldest, to, isMore: true }
    count++
    to = at
  }
  return { count, from: oldest, to, isMore: false }
}
