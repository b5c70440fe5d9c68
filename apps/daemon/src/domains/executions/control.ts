import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@steward/contract'

/** Why an execution is let go of: the daemon stops, and the next one takes it up. */
export const shutdown = Symbol('shutdown')
/** An execution that can go no further by itself: a step's outcome is unknown. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly step: string
  constructor(step: string) {
    super(`Whether the step ${step} was done is not known: Steward was stopped in the middle of it, and it may not be done twice.`)
    this.step = step
  }
}
/** Places for work done at once; whoever finds none waits in turn. */
export function createSlots(most: () => number) {
  let taken = 0
  const waiting: (() => void)[] = []
  return {
    /** Resolves with how to give the place back, and whether it had to be waited for. Rejects with the signal's reason. */
    async take(signal: AbortSignal): Promise<{ release(): void; readonly waited: boolean }> {
      signal.throwIfAborted()
      const waited = taken >= most()
      if (waited)
        await new Promise<void>((resolve, reject) => {
          const enter = () => {
            signal.removeEventListener('abort', leave)
            resolve()
          }
          const leave = () => {
            waiting.splice(waiting.indexOf(enter), 1)
            reject(signal.reason as Error)
          }
          waiting.push(enter)
          signal.addEventListener('abort', leave, { once: true })
        })
      taken++
      let given = false
      const release = () => {
        if (given) return
        given = true
        taken--
        waiting.shift()?.()
      }
      return { release, waited }
    },
  }
}
export type Slots = ReturnType<typeof createSlots>
const isRefused = (error: unknown) => error instanceof Fault && error.code === 'unavailable'

/**
 * Writes something down. While the disk refuses it waits and tries again, so that what has been done is not forgotten for lack of space.
 * Gives up, with the fault, when `signal` was aborted by a shutdown.
 */
export async function keepTrying<T>(write: () => T, signal: AbortSignal, report: (error: unknown) => void): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return write()
    } catch (error) {
      if (signal.reason === shutdown || !isRefused(error)) throw error
      if (attempt === 0) report(error)
      await sleep(Math.min(1_000, 50 * 2 ** Math.min(attempt, 10)))
    }
  }
}
