/** What was done and what went wrong. */
export interface Tally {
  count(what: string, by?: number): void
  /** Keeps the largest. */
  most(what: string, value: number): void
  of(what: string): number
  all(): Iterable<readonly [what: string, times: number]>
  /** A broken promise of the relay. The run goes on, and fails at its end. */
  broken(what: string): void
  readonly failures: readonly string[]
  /** Something happened: told where a run fails. */
  happened(what: string): void
  readonly events: readonly string[]
  /** Something was acknowledged: the longest time without is kept. */
  acknowledged(): void
}
const mostFailures = 40
const mostEvents = 200
export function createTally(): Tally {
  const counts = new Map<string, number>()
  const failures: string[] = []
  const events: string[] = []
  const startedAt = performance.now()
  const told = (what: string) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${what}`
  let last: number | undefined
  const tally: Tally = {
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    most: (what, value) => void counts.set(what, Math.max(counts.get(what) ?? 0, value)),
    of: (what) => counts.get(what) ?? 0,
    all: () => counts,
    broken(what) {
      if (failures.length < mostFailures) failures.push(told(what))
    },
    failures,
    happened(what) {
      if (events.push(told(what)) > mostEvents) events.shift()
    },
    events,
    acknowledged() {
      const now = performance.now()
      tally.most('longest time without an acknowledgement, ms', now - (last ?? now))
      last = now
    },
  }
  return tally
}
