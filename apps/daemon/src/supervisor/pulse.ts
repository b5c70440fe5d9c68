/** The first answer comes when the daemon's code is loaded, which a slow disk draws out: it is waited for so many times longer. */
const firstAnswerFactor = 4

export interface Pulse {
  /** The daemon has answered. */
  heard(): void
  /** The daemon says what long work it is at, or null when that is done. */
  busy(work: string | null): void
  /** To be called every `beatMs`; true when the daemon has been silent for too long. */
  tick(now: number): boolean
}
/**
 * Whether a daemon hangs: `hungMs` of silence. Silence is counted by the supervisor's own ticks, and one tick counts as two at most: while the
 * machine sleeps, or the supervisor itself is held up, nothing is counted. Nor is anything while the daemon is at work it has announced.
 */
export function createPulse({ beatMs, hungMs }: { readonly beatMs: number; readonly hungMs: number }): Pulse {
  let silentMs = 0
  let last: number | undefined
  let answered = false
  let work: string | null = null
  return {
    heard() {
      answered = true
      silentMs = 0
    },
    busy(announced) {
      work = announced
      silentMs = 0
    },
    tick(now) {
      const passed = last === undefined ? 0 : now - last
      last = now
      if (work === null) silentMs += Math.min(passed, 2 * beatMs)
      return silentMs >= hungMs * (answered ? 1 : firstAnswerFactor)
    },
  }
}
