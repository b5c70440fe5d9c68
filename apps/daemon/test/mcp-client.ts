import { Client, StreamableHTTPClientTransport, type ClientOptions } from '@modelcontextprotocol/client'
import type { TestDaemon } from './kit.ts'

export interface McpHost extends AsyncDisposable {
  readonly client: Client
  readonly transport: StreamableHTTPClientTransport
  /** Calls a tool; answers its text, structured content and whether it is an error. */
  call(name: string, input?: Record<string, unknown>): Promise<{ text: string; value: any; isError: boolean; meta: any }>
  names(): Promise<string[]>
}
/** An MCP host with the official client, at `/mcp` of a daemon, with the owner's token unless another is given. */
export async function connectHost(daemon: Pick<TestDaemon, 'url' | 'token'>, token = daemon.token, options: ClientOptions = {}): Promise<McpHost> {
  const client = new Client({ name: 'host', version: '1.0.0' }, options)
  const transport = new StreamableHTTPClientTransport(new URL(`${daemon.url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
  await client.connect(transport as Parameters<Client['connect']>[0])
  return {
    client,
    transport,
    async call(name, input = {}) {
      const result = (await client.callTool({ name, arguments: input })) as {
        content: { text: string }[]
        structuredContent?: any
        isError?: boolean
        _meta?: any
      }
      return {
        text: result.content[0]?.text ?? '',
        value: result.structuredContent,
        isError: result.isError === true,
        meta: result['_meta']?.['steward/failure'],
      }
    },
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    async [Symbol.asyncDispose]() {
      await client.close()
    },
  }
}
/** The newest revision of the protocol, where the client's own choice is an older one. */
export const newest: ClientOptions = { versionNegotiation: { mode: 'auto' } }
