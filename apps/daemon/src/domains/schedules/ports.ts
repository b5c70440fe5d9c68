import type { Call, Caller } from '@steward/kernel'
import type { EventLog } from '../../platform/storage/event-log.ts'

/** A clock that can be waited on. */
export interface ScheduleClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `ring` at a time, or as soon as it can where that is past. Answers how to call it off. */
  at(time: number, ring: () => void): () => void
}
/** How what a fire started stands; `error` where it failed. */
export interface Standing {
  readonly status: string
  readonly error: { readonly code: string; readonly message: string } | null
}
export interface SchedulePorts {
  readonly log: Pick<EventLog, 'commit' | 'durable'>
  readonly clock: ScheduleClock
  /** The front door: what a fire does is a call like any other, with the rights of the schedule's owner. */
  readonly call: Call
  /** By the id of the run. */
  readonly run: (id: string) => Standing | undefined
  /** By the id of the execution. */
  readonly execution: (id: string) => Standing | undefined
  /** Hears the ids of runs and executions when their status changes. Answers how to stop. */
  listen(changed: (id: string) => void): () => void
  redact<T>(value: T): T
  report(error: unknown, about?: object): void
}
export type CallerKind = Caller['kind']
/** A timer counts elapsed time: the wall clock, which may have been set meanwhile or slept through, is looked at again after so long. */
const lookAgainMs = 5_000
/** The clock of the machine. A timer holds no process open. */
export const machineClock: ScheduleClock = {
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
