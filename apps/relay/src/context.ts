import type { RelayContract } from '@steward/contract/relay'
import type { Context, Handler, Ledger } from '@steward/kernel'
import { holderOf, type Holder, type RelayCaller } from './caller.ts'
import type { AccountTx, Batch, Lanes } from './changes/lane.ts'
import type { Queries } from './platform/database.ts'

/** What a handler gets beside the kernel's own. */
export interface RelayContext {
  readonly by: RelayCaller
  /** The account that calls. Throws Fault `unauthenticated` where nobody is logged in. */
  holder(): Holder
  /** Runs work in the caller's account: one transaction, durable when it answers, its changes told of. */
  write<T>(work: (tx: AccountTx) => Promise<T>): Promise<T>
  /** Runs work that is done for many inputs at once when they wait together. */
  batch<I, O>(batch: Batch<I, O>, input: I, weight?: number): Promise<O>
}
/** Whether a session is the account's own: for rooms whose records belong to one. */
export type OwnsSession = (queries: Queries, accountId: string, sessionId: string) => Promise<boolean>
export type RelayHandlers<N extends keyof RelayContract> = { [K in N]: Handler<RelayContract, RelayContext, K> }
export type HandlerContext = Context<RelayContract, RelayContext>

/** The kernel's commit port: the relay's commits are made by its handlers in the lane of the account, and are durable when they answer. */
export const createLedger = (lanes: Lanes): Ledger<RelayContext> => ({
  begin({ caller }) {
    const by: RelayCaller = caller
    return {
      context: {
        by,
        holder: () => holderOf(by),
        write: (work) => lanes.write(holderOf(by).accountId, work),
        batch: (batch, input, weight) => lanes.run(holderOf(by).accountId, batch, input, weight),
      },
      durable: () => Promise.resolve(),
    }
  },
  recall: () => undefined,
  // Refusals are watched at the doors.
  refused: () => undefined,
  wasRead: () => undefined,
})
