import type { Fault } from '@steward/contract'
import { givenUp } from './faults.ts'
import { faultIn, type Answer } from './frame-link.ts'

/** Waits for the one answer of a call; a signal gives it up. */
export function oneAnswer(
  signal: AbortSignal | undefined,
  begin: (settle: (answer: Answer) => void, fail: (fault: Fault) => void) => { send(rest: Record<string, unknown>): void; end(): void },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const over = () => signal?.removeEventListener('abort', giveUp)
    const settle = (answer: Answer) => {
      const fault = faultIn(answer)
      if (fault === undefined && !('ok' in answer)) return
      over()
      running.end()
      if (fault) reject(fault)
      else resolve(answer.ok)
    }
    const fail = (fault: Fault) => {
      over()
      reject(fault)
    }
    const giveUp = () => {
      running.send({ cancel: true })
      running.end()
      fail(givenUp())
    }
    if (signal?.aborted) return fail(givenUp())
    signal?.addEventListener('abort', giveUp, { once: true })
    const running = begin(settle, fail)
  })
}
