/** Pauses before the first to the fifth restart, in milliseconds. */
const pausesMs = [0, 500, 1_000, 2_000, 4_000]
const windowMs = 60_000

/** What is to be done after a crash: another start after a pause, or no more. */
export type Verdict = { readonly restartInMs: number } | { readonly giveUp: true }

export interface Restarts {
  /** Counts a crash at `now` and says what is to be done: five within a minute are made good, at the sixth it is over. */
  crashed(now: number): Verdict
  /** Hears how the daemon does at `now`. Well without a break for long enough, the count is zero again: true when it has just become so. */
  health(now: number, well: boolean): boolean
  /** Crashes that count now. */
  count(now: number): number
}
/** The count of crashes. Times in milliseconds of any clock that does not jump; `healthyMs` is how long a daemon must be well. */
export function createRestarts(healthyMs: number): Restarts {
  let crashes: number[] = []
  let wellSince: number | undefined
  const recent = (now: number) => crashes.filter((at) => now - at < windowMs)
  return {
    crashed(now) {
      wellSince = undefined
      crashes = [...recent(now), now]
      const restartInMs = pausesMs[crashes.length - 1]
      return restartInMs === undefined ? { giveUp: true } : { restartInMs }
    },
    health(now, well) {
      if (!well) wellSince = undefined
      else wellSince ??= now
      if (wellSince === undefined || now - wellSince < healthyMs || crashes.length === 0) return false
      crashes = []
      return true
    },
    count: (now) => recent(now).length,
  }
}
