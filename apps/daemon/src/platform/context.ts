import type { Operations } from '@steward/contract/daemon'
import type { Handlers } from '@steward/kernel'
import type { CommitContext } from './storage/ledger.ts'

type DaemonHandlers = Handlers<Operations, CommitContext>
/** Some of the handlers: what one room brings. */
export type RoomHandlers = Partial<DaemonHandlers>
