/** What was done and what went wrong. */
export interface Tally {
  count(what: string, by?: number): void
  of(what: string): number
  all(): Iterable<readonly [what: string, times: number]>
  /** A broken promise of the relay. The run goes on, and fails at its end. */
  broken(what: string): void
  readonly failures: readonly string[]
  /** Something was acknowledged: the longest time without is kept. */
  acknowledged(): void
  longestGapMs(): number
}
const mostFailures = 40
export function createTally(): Tally {
  const counts = new Map<string, number>()
  const failures: string[] = []
  const startedAt = performance.now()
  let last: number | undefined
  let longest = 0
  return {
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    of: (what) => counts.get(what) ?? 0,
    all: () => counts,
    broken(what) {
      if (failures.length < mostFailures) failures.push(`${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${what}`)
    },
    failures,
    acknowledged() {
      const now = performance.now()
      longest = Math.max(longest, now - (last ?? now))
      last = now
    },
    longestGapMs: () => Math.round(longest),
  }
}
