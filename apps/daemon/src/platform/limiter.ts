/** So many names are counted at most; the oldest windows are given up first. */
const mostNames = 10_000
export interface Limiter {
  /** Counts one. Answers 0, or how many milliseconds to wait where there were too many. */
  take(name: string): number
  /** How many milliseconds to wait, without counting. */
  wait(name: string): number
}
/** At most `most` for each name in a window of `windowMs`, counted in memory. `now`: milliseconds. */
export function createLimiter(most: number, windowMs: number, now: () => number): Limiter {
  const windows = new Map<string, { until: number; count: number }>()
  const wait = (name: string): number => {
    const known = windows.get(name)
    return known === undefined || known.until <= now() || known.count < most ? 0 : known.until - now()
  }
  return {
    wait,
    take(name) {
      const left = wait(name)
      if (left > 0) return left
      const known = windows.get(name)
      if (known && known.until > now()) known.count++
      else {
        windows.delete(name)
        windows.set(name, { until: now() + windowMs, count: 1 })
        const [oldest] = windows.keys()
        if (windows.size > mostNames && oldest !== undefined) windows.delete(oldest)
      }
      return 0
    },
  }
}
