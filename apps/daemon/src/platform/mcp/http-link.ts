import type { AuthProvider } from '@modelcontextprotocol/client'
import { createPinnedFetch } from '../net/pinned-fetch.ts'
import { allowedFor } from './addresses.ts'
import { createBrokenStreams } from './broken-streams.ts'
import type { McpLibrary } from './failures.ts'
import type { Link } from './stdio-transport.ts'
import type { McpPorts, McpServer } from './types.ts'

export type HttpServer = Extract<McpServer, { kind: 'http' }>
export const mostBytes = 16 * 1024 * 1024
export const userAgent = (version: string): string => `Steward/${version}`
const farewellMs = 500

/** Streamable HTTP to the configured address and no other. Ends its session at the server when it is closed. */
export function createHttpLink(lib: McpLibrary, server: HttpServer, ports: McpPorts, authProvider: AuthProvider | null): Link {
  const url = new URL(server.url)
  const streams = createBrokenStreams((message) => transport.onmessage?.(message))
  const fetchOwn = createPinnedFetch({
    allow: [...allowedFor(url).own, ...ports.allowAddresses()],
    origins: [url.origin],
    userAgent: userAgent(ports.version),
    bytes: mostBytes,
  })
  const transport = new lib.StreamableHTTPClientTransport(url, {
    fetch: streams.watch(fetchOwn),
    requestInit: { headers: { ...server.headers } },
    ...(authProvider === null ? {} : { authProvider }),
    onInsufficientScope: 'throw',
    // It goes on for as long as pings say that the server is there.
    reconnectionOptions: { initialReconnectionDelay: 500, maxReconnectionDelay: 30_000, reconnectionDelayGrowFactor: 2, maxRetries: 1_000_000 },
  })
  // The library keeps a listener that was there before and calls it first.
  Object.assign(transport, { onmessage: streams.heard })
  return {
    transport,
    why: () => null,
    async close() {
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, farewellMs).unref())
      await Promise.race([transport.terminateSession().catch(() => undefined), timeout])
      await transport.close()
    },
  }
}
