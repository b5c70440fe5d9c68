import type { Call, Caller } from '@steward/kernel'
import type { Clock } from '../../platform/clock.ts'
import type { SecretBox } from '../../platform/secrets/box.ts'
import type { EventLog } from '../../platform/storage/event-log.ts'
import type { LogName } from '../../platform/log-watch.ts'

/** How what a fire started stands; `error` where it failed. */
export interface Standing {
  readonly status: string
  readonly error: { readonly code: string; readonly message: string } | null
}
/** What a run or an execution does now. */
export interface Doing {
  readonly status: string
  readonly steps: number
  /** Tools that are at work or wait for a person. */
  readonly tools: readonly string[]
  readonly costUsd: number
}
export interface TaskPorts {
  readonly log: Pick<EventLog, 'commit' | 'durable'>
  readonly logs: Readonly<Record<LogName, EventLog>>
  readonly clock: Clock
  readonly box: SecretBox
  /** The front door: what a fire does is a call like any other, with the rights of the task's owner. */
  readonly call: Call
  /** By the id of the run. */
  readonly run: (id: string) => Standing | undefined
  /** By the id of the execution. */
  readonly execution: (id: string) => Standing | undefined
  /** By the ids of a run and an execution, one of which is null. */
  doing(runId: string | null, executionId: string | null): Doing | undefined
  /** Hears the ids of runs and executions when their status changes. Answers how to stop. */
  listen(changed: (id: string) => void): () => void
  redact<T>(value: T): T
  report(error: unknown, about?: object): void
}
export type CallerKind = Caller['kind']
