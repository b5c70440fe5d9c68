import type { Readable, Writable } from 'node:stream'
import type { McpRequestContext, Server } from '@modelcontextprotocol/server'
import { serveStdio as serve, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import type { Catalog } from './catalog.ts'
import type { McpPort } from './port.ts'
import { newsOf, type Change } from './news.ts'
import { createMcpServer, type McpServed } from './server.ts'

export interface StdioOptions {
  readonly port: McpPort
  readonly catalog: Catalog
  readonly stdin: Readable
  readonly stdout: Writable
  /** The folder that the host has started this in; undefined where it says nothing. */
  readonly folder: string | undefined
  /** Yields what happens of `newsEvents`. */
  changes(signal: AbortSignal): AsyncIterable<Change>
  /** Hears of what is wrong and has no answer. */
  report(error: Error): void
}
/** Serves one host over a pair of streams, in every revision of the protocol. Resolves when the host has closed its end. */
export async function serveStdio({ port, catalog, stdin, stdout, folder, changes, report }: StdioOptions): Promise<void> {
  const over = new AbortController()
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stdin.once(event, () => resolve())
    stdout.once('error', () => resolve())
  })
  const all = new Set<McpServed>()
  const make = ({ era }: McpRequestContext) => {
    const served = createMcpServer(port, catalog, { local: { folder }, tellsAll: era === 'modern' })
    all.add(served)
    return Object.assign(served.server, { onclose: () => void all.delete(served) } satisfies Pick<Server, 'onclose'>)
  }
  const handle = serve(make, { transport: new StdioServerTransport(stdin, stdout), onerror: report })
  const tell = async () => {
    for await (const change of changes(over.signal)) for (const one of all) await one.tell(newsOf(catalog, change))
  }
  const telling = tell().catch((error: unknown) => {
    if (!over.signal.aborted) report(error as Error)
  })
  await ended
  over.abort()
  await handle.close()
  await telling
}
