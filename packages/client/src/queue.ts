/** Hands values from a sender that pushes to a reader that pulls. */
export function createQueue<T>() {
  const waiting: T[] = []
  let outcome: { error?: unknown } | undefined
  let wake: (() => void) | undefined
  return {
    get size() {
      return waiting.length
    },
    push(value: T): void {
      waiting.push(value)
      wake?.()
    },
    /** Ends it: what waits is still read, then the reader gets the error, or the end. */
    end(error?: unknown): void {
      outcome ??= error === undefined ? {} : { error }
      wake?.()
    },
    async next(): Promise<{ value: T } | undefined> {
      for (;;) {
        const value = waiting.shift()
        if (value !== undefined) return { value }
        if (outcome) {
          if ('error' in outcome) throw outcome.error
          return undefined
        }
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
