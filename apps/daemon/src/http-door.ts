import { isIPv4 } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Fault } from '@steward/contract'
import { operations, protocol } from '@steward/contract/daemon'
import type { Answered, OpenRoute } from '@steward/kernel/http'
import type { App } from './app-types.ts'
import { createBegin } from './execute-socket.ts'
import { createMcpDoor } from './mcp-door.ts'

export interface HttpPlace {
  readonly host: string
  /** Undefined: the port of the settings. */
  readonly port: number | undefined
  /** Plain HTTP beyond the loopback, asked for by name. */
  readonly insecure?: boolean
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined
}
const retryMs = 2_000
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
/** The other names of paths that the fifth and first documents use. */
const aliases: Readonly<Record<string, string>> = {
  '/plan': '/v1/plan',
  '/execute': '/v1/execute',
  '/tools': '/v1/tools',
  '/workflows': '/v1/workflows',
  '/history': '/v1/history',
}
/** The page for a browser: it logs in and says how the daemon does. */
const staticRoot = fileURLToPath(new URL('../static', import.meta.url))
const streams = [
  { path: '/v1/sessions/{sessionId}/events', summary: 'The events of one session, from its first or after a cursor, and what is being written now.' },
  { path: '/v1/events', summary: 'The events of all logs, from now or after a cursor.' },
] as const

/** Loads the code of the HTTP door, which a daemon without one never needs. */
export const loadHttp = () => import('@steward/kernel/http')
type HttpCode = Awaited<ReturnType<typeof loadHttp>>

/** Opens the HTTP door. Beyond the loopback it takes TLS or an explicit word that none is wanted. Throws Fault `unprocessable`, or `conflict` for a taken port. */
export async function openHttp(
  { createHttp, serveFirstFrame, serveWebSockets }: HttpCode,
  app: App,
  { host, port: wanted, insecure, tls }: HttpPlace,
  stallLimitMs?: number,
): Promise<{ url: string; close(): Promise<void> }> {
  if (!isLoopback(host) && !tls && !insecure)
    throw new Fault(
      'unprocessable',
      `Serving on ${host} without encryption would show tokens to the network: give --tls-cert and --tls-key, or say --insecure-http.`,
    )
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535))
    throw new Fault('unprocessable', 'The port must be a number from 0 to 65535.')
  const log = app.log.of('http')
  const openedAt = performance.now()
  const options = {
    contract: operations,
    call: app.call,
    feed: app.feed,
    authenticator: app.authenticator,
    version: app.version,
    protocol,
    hosts: () => [...app.setting('server.allowedHosts'), ...(isLoopback(host) ? [] : [host])],
    origins: () => app.setting('server.allowedOrigins'),
    maxBodyBytes: () => app.setting('server.maxBodyBytes'),
    maxUploadBytes: () => app.setting('files.maxBytes'),
    ready: app.ready,
    login: app.redeem,
    streams,
    aliases,
    staticRoot,
    ...(tls ? { tls } : {}),
    ...(stallLimitMs === undefined ? {} : { stallLimitMs }),
    report: (error: unknown, requestId: string) => app.log.reporter('http')(error, { requestId }),
    health: () => ({ version: app.version, protocol, uptimeMs: Math.round(performance.now() - openedAt) }),
    answered({ method, path, status, ms, requestId }: Answered) {
      if (log.isLevelEnabled('debug')) log.debug({ method, path, status, ms, requestId }, `${method} ${path} ${status}`)
    },
  }
  const mcp = createMcpDoor(app)
  const server = createHttp({ ...options, raw: [mcp.route], open: [webhooks(app)] })
  serveWebSockets(server, { ...options, paths: { '/v1/execute': serveFirstFrame(options, createBegin(app)) } })
  const address = await listen(server, host, wanted, app)
  const close = async () => {
    await mcp.close()
    await server.close()
  }
  log.info({ url: address }, 'HTTP is served.')
  return { url: address, close }
}
/** Signed requests to the addresses of tasks' webhooks. */
const webhooks = (app: App): OpenRoute => ({ path: '/v1/hooks/{id}', method: 'POST', maxBytes: 1_048_576, serve: app.receive })
interface Listener {
  listen(at: { host: string; port: number }): Promise<string>
}
/** The port that is asked for; else the kept one, waited for up to 2 s; else any free one, which is then kept. */
async function listen(server: Listener, host: string, wanted: number | undefined, app: App): Promise<string> {
  const kept = app.setting('server.port')
  const port = wanted ?? kept
  const until = Date.now() + retryMs
  for (;;) {
    try {
      const address = await server.listen({ host, port })
      const got = Number(new URL(address).port)
      if (wanted === undefined && kept === 0) app.keepSetting('server.port', got)
      return address
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      if (Date.now() < until && port !== 0) {
        await sleep(50)
        continue
      }
      if (wanted !== undefined && wanted !== 0)
        throw new Fault('unprocessable', `The port ${wanted} is taken; name another with --port, or leave it away.`, undefined, { cause: error })
      return server.listen({ host, port: 0 })
    }
  }
}
