import { ProtocolError, ProtocolErrorCode, Server, type CallToolResult, type ServerContext } from '@modelcontextprotocol/server'
import { answerOf, faultOf } from './answers.ts'
import type { Catalog } from './catalog.ts'
import { execute } from './execute.ts'
import { createHostFolder } from './host-folder.ts'
import { concerns, type News } from './news.ts'
import type { McpPort } from './port.ts'
import { registryTools, type RegistryTool } from './registry.ts'
import { serveResources } from './resources.ts'

const instructions = `Steward runs AI agents, tools and workflows on the user's own machine. Tools named like an app (files_read) act at once, under the
user's rules; where a rule asks for approval the answer says so and how a person gives it. plans_create turns a request into steps; executions_start carries them out.
The user's skills, written guides for kinds of work, are resources: skill://NAME.`

export interface McpServerOptions {
  /** Of a host on this machine: the folder it was started in. Its calls work there, or in the first of its roots. undefined: they work where the settings say. */
  readonly local?: { readonly folder: string | undefined }
  /** The library keeps what the host wants to be told of (revision 2026-07-28), so that it is told everything. */
  readonly tellsAll?: boolean
}
/** One connection, or one request that stands for itself. */
export interface McpServed {
  readonly server: Server
  /** Tells the host what is new for it. */
  tell(news: News): Promise<void>
}
/** The one definition of Steward as an MCP server, for every transport and revision: what `port` may do, as tools and resources. Make one for each connection. */
export function createMcpServer(port: McpPort, catalog: Catalog, { local, tellsAll = false }: McpServerOptions = {}): McpServed {
  const hasResources = catalog.kinds.length > 0
  const server = new Server(
    { name: 'steward', title: 'Steward', version: catalog.version },
    {
      capabilities: { tools: { listChanged: true }, ...(hasResources ? { resources: { listChanged: true, subscribe: true } } : {}) },
      instructions,
    },
  )
  const folder = local ? createHostFolder(server, local.folder) : async () => undefined
  serveTools(server, port, catalog, folder)
  const followed = hasResources ? serveResources(server, port, catalog) : new Set<string>()
  return {
    server,
    async tell({ tools, resources, uris }) {
      if (tools) await server.sendToolListChanged()
      if (!resources || !hasResources) return
      await server.sendResourceListChanged()
      const changed = tellsAll && uris !== 'any' ? uris : [...followed].filter((uri) => concerns(uris, uri))
      for (const uri of changed) await server.sendResourceUpdated({ uri })
    },
  }
}
function serveTools(server: Server, port: McpPort, { operations }: Catalog, folder: () => Promise<string | undefined>): void {
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
      if ('toolId' in found) return await execute(port, found.toolId, given, { signal, folder: await folder(), progress: progressOf(context) })
      const at = given['workspace'] === undefined && found.takesWorkspace ? await folder() : undefined
      const input = at === undefined ? given : { ...given, workspace: { path: at } }
      return answerOf(await port.call(found.operation, input, { signal }))
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
