import type { Call } from '@steward/kernel'
import type { Holder } from './caller.ts'
import type { RelayConfig } from './config.ts'
import type { Connection, SocketEvent, SocketGuest } from './connection.ts'
import type { Asking } from './platform/asking.ts'
import type { Bus } from './platform/bus.ts'
import type { Database } from './platform/database.ts'
import type { Directory } from './platform/directory.ts'
import type { Nodes } from './platform/nodes.ts'
import type { Limit, Limits } from './platform/limits.ts'
import type { WithLock } from './platform/lock.ts'
import type { Lanes } from './changes/lane.ts'
import type { NodeSignals, Signal } from './signals.ts'
import type { Watch } from './watch.ts'

/** What rooms are made of; only files named `app…` see it. */
export interface Parts {
  readonly config: RelayConfig
  readonly database: Database
  readonly lanes: Lanes
  readonly bus: Bus<NodeSignals>
  /** Questions to other nodes. */
  readonly asking: Asking
  readonly directory: Directory
  readonly nodes: Nodes
  readonly limits: Limits
  readonly withLock: WithLock
  /** A key for one purpose, derived from the master secret: 32 bytes. */
  keyFor(purpose: string): Uint8Array
  /** Tells the sockets of an account, on every node. */
  signal(signal: Signal): void
  /** A device has ended, or all of an account: its sockets are closed on every node. */
  ended(accountId: string, deviceId?: string): void
  /** The sockets of an account on this node. */
  connections(accountId: string): readonly Connection[]
  /** Whether somebody has an app of the account in front of them, on any node: then there is no need of a push. */
  appActive(accountId: string): Promise<boolean>
  /** Whose sockets are on this node, each device once. */
  connected(): readonly Holder[]
  /** Throws Fault `too_many`. */
  limit(kind: string, key: string, limit: Limit): Promise<void>
  /** Counts what the metrics tell. */
  readonly watch: Pick<Watch, 'count'>
  report(error: unknown, what: string): void
}
/** What a room brings beside its handlers. */
export interface Room {
  events?(call: Call): readonly SocketEvent[]
  readonly guests?: readonly SocketGuest[]
  /** Begins what runs by itself, such as sweeps; called when the doors are open. */
  start?(): void
  stop?(): Promise<void>
}
