import type { Fire } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import type { Clock } from '../../platform/clock.ts'
import type { Happening } from '../../engine/types.ts'
import type { LogName } from '../../platform/log-watch.ts'
import type { SecretBox } from '../../platform/secrets/box.ts'
import type { EventLog } from '../../platform/storage/event-log.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { Fetcher, Processes } from '../../tools/tool.ts'

/** What a delivery carries. */
export interface Payload {
  /** As clients see it. */
  readonly event: Readonly<Record<string, unknown>> & { readonly id: string; readonly name: string; readonly at: string }
  readonly taskId: string | null
  readonly taskName: string | null
  readonly agentId: string | null
  /** The tasks whose fires led to it, the first cause first. */
  readonly chain: readonly string[]
}
interface Letter {
  readonly id: string
  readonly subject: unknown
  readonly status: 'waiting' | 'delivered' | 'failed' | 'cancelled'
  readonly attempts: number
  readonly error: string | null
  readonly nextAt: string | null
  readonly createdAt: string
  readonly finishedAt: string | null
  readonly seq: number
  readonly target: string
}
export interface HookPorts {
  readonly db: Database
  readonly log: Pick<EventLog, 'commit'>
  readonly logs: Readonly<Record<LogName, EventLog>>
  readonly clock: Pick<Clock, 'now'>
  readonly box: SecretBox
  /** Where what is to be sent is put: its verbs are parts of the hooks' commits. */
  readonly outbox: {
    insert(letter: { id: string; kind: string; target: string; subject: unknown; payload: Payload; createdAt: string }): void
    find(id: string): Letter | undefined
    list(target: string, status: Letter['status'] | undefined, below: number, limit: number): readonly Letter[]
    drop(target: string, at: string): void
    remove(target: string): void
  }
  /** There is something new in the outbox. */
  wake(): void
  /** Whose doing an event is, once that can be told. */
  about(event: Happening): Promise<Omit<Payload, 'event'>>
  readonly fetcher: Pick<Fetcher, 'send'>
  readonly processes: Pick<Processes, 'run'>
  /** Rules that lift the ban on private addresses. */
  allowed(): readonly string[]
  /** The folder that commands run in. */
  workspace(): Promise<string>
  /** A secret by its name. */
  secret(name: string): string | undefined
  /** The caller, while its credential lasts. Throws Fault. */
  stillGood(caller: Caller): Caller
  /** Fires a task once for each key. Throws Fault. */
  fireTask(caller: Caller, taskId: string, spark: { key: string; input: Fire['input']; chain: readonly string[] }): Promise<unknown>
  redact<T>(value: T): T
  report(error: unknown, about?: object): void
}
