import { ProtocolError, ProtocolErrorCode, Server, type CallToolResult, type ServerContext } from '@modelcontextprotocol/server'
import { answerOf, faultOf } from './answers.ts'
import type { Catalog } from './catalog.ts'
import { execute } from './execute.ts'
import type { McpPort } from './port.ts'
import { registryTools, type RegistryTool } from './registry.ts'

const instructions = `Steward runs AI agents, tools and workflows on the user's own machine. Tools named like an app (files_read) act at once, under the
user's rules; where a rule asks for approval the answer says so and how a person gives it. plans_create turns a request into steps; executions_start carries them out.`

/**
 * The one definition of Steward as an MCP server, for every transport and revision: what `port` may do, as tools. Make one for each connection.
 * Skills and memory will be resources: another `serveX(server, …)` beside the tools.
 */
export function createMcpServer(port: McpPort, catalog: Catalog): Server {
  const server = new Server(
    { name: 'steward', title: 'Steward', version: catalog.version },
    { capabilities: { tools: { listChanged: true } }, instructions },
  )
  serveTools(server, port, catalog)
  return server
}
function serveTools(server: Server, port: McpPort, { operations }: Catalog): void {
  let known: ReadonlyMap<string, RegistryTool> = new Map()
  const refresh = async () => (known = await registryTools(port, operations))
  server.setRequestHandler('tools/list', async () => {
    const mine = [...operations.values()].filter(({ needs }) => port.may(needs))
    return { tools: [...mine, ...(await refresh()).values()].map(({ tool }) => tool) }
  })
  /** What a name stands for. Names that were never listed may have come since. */
  const find = async (name: string) => {
    const operation = operations.get(name)
    if (operation) return port.may(operation.needs) ? operation : undefined
    return known.get(name) ?? (await refresh()).get(name)
  }
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: given = {} } }, context): Promise<CallToolResult> => {
    const { signal } = context.mcpReq
    try {
      const found = await find(name)
      if (!found)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${name.slice(0, 100)} that you may use; tools/list shows them.`)
      if ('operation' in found) return answerOf(await port.call(found.operation, given, { signal }))
      return await execute(port, found.toolId, given, { signal, progress: progressOf(context) })
    } catch (error) {
      if (error instanceof ProtocolError) throw error
      return faultOf(error)
    }
  })
}
/** A way to say how a call goes; undefined where the host did not ask for it. */
function progressOf({ mcpReq: { _meta, notify } }: ServerContext) {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return undefined
  let last = -1
  return async (seconds: number, message: string): Promise<void> => {
    // It must grow with each word (MCP, Progress).
    last = Math.max(seconds, last + 0.001)
    await notify({ method: 'notifications/progress', params: { progressToken, progress: last, message } })
  }
}
