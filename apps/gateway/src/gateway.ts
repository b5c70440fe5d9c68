import { Fault } from '@steward/contract'
import { eventStreams, mcpRoute, operations, pathAliases, webhookRoute } from '@steward/contract/daemon'
import { createDelegate, type DelegateOptions } from '@steward/client/node'
import { checkPlace, createHttp, lazyRoute, listenAt, ownHosts, serveWebSockets, type HttpPlace } from '@steward/kernel/http'
import { pagesRoot } from '@steward/welcome'
import { callOver, feedOver } from './carriers.ts'
import { createIdentities } from './identities.ts'
import { socketOver } from './sockets.ts'
import { createTerms } from './terms.ts'

export interface GatewayOptions {
  readonly place: HttpPlace
  /** Where the daemon's socket is, and the gateway's key; asked before each connection. */
  readonly find: DelegateOptions['find']
  readonly version: string
  /** Hears of what is nobody's fault but ours. */
  report(error: unknown, requestId: string): void
}
export interface Gateway {
  readonly url: string
  /** Whether the daemon answers now. */
  daemonAnswers(): boolean
  close(): Promise<void>
}
/** A request waits so long for a daemon that is away, and a connection is tried so often. Milliseconds. */
const pace = { patienceMs: 1_000, firstMs: 25, mostMs: 250 }
const termsLimitMs = 1_000

/**
 * Serves HTTP, SSE, WebSocket and MCP in this process, before a daemon on this machine. It has no rights of its own and keeps nothing: whoever
 * calls shows a credential, and the daemon judges it each time. Throws Fault `unprocessable` for a place it may not serve at, `conflict` for a taken port.
 */
export async function openGateway({ place, find, version, report }: GatewayOptions): Promise<Gateway> {
  checkPlace(place)
  const delegate = createDelegate({ find, pace })
  const terms = createTerms(delegate, (fault) => report(fault, 'terms'))
  const call = callOver(delegate)
  const options = {
    contract: operations,
    call,
    feed: feedOver(delegate),
    authenticator: createIdentities(delegate),
    version,
    hosts: () => [...terms.now().hosts, ...ownHosts(place)],
    origins: () => terms.now().origins,
    maxBodyBytes: () => terms.now().maxBodyBytes,
    maxUploadBytes: () => terms.now().maxUploadBytes,
    ready: delegate.ready,
    health: () => ({ door: 'gateway', version, daemon: delegate.connected() ? 'answers' : 'away' }),
    login: delegate.login,
    streams: eventStreams,
    aliases: pathAliases,
    staticRoot: pagesRoot(),
    ...(place.tls ? { tls: place.tls } : {}),
    report,
  }
  const mcp = lazyRoute(mcpRoute, async () => {
    const { createMcpDoor } = await import('@steward/mcp/door')
    return createMcpDoor({ call, version, changes: (_names, signal) => terms.changes(signal), report: (error) => report(error, mcpRoute.door) })
  })
  const server = createHttp({
    ...options,
    raw: [mcp.route],
    open: [{ ...webhookRoute, serve: (request) => delegate.open(webhookRoute.path, request) }],
  })
  serveWebSockets(server, { ...options, paths: { '/v1/ws': socketOver(delegate, '/v1/ws'), '/v1/execute': socketOver(delegate, '/v1/execute') } })
  const close = async () => {
    terms.close()
    await mcp.close()
    await server.close()
    await delegate.close()
  }
  try {
    // The first request should meet the daemon's own limits; a daemon that is away is not waited for.
    await terms.first(termsLimitMs)
    return { url: await listenAt(server, place), daemonAnswers: delegate.connected, close }
  } catch (error) {
    await close()
    throw error instanceof Fault ? error : new Error(`The gateway could not start: ${(error as Error).message}`, { cause: error })
  }
}
