import { eventStreams, mcpRoute, operations, pathAliases, protocol, webhookRoute } from '@steward/contract/daemon'
import type { Answered, HttpPlace } from '@steward/kernel/http'
import { pagesRoot } from '@steward/welcome'
import type { App } from './app-types.ts'
import { changesOf } from './door-notices.ts'
import { createBegin } from './execute-socket.ts'
import { lendingOutcomes } from './lend-outcomes.ts'
import { traceCalls } from './traced-call.ts'

/** Loads the code of the HTTP door, which a daemon without one never needs. */
export const loadHttp = () => import('@steward/kernel/http')
type HttpCode = Awaited<ReturnType<typeof loadHttp>>

/** Opens the HTTP door. Beyond the loopback it takes TLS or an explicit word that none is wanted. Throws Fault `unprocessable`, or `conflict` for a taken port. */
export async function openHttp(
  { checkPlace, createHttp, lazyRoute, listenAt, ownHosts, serveFirstFrame, serveWebSockets }: HttpCode,
  app: App,
  place: HttpPlace,
  stallLimitMs?: number,
): Promise<{ url: string; close(): Promise<void> }> {
  checkPlace(place)
  const { tls } = place
  const log = app.log.of('http')
  const openedAt = performance.now()
  const options = {
    contract: operations,
    call: app.call,
    feed: app.feed,
    authenticator: app.authenticator,
    version: app.version,
    hosts: () => [...app.setting('server.allowedHosts'), ...ownHosts(place)],
    origins: () => app.setting('server.allowedOrigins'),
    maxBodyBytes: () => app.setting('server.maxBodyBytes'),
    maxUploadBytes: () => app.setting('files.maxBytes'),
    ready: app.ready,
    login: app.redeem,
    streams: eventStreams,
    aliases: pathAliases,
    staticRoot: pagesRoot(),
    ...(tls ? { tls } : {}),
    ...(stallLimitMs === undefined ? {} : { stallLimitMs }),
    report: (error: unknown, requestId: string) => app.log.reporter('http')(error, { requestId }),
    health: () => ({ version: app.version, protocol, uptimeMs: Math.round(performance.now() - openedAt) }),
    answered({ method, path, status, ms, requestId }: Answered) {
      if (log.isLevelEnabled('debug')) log.debug({ method, path, status, ms, requestId }, `${method} ${path} ${status}`)
    },
  }
  const mcp = lazyRoute(mcpRoute, async () => {
    const { createMcpDoor } = await import('@steward/mcp/door')
    const mcpLog = app.log.of('mcp')
    mcpLog.info('MCP is served at /mcp.')
    return createMcpDoor({
      call: traceCalls(lendingOutcomes(app.call), mcpLog),
      version: app.version,
      changes: (names, signal) => changesOf(app, names, signal),
      report: (error) => mcpLog.warn({ error }, (error as Error).message),
    })
  })
  const server = createHttp({ ...options, raw: [mcp.route], open: [{ ...webhookRoute, serve: app.receive }] })
  serveWebSockets(server, { ...options, paths: { '/v1/execute': serveFirstFrame(options, createBegin(app)) } })
  const kept = app.setting('server.port')
  const url = await listenAt(server, place, kept, (port) => app.keepSetting('server.port', port))
  const close = async () => {
    await mcp.close()
    await server.close()
  }
  log.info({ url }, 'HTTP is served.')
  return { url, close }
}
