import type { IncomingMessage, Server } from 'node:http'
import { Fault, mutates, route, statusOf, type Contract, type Operation } from '@steward/contract'
import type { Call, ByteRange } from '@steward/kernel'
import { discard, gather, readJson, requestIdOf } from '@steward/kernel/http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Watch } from '../watch.ts'
import { wireFault } from './faults.ts'
import { answerBroken, passExpectations } from './http-broken.ts'
import { sendBytes, type About } from './http-bytes.ts'
import { checkInput } from './input.ts'
import { createGate, type Gate, type GateOptions } from './http-gate.ts'
import { serveSystem, type SystemRoutes } from './http-system.ts'

export interface HttpDoorOptions extends SystemRoutes, GateOptions {
  readonly contract: Contract
  readonly call: Call
  readonly watch: Pick<Watch, 'request'>
  /** All of a request must have come within. */
  readonly requestTimeoutMs: number
  report(error: unknown, requestId: string): void
}
const noCompiler = (): never => {
  throw new TypeError('A route may not carry a schema: the kernel judges all input.')
}
/** Any page may speak to the relay: it grants nothing to cookies, only to tokens. */
const cors = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-request-id, retry-after, content-range' }
const preflight = {
  ...cors,
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': '*, authorization',
  'access-control-max-age': '600',
}
const routePath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1')

/**
 * Turns HTTP into calls: every operation of the contract at its route, in the form of the existing clients. Order: CORS, route, gate (limits, token), body, call.
 * The kernel alone judges input.
 */
export function createHttpDoor(options: HttpDoorOptions): FastifyInstance {
  const gate = createGate(options)
  const operations = new Map(Object.values(options.contract).map((op) => [`${route(op).method} ${routePath(route(op).path)}`, op]))
  const operationOf = (request: FastifyRequest) => operations.get(`${request.method} ${request.routeOptions.url}`)
  const app = Fastify({
    logger: false,
    bodyLimit: options.maxBodyBytes,
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    routerOptions: { maxParamLength: 1_000, ignoreTrailingSlash: true },
    return503OnClosing: false,
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    keepAliveTimeout: 72_000,
    requestTimeout: options.requestTimeoutMs,
    http: { headersTimeout: options.headTimeoutMs, connectionsCheckingInterval: Math.min(5_000, options.headTimeoutMs) },
    clientErrorHandler: answerBroken,
    genReqId: (request) => requestIdOf(request as IncomingMessage),
    frameworkErrors: (error, request, reply) => void refuse(error, request as FastifyRequest, reply as unknown as FastifyReply),
  })
  passExpectations(app.server as Server)
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { status, body } = wireFault(error, request.id)
    // Of an answer whose client has gone before its first byte Fastify tells here: that is nobody's fault.
    const isGone = reply.raw.destroyed && (error as { code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE'
    if (status === 500 && !isGone) options.report(error, request.id)
    reply.headers({ ...cors, 'x-request-id': request.id, 'cache-control': 'no-store' })
    for (const name of ['content-length', 'content-range', 'accept-ranges', 'content-disposition']) reply.removeHeader(name)
    const waitMs = body['retryAfterMs']
    if (typeof waitMs === 'number') reply.header('retry-after', Math.ceil(waitMs / 1000))
    return reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
  }
  app.setErrorHandler(refuse)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    const op = operationOf(request)
    if (op === undefined || op.bytes === 'upload') return payload
    try {
      return await readJson(payload, gate.limitOf(op))
    } catch (error) {
      if (payload.destroyed && !payload.complete) throw new Fault('invalid', 'The body ended before it was whole.', undefined, { cause: error })
      if (!(error instanceof Fault) || error.code !== 'invalid') throw error
      throw new Fault('invalid', error.message, {
        wire: { error: 'SyntaxError', message: error.message, statusCode: 400, code: 'invalid', requestId: request.id },
      })
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...cors, 'x-request-id': request.id, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    reply.raw.on('finish', () => void discard(request.raw, 10_000).then((over) => over || request.raw.destroy()))
    if (request.method === 'OPTIONS') return reply.status(204).headers(preflight).send()
    // Before its body: nobody is made to read what leads nowhere.
    if (request.is404) return reply.status(404).send({ error: 'Not found', path: request.url.split('?', 1)[0], method: request.method })
    const op = operationOf(request)
    if (op !== undefined) await gate.enter(op, request, reply)
    return
  })
  app.addHook('onSend', async (request, reply, payload) => {
    // Node closes such a connection behind the answer, which would take it from a client that still sends.
    if (!reply.raw.shouldKeepAlive) await discard(request.raw, 1_000)
    return payload
  })
  app.addHook('onResponse', async (request, reply) => {
    const { url, config } = request.routeOptions
    options.watch.request({
      requestId: request.id,
      operation: (config as { operation?: string } | undefined)?.operation,
      method: request.method,
      route: url,
      status: reply.statusCode,
      ms: reply.elapsedTime,
      client: clientOf(request),
    })
  })
  for (const [name, op] of Object.entries(options.contract)) serve(app, name, op, gate, options.call)
  serveSystem(app, options)
  return app
}
export const serverOf = (app: FastifyInstance): Server => app.server as Server

/** Listens no more; resolves when what is under way has been answered. A connection that falls idle meanwhile is closed: its client would keep it open. */
export async function endHttp(app: FastifyInstance): Promise<void> {
  const clock = setInterval(() => app.server.closeIdleConnections(), 50)
  try {
    await app.close()
  } finally {
    clearInterval(clock)
  }
}

function serve(app: FastifyInstance, name: string, op: Operation, gate: Gate, call: Call): void {
  const { method, path } = route(op)
  app.route({
    method,
    url: routePath(path),
    exposeHeadRoute: false,
    config: { operation: name },
    async handler(request, reply) {
      const gone = new AbortController()
      reply.raw.once('close', () => void (reply.raw.writableFinished || gone.abort()))
      const upload = op.bytes === 'upload'
      const body = upload ? undefined : request.body
      const input = gather(op, [request.params, ...(mutates(op) && !upload ? [] : [request.query])], body)
      checkInput(input)
      const { value, open } = await call(gate.callerOf(request), name, input, {
        requestId: request.id,
        signal: gone.signal,
        // A body that is not read to its end is read on for a while, so that the client gets to see why it was refused.
        ...(upload ? { body: request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array> } : {}),
      })
      if (open) return sendBytes(request, reply, value as About, open as (range?: ByteRange) => AsyncIterable<Uint8Array>)
      const text = JSON.stringify(value)
      // Not what was carried out: its caller must hear of it.
      if (!mutates(op) || (value as { success?: unknown }).success === false) gate.weigh(request, reply, text.length)
      return reply.status(statusOf(op, value)).type('application/json; charset=utf-8').send(text)
    },
  })
}
const clientOf = ({ headers }: FastifyRequest): string => String(headers['x-happy-client'] ?? '').slice(0, 100)
