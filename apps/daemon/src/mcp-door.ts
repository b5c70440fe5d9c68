import { operations, type Outcome } from '@steward/contract/daemon'
import { can, type Caller, type FeedItem } from '@steward/kernel'
import type { RawRoute } from '@steward/kernel/http'
import type { Change, McpPort } from '@steward/mcp'
import type { App } from './app-types.ts'
import { traceCalls } from './traced-call.ts'

const door = 'mcp'
/** Who reads the log for the door itself; it is shown to nobody. */
const reader: Caller = { id: door, kind: 'owner', door, scopes: ['events:read'] }

/** What a caller of the door may do, by the daemon's own call. */
function portOf(app: App, caller: Caller, closing: AbortSignal): McpPort {
  const call = traceCalls(app.call, app.log.of('mcp'))
  const ask = async (as: Caller, name: string, input: unknown, signal?: AbortSignal) => (await call(as, name, input, signal ? { signal } : {})).value
  // Whoever may begin an execution sees what comes of it: the scope is lent for that one question.
  const waiting = { ...caller, scopes: [...caller.scopes, 'history:read'] }
  return {
    may: (scope) => can(caller, scope),
    call: (name, input, { signal } = {}) => ask(caller, name, input, signal),
    outcome: async (id, waitMs, signal) => (await ask(waiting, 'executions.wait', { id, waitMs }, signal)) as Outcome,
    async cancel(id) {
      // A stop is no wish of the host's: what is under way is taken up at the next start.
      if (!closing.aborted) await ask(caller, 'executions.cancel', { id })
    },
  }
}
/** A feed also says how far it has read: that is no change. */
async function* changesOf(feed: AsyncIterable<readonly FeedItem[]>, reset: string): AsyncGenerator<Change> {
  for await (const items of feed)
    for (const item of items) {
      if (item.kind === 'event') yield { name: item.name, data: (JSON.parse(item.json) as { data: unknown }).data }
      if (item.kind === 'reset') yield { name: reset, data: null }
    }
}
/** MCP at `/mcp` (Streamable HTTP). Its code is loaded with the first request. */
export function createMcpDoor(app: App): { readonly route: RawRoute; close(): Promise<void> } {
  const load = async () => {
    const { anyChange, createCatalog, createMcpHttp, newsEvents } = await import('@steward/mcp/http')
    app.log.of('mcp').info('MCP is served at /mcp.')
    const catalog = createCatalog(operations, app.version)
    return createMcpHttp({
      catalog,
      port: (caller, closing) => portOf(app, caller, closing),
      changes: (signal) => changesOf(app.feed.open(reader, { names: newsEvents(catalog) }, signal), anyChange),
      report: (error) => app.log.of('mcp').warn({ error }, (error as Error).message),
    })
  }
  let made: ReturnType<typeof load> | undefined
  return {
    route: {
      path: '/mcp',
      methods: ['GET', 'POST', 'DELETE'],
      door,
      serve: async (exchange) => (await (made ??= load())).serve(exchange),
    },
    close: async () => (await made)?.close(),
  }
}
