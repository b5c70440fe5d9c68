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
/** The clock of the machine. A timer holds no process open. */
export const machineClock: ScheduleClock = {
  now: Date.now,
  at(time, ring) {
    const timer = setTimeout(ring, Math.max(0, time - Date.now()))
    timer.unref()
    return () => clearTimeout(timer)
  },
}
