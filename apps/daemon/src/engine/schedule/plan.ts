import { createCron } from './cron.ts'
import { createQuiet } from './quiet.ts'
import { ScheduleFault, type QuietHours, type Schedule } from './types.ts'

/** Farther than this no clock counts. */
const latest = 8_640_000_000_000_000
/** A schedule as it is carried out, with its quiet hours and its jitter. */
export interface PlanOptions {
  readonly schedule: Schedule
  readonly quietHours?: QuietHours | null | undefined
  /** From 0 up to this much later, always the same for one id. Default: 0. */
  readonly jitterMs?: number | undefined
  /** What the jitter is made from: the id of what fires. */
  readonly id?: string | undefined
}
/** The first fire after an instant, or null when there is none any more. Later instants never give earlier fires. */
export type Plan = (after: number) => number | null

function nominal(schedule: Schedule): Plan {
  switch (schedule.kind) {
    case 'once':
      return (after) => (schedule.at > after ? schedule.at : null)
    case 'interval': {
      const { everyMs, anchor } = schedule
      if (!(everyMs > 0)) throw new ScheduleFault('schedule.everyMs', 'schedule.everyMs: An interval must be longer than nothing.')
      return (after) => {
        const at = after < anchor ? anchor : anchor + (Math.floor((after - anchor) / everyMs) + 1) * everyMs
        return at > latest ? null : at
      }
    }
    case 'cron':
      return createCron(schedule)
  }
}
/** How much later than planned this id fires: spread evenly over `[0, jitterMs)`, the same every time. FNV-1a, 32 bits. */
function jitterOf(id: string, jitterMs: number): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  // FNV's high bits hardly change with the last characters: mixed once more (MurmurHash3's finalizer).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * jitterMs)
}
/**
 * Makes a plan. What would fire in quiet hours fires when they end, several as one. The jitter is added to all of it, and no fire with its jitter
 * falls into quiet hours either. Throws ScheduleFault.
 */
export function createPlan({ schedule, quietHours, jitterMs = 0, id = '' }: PlanOptions): Plan {
  const next = nominal(schedule)
  const jitter = jitterOf(id, jitterMs)
  if (!quietHours) return shifted(next, jitter)
  const hours = createQuiet(quietHours)
  /** Where fires are put off, before their jitter: it begins so much earlier that nothing is carried into the quiet hours by it. */
  const quiet = (at: number) => {
    const found = hours(at) ?? hours(at + jitter)
    return found && { start: found.start - jitter, end: found.end }
  }
  return shifted((after) => {
    const now = quiet(after)
    const first = next(now ? now.start - 1 : after)
    if (first === null) return null
    const end = quiet(first)?.end ?? first
    if (end > after) return end
    const later = next(after)
    return later === null ? null : (quiet(later)?.end ?? later)
  }, jitter)
}
const shifted = (plan: Plan, byMs: number): Plan =>
  byMs === 0
    ? plan
    : (after) => {
        const at = plan(after - byMs)
        return at === null ? null : at + byMs
      }
/** The next `count` fires after an instant, oldest first; fewer where it ends before. Throws ScheduleFault. */
export function nextFires(options: PlanOptions | Schedule, after: number, count: number): number[] {
  return firesOf(createPlan('kind' in options ? { schedule: options } : options), after, count)
}
/** The next `count` fires of a plan after an instant, oldest first. */
export function firesOf(plan: Plan, after: number, count: number): number[] {
  const fires: number[] = []
  for (let at = plan(after); at !== null && fires.length < count; at = plan(at)) fires.push(at)
  return fires
}
