import type { Operations } from '@steward/contract/daemon'
import type { Context, Handlers } from '@steward/kernel'
import type { CommitContext } from './storage/ledger.ts'

/** What every handler of the daemon is given besides its input. */
export type DaemonContext = Context<Operations, CommitContext>
export type DaemonHandlers = Handlers<Operations, CommitContext>
/** Some of the handlers: what one room brings. */
export type RoomHandlers = Partial<DaemonHandlers>
