import { operations, type Outcome } from '@steward/contract/daemon'
import { can, type Call, type Caller } from '@steward/kernel'
import { createCatalog } from './catalog.ts'
import { createMcpHttp } from './http.ts'
import { newsEvents, type Change } from './news.ts'
import type { McpPort } from './port.ts'

export interface McpDoorOptions {
  /** The way to the operations. It lets whoever began an execution at this door wait for it. */
  readonly call: Call
  readonly version: string
  /** What has happened of these events from now on, until the signal. */
  changes(names: readonly string[], signal: AbortSignal): AsyncIterable<Change>
  report(error: unknown): void
}
/** What a caller of the door may do, by the call that every door makes. */
function portOf(call: Call, caller: Caller, closing: AbortSignal): McpPort {
  const ask = async (name: string, input: unknown, signal?: AbortSignal) => (await call(caller, name, input, signal ? { signal } : {})).value
  return {
    may: (scope) => can(caller, scope),
    call: (name, input, { signal } = {}) => ask(name, input, signal),
    outcome: async (id, waitMs, signal) => (await ask('executions.wait', { id, waitMs }, signal)) as Outcome,
    async cancel(id) {
      // A stop is no wish of the host's: what is under way is taken up at the next start.
      if (!closing.aborted) await ask('executions.cancel', { id })
    },
  }
}
/** What serves MCP at `/mcp` (Streamable HTTP), in the daemon and in a gateway alike. */
export function createMcpDoor({ call, version, changes, report }: McpDoorOptions) {
  const catalog = createCatalog(operations, version)
  return createMcpHttp({
    catalog,
    port: (caller, closing) => portOf(call, caller, closing),
    changes: (signal) => changes(newsEvents(catalog), signal),
    report,
  })
}
