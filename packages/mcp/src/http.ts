import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { NodeStreamableHTTPServerTransport, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node'
import { createMcpHandler, isInitializeRequest, isLegacyRequest, type AuthInfo, type Server } from '@modelcontextprotocol/server'
import { Fault } from '@steward/contract'
import type { Caller } from '@steward/kernel'
import type { Catalog } from './catalog.ts'
import type { McpPort } from './port.ts'
import { newsOf, type Change } from './news.ts'
import { createMcpServer, type McpServed } from './server.ts'
import { createSessions, sessionLimits, type Session, type SessionLimits } from './sessions.ts'

export type { McpPort } from './port.ts'
export type { SessionLimits } from './sessions.ts'

export interface McpHttpOptions {
  readonly catalog: Catalog
  /** What a caller may do. `closing` aborts when the server stops: then nothing is to be cancelled. */
  port(caller: Caller, closing: AbortSignal): McpPort
  /** Yields what happens of `newsEvents`. */
  changes(signal: AbortSignal): AsyncIterable<Change>
  /** Hears of what is nobody's fault but ours. */
  report(error: unknown): void
  readonly limits?: SessionLimits
}
/** One request that has passed the door: addresses and credential are checked, its body is read. */
export interface McpExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: unknown
  readonly caller: Caller
}
interface Talk extends Session {
  readonly served: McpServed
  readonly transport: NodeStreamableHTTPServerTransport
}
/** Every request of a server has a method and an address; Node's type also stands for answers. */
type ServedRequest = IncomingMessage & { method: string; url: string }
const noSession = () => new Fault('not_found', 'There is no such MCP session; begin a new one with initialize.')

/**
 * Streamable HTTP for MCP, behind a door that knows who calls. Requests of revision 2026-07-28 stand for themselves; clients of the ones
 * before get a session of their own, which ends with DELETE, with its credential, when it rests too long, or when the server stops.
 */
export function createMcpHttp({ catalog, port, changes, report, limits = sessionLimits }: McpHttpOptions) {
  const closing = new AbortController()
  const sessions = createSessions<Talk>(limits, report)
  const modern = createMcpHandler(({ authInfo }) => createMcpServer(port(callerIn(authInfo), closing.signal), catalog).server, {
    legacy: 'reject',
    onerror: report,
    maxSubscriptions: limits.inAll,
  })
  const serveModern = toNodeHandler(modern, { onerror: report })
  const tell = async () => {
    for await (const change of changes(closing.signal)) {
      const news = newsOf(catalog, change)
      if (news.tools) modern.notify.toolsChanged()
      if (news.resources) modern.notify.resourcesChanged()
      if (news.uris !== 'any') for (const uri of news.uris) modern.notify.resourceUpdated(uri)
      await Promise.all(sessions.all().map(({ served }) => served.tell(news).catch(report)))
    }
  }
  const telling = tell().catch((error: unknown) => {
    if (!closing.signal.aborted) report(error)
  })

  async function begin(caller: Caller): Promise<NodeStreamableHTTPServerTransport> {
    await sessions.room(caller.id)
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        const talk: Talk = { id, callerId: caller.id, served, transport, close: () => server.close() }
        sessions.add(talk)
        const ended = () => void sessions.end(id).catch(report)
        caller.ended?.addEventListener('abort', ended, { once: true })
        const onclose = () => {
          caller.ended?.removeEventListener('abort', ended)
          void sessions.end(id)
        }
        Object.assign(server, { onclose } satisfies Pick<Server, 'onclose'>)
      },
    })
    const served = createMcpServer(port(caller, closing.signal), catalog)
    const { server } = served
    await server.connect(transport as Parameters<Server['connect']>[0])
    return transport
  }
  async function serveSession({ request, response, body, caller }: McpExchange): Promise<void> {
    const id = request.headers['mcp-session-id']
    if (id === undefined) {
      const first: unknown = Array.isArray(body) ? body[0] : body
      if (request.method !== 'POST' || !isInitializeRequest(first))
        throw new Fault('invalid', 'Begin with initialize, and send the header Mcp-Session-Id that it answers.')
      return (await begin(caller)).handleRequest(request, response, body)
    }
    const used = typeof id === 'string' ? sessions.use(id, caller.id) : undefined
    if (!used) throw noSession()
    response.once('close', used.done)
    return used.session.transport.handleRequest(request, response, body)
  }
  return {
    /** Answers one request. Throws Fault as long as nothing has been answered. */
    async serve(exchange: McpExchange): Promise<void> {
      if (closing.signal.aborted) throw new Fault('unavailable', 'Steward is stopping; ask again in a moment.')
      const { response, body, caller } = exchange
      const request = exchange.request as ServedRequest
      const probe = await toWebRequest(request, body)
      if (await isLegacyRequest(probe, body)) return serveSession(exchange)
      const auth: AuthInfo = { token: '', clientId: caller.id, scopes: [...caller.scopes], extra: { caller } }
      await serveModern(Object.assign(request, { auth }), response, body)
    },
    sessions: (): number => sessions.all().length,
    async close(): Promise<void> {
      closing.abort()
      await Promise.all([modern.close(), sessions.close()])
      await telling
    },
  }
}
/** The caller that the door has put into a request. */
function callerIn(authInfo: AuthInfo | undefined): Caller {
  const caller = authInfo?.extra?.['caller'] as Caller | undefined
  if (!caller) throw new Error('A request reached MCP without a caller.')
  return caller
}
