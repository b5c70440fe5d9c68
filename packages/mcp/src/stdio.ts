import type { Readable, Writable } from 'node:stream'
import type { Server } from '@modelcontextprotocol/server'
import { serveStdio as serve, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import type { Catalog } from './catalog.ts'
import type { McpPort } from './port.ts'
import { createMcpServer } from './server.ts'

export interface StdioOptions {
  readonly port: McpPort
  readonly catalog: Catalog
  readonly stdin: Readable
  readonly stdout: Writable
  /** Yields whenever the registry has changed. */
  changes(signal: AbortSignal): AsyncIterable<unknown>
  /** Hears of what is wrong and has no answer. */
  report(error: Error): void
}
/** Serves one host over a pair of streams, in every revision of the protocol. Resolves when the host has closed its end. */
export async function serveStdio({ port, catalog, stdin, stdout, changes, report }: StdioOptions): Promise<void> {
  const over = new AbortController()
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stdin.once(event, () => resolve())
    stdout.once('error', () => resolve())
  })
  const servers = new Set<Server>()
  const make = () => {
    const server = createMcpServer(port, catalog)
    servers.add(server)
    return Object.assign(server, { onclose: () => void servers.delete(server) } satisfies Pick<Server, 'onclose'>)
  }
  const handle = serve(make, { transport: new StdioServerTransport(stdin, stdout), onerror: report })
  const tell = async () => {
    for await (const _ of changes(over.signal)) for (const server of servers) await server.sendToolListChanged()
  }
  const telling = tell().catch((error: unknown) => {
    if (!over.signal.aborted) report(error as Error)
  })
  await ended
  over.abort()
  await handle.close()
  await telling
}
