import type { OverlapPolicy, RetryPolicy } from './types.ts'

/** The most fires that wait for their turn under `queue`. */
const mostQueued = 100
const longestBackoffMs = 86_400_000

/** What becomes of a fire while `active` others are at work and `queued` wait. */
export function admit(overlap: OverlapPolicy, active: number, queued: number): 'start' | 'queue' | 'skip' {
  if (active < roomFor(overlap) && queued === 0) return 'start'
  return overlap === 'queue' && queued < mostQueued ? 'queue' : 'skip'
}
/** How many may be at work at once. */
const roomFor = (overlap: OverlapPolicy): number => (typeof overlap === 'object' ? overlap.parallel : 1)
/** How long to wait after so many tries that failed, or null when it is not tried again. */
export function retryDelay({ max, backoffMs }: RetryPolicy, tries: number): number | null {
  return tries > max ? null : Math.min(longestBackoffMs, backoffMs * 2 ** Math.min(tries - 1, 40))
}
