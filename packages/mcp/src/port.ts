import type { Outcome } from '@steward/contract/daemon'

/** What an MCP server needs of Steward, as one caller: the same over a socket and inside the daemon. Its verbs throw Fault. */
export interface McpPort {
  /** Whether the caller holds a scope. What it may not do is not shown to it; the call itself judges all the same. */
  may(scope: string): boolean
  call(operation: string, input: unknown, options?: { readonly signal?: AbortSignal }): Promise<unknown>
  /** How an execution stands that was begun here, waited for up to `waitMs`: whoever may begin one sees what comes of it. */
  outcome(executionId: string, waitMs: number, signal: AbortSignal): Promise<Outcome>
  /** Ends an execution that was begun here and that nobody waits for any more. */
  cancel(executionId: string): Promise<void>
}
