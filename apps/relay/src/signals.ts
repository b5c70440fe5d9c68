import type { RpcTopics } from './domains/rpc/topics.ts'
import type { AskSignals } from './platform/asking.ts'
import type { StreamSignals } from './domains/streams/streams.ts'
import type { NodeTopics } from './platform/nodes.ts'

/** A passing signal for the sockets of an account: never stored, and dropped for a socket that is behind. */
export interface Signal {
  readonly accountId: string
  readonly event: 'ephemeral'
  readonly payload: Readonly<Record<string, unknown>>
  /** Also for the sockets of this session, or machine, beside the account's own. */
  readonly sessionId?: string
  readonly machineId?: string
}
/** What nodes tell each other. All of it are hints: the database has the truth. */
export interface NodeSignals extends NodeTopics, RpcTopics, AskSignals, StreamSignals {
  /** The log of an account goes to here. */
  changes: { readonly accountId: string; readonly seq: number }
  signal: Signal
  /** A device has ended, or all of an account. */
  ended: { readonly accountId: string; readonly deviceId?: string }
  /** What is known of the life of a session or machine is no longer true. */
  life: { readonly kind: 'sessions' | 'machines'; readonly accountId: string; readonly id: string }
}
