/** Running time of a run: it stands still while nothing happens but waiting for a person. */
export interface RunClock {
  elapsedMs(): number
  pause(): void
  resume(): void
}

/** Starts a clock at `startMs` of earlier running time. Pausing twice is pausing once. */
export function createClock(startMs: number, now: () => number): RunClock {
  let counted = startMs
  let since: number | null = now()
  const elapsedMs = (): number => counted + (since === null ? 0 : now() - since)
  return {
    elapsedMs,
    pause() {
      counted = elapsedMs()
      since = null
    },
    resume() {
      since ??= now()
    },
  }
}
