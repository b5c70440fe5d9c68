/** A clock that can be waited on. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `ring` at a time, or as soon as it can where that is past. Answers how to call it off. */
  at(time: number, ring: () => void): () => void
}
/** The clock of the machine. A timer holds no process open. */
export const machineClock: Clock = {
  now: Date.now,
  at(time, ring) {
    const timer = setTimeout(ring, Math.max(0, time - Date.now()))
    timer.unref()
    return () => clearTimeout(timer)
  },
}
