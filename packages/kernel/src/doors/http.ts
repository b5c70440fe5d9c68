import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Fault, faultStatus, route } from '@steward/contract'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Caller } from '../caller.ts'
import { trackConnections } from './connections.ts'
import { callerOf, cookieName } from './credential.ts'
import { serveDocs } from './docs.ts'
import { faultBody, rawFault, toFault } from './errors.ts'
import { checkAddresses, corsHeaders, preflightHeaders } from './gate.ts'
import { discard, readBytes, readJson } from './http-body.ts'
import { loginFrom, type HttpOptions } from './http-options.ts'
import { createFinder, fastifyPath, serveOperations, serveUploads } from './http-routes.ts'
import { serveConsole } from './http-static.ts'
import { serveEvents } from './http-stream.ts'
import { describe } from './openapi.ts'
import { serveRaw } from './raw-route.ts'
import { openRouteOf, serveOpen } from './open-route.ts'
import { newRequestId, requestIdOf } from './request-id.ts'
import { createRewrite } from './rewrite.ts'

/** Not by `import`: that reads every name of node:http, and one of them loads the whole of fetch (about 17 ms and 4 MB at start). */
const [http, https] = [process.getBuiltinModule('node:http'), process.getBuiltinModule('node:https')]
/** The kernel judges all input and no route has a schema, so the compilers of schemas that Fastify would load stay away. */
const noCompiler = (): never => {
  throw new TypeError('A route may not carry a schema: the kernel judges all input.')
}
const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}
/**
 * Turns HTTP into calls: every operation of the contract at its own route, event streams, login, console and description. Order:
 * addresses, CORS, credential, body, call. The kernel alone judges the input, so that every door says the same. `close()` of what it
 * answers ends open streams at once and lets running requests answer.
 */
export function createHttp(options: HttpOptions): FastifyInstance {
  const closing = new AbortController()
  const callers = new WeakMap<FastifyRequest, Caller>()
  const callerOfRequest = (request: FastifyRequest): Caller => {
    const caller = callers.get(request)
    if (caller === undefined) throw new Error(`The route ${request.url} has no caller.`)
    return caller
  }
  const app = Fastify({
    logger: false,
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    routerOptions: { maxParamLength: 16_384, ignoreTrailingSlash: true },
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request as IncomingMessage),
    rewriteUrl: createRewrite(options.aliases ?? {}),
    frameworkErrors: (error, request, reply) => refuse(error, request as FastifyRequest, reply as unknown as FastifyReply),
    clientErrorHandler: answerBroken,
    serverFactory: (handler) => {
      const settings = { requireHostHeader: false, noDelay: true, keepAliveTimeout: 60_000 }
      const server = options.tls ? https.createServer({ ...settings, ...options.tls }, handler) : http.createServer(settings, handler)
      // An expectation that is not known may be passed over (RFC 9110 §10.1.1): Node's own 417 would have no words.
      return server.on('checkExpectation', handler)
    },
  })
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const fault = toFault(error)
    if (fault.code === 'internal' && !(error instanceof Fault)) options.report(error, request.id)
    for (const name of ['content-length', 'content-disposition', 'content-range', 'accept-ranges', 'x-answer']) reply.removeHeader(name)
    reply.headers({ ...securityHeaders, 'x-request-id': request.id })
    if (fault.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="steward"')
    const waitMs = (fault.details as { retryAfterMs?: unknown } | undefined)?.retryAfterMs
    if (typeof waitMs === 'number') reply.header('retry-after', Math.ceil(waitMs / 1000))
    return reply.status(faultStatus[fault.code]).type('application/json; charset=utf-8').send(faultBody(fault, request.id))
  }
  app.setErrorHandler(refuse)
  app.removeAllContentTypeParsers()
  const { raw = [], open = [] } = options
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    const unlocked = openRouteOf(open, request)
    if (unlocked) return readBytes(payload, unlocked.maxBytes)
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
    if (type !== '' && type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type))
      throw new Fault('invalid', `The body must be JSON with the content type application/json, not ${type.slice(0, 100)}.`)
    return readJson(payload, options.maxBodyBytes())
  })
  const opened = new Set(['/health', '/ready', '/v1/login', ...serveConsole(app, options.staticRoot)])
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...securityHeaders, 'x-request-id': request.id })
    reply.raw.on('finish', () => void discard(request.raw, 30_000).then((over) => over || request.raw.destroy()))
    const passage = checkAddresses(request.headers, options)
    reply.headers(corsHeaders(passage))
    if (closing.signal.aborted) throw new Fault('unavailable', 'Steward is stopping; ask again in a moment.')
    if (request.method === 'OPTIONS' && passage.origin !== undefined && request.headers['access-control-request-method'] !== undefined)
      return reply.status(204).headers(preflightHeaders).send()
    if ((opened.has(request.routeOptions.url ?? '') && !request.is404) || openRouteOf(open, request)) return
    const spoken = raw.find(({ path }) => path === request.routeOptions.url)
    const by = spoken ? { method: 'RAW', door: spoken.door } : { method: request.method, door: 'http' }
    callers.set(request, await callerOf(options.authenticator, { headers: request.headers, address: request.ip, passage, ...by }))
    return
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (!reply.raw.shouldKeepAlive) await discard(request.raw, 1_000)
    return payload
  })
  if (options.answered) tellOfAnswers(app, options.answered)
  serveOperations(app, options, callerOfRequest)
  serveUploads(app, options, callerOfRequest)
  for (const { path } of options.streams)
    app.get(fastifyPath(path), (request, reply) => serveEvents(request, reply, callerOfRequest(request), closing.signal, options))
  for (const one of open) serveOpen(app, one)
  for (const one of raw) serveRaw(app, one, callerOfRequest, closing.signal, options)
  serveSystem(app, options)
  serveDocs(app)
  const find = createFinder([
    ...Object.values(options.contract).map(route),
    ...options.streams.map(({ path }) => ({ method: 'GET', path })),
    ...open.map(({ path, method }) => ({ method, path })),
    ...raw.flatMap(({ path, methods }) => methods.map((method) => ({ method, path }))),
  ])
  app.setNotFoundHandler((request) => {
    throw find(request.method, request.url)
  })
  const connections = trackConnections(app.server as Server)
  app.server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy())
    socket.end(rawFault(new Fault('invalid', 'CONNECT is not served: this is no proxy.'), requestIdOf(request)))
  })
  app.addHook('preClose', async () => {
    closing.abort()
    connections.close()
  })
  return app
}
function tellOfAnswers(app: FastifyInstance, answered: NonNullable<HttpOptions['answered']>): void {
  app.addHook('onResponse', async (request, reply) => {
    const [path = ''] = request.url.split('?', 1)
    answered({ method: request.method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10, requestId: request.id })
  })
}
/** What a server says of itself: alive, ready, its description; and the exchange of a login code. */
function serveSystem(app: FastifyInstance, options: HttpOptions): void {
  app.get('/health', () => Object.assign({ status: 'ok' }, options.health?.()))
  app.get('/ready', async (request, reply) => {
    const { ok, checks } = await options.ready()
    if (ok) return { status: 'ok', checks }
    const fault = new Fault('unavailable', 'Steward is not ready; checks says what is missing.', { checks })
    return reply.status(faultStatus.unavailable).send({ status: 'unavailable', checks, error: { ...fault.toJSON(), requestId: request.id } })
  })
  app.post('/v1/login', async (request, reply) => {
    const code = (request.body as { code?: unknown } | null | undefined)?.code
    if (typeof code !== 'string') throw new Fault('invalid', 'Send {"code": "…"} with the code of the login address.')
    if (options.login === undefined) throw new Fault('not_found', 'This server has no login; use an access token.')
    const { cookie, maxAgeSeconds } = await options.login(code, loginFrom(request.ip, request.headers['user-agent']))
    const secure = options.tls ? '; Secure' : ''
    reply.header('set-cookie', `${cookieName}=${cookie}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`)
    return reply.status(204).send()
  })
  let document: string | undefined
  app.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(describe(options.contract, options.streams, options.version))
    return reply.type('application/json; charset=utf-8').send(document)
  })
}
/** A request so broken that there is no request: answered in our shape all the same. */
function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const fault =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Fault('too_large', 'The headers or the address of the request are too long.')
      : new Fault('invalid', 'This is not an HTTP request that can be read.')
  socket.end(rawFault(fault, newRequestId()))
}
