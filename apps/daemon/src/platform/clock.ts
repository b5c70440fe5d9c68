/** A clock that can be waited on. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `ring` at a time, or as soon as it can where that is past. Answers how to call it off. */
  at(time: number, ring: () => void): () => void
}
/** A timer counts elapsed time: the wall clock, which may have been set meanwhile or slept through, is looked at again after so long. */
const lookAgainMs = 5_000
/** The clock of the machine. A timer holds no process open. */
export const machineClock: Clock = {
  now: Date.now,
  at(time, ring) {
    let timer: NodeJS.Timeout
    const wait = () => {
      const left = time - Date.now()
      timer = left > lookAgainMs ? setTimeout(wait, lookAgainMs) : setTimeout(ring, Math.max(0, left))
      timer.unref()
    }
    wait()
    return () => clearTimeout(timer)
  },
}
