import type { IncomingMessage, Server } from 'node:http'
import { Fault, mutates, route, statusOf, type Contract, type Operation } from '@steward/contract'
import { accountScope } from '@steward/contract/relay'
import type { Call, ByteRange } from '@steward/kernel'
import { discard, gather, readJson, requestIdOf } from '@steward/kernel/http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { anyone, callerOf, type Holder, type Origin, type RelayCaller } from '../caller.ts'
import { wireFault } from './faults.ts'
import { sendBytes, type About } from './http-bytes.ts'
import { serveSystem, type SystemRoutes } from './http-system.ts'

export interface HttpDoorOptions extends SystemRoutes {
  readonly contract: Contract
  readonly call: Call
  /** Whom a token belongs to. Throws Fault `unauthenticated`. */
  identify(token: string): Promise<Holder>
  /** Refuses an address that asks too much of what is open. Throws Fault `too_many`. */
  limitOpen(operation: string, address: string): Promise<void>
  readonly maxBodyBytes: number
  /** True behind a proxy that says for whom it asks. */
  readonly trustProxy: boolean
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

/** Turns HTTP into calls: every operation of the contract at its route, in the form of the existing clients. The kernel alone judges input. */
export function createHttpDoor(options: HttpDoorOptions): FastifyInstance {
  const uploads = new Set(Object.values(options.contract).flatMap((op) => (op.bytes === 'upload' ? [routePath(route(op).path)] : [])))
  const app = Fastify({
    logger: false,
    trustProxy: options.trustProxy,
    bodyLimit: options.maxBodyBytes,
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    routerOptions: { maxParamLength: 1_000, ignoreTrailingSlash: true },
    return503OnClosing: false,
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    keepAliveTimeout: 72_000,
    genReqId: (request) => requestIdOf(request as IncomingMessage),
    frameworkErrors: (error, request, reply) => void refuse(error, request as FastifyRequest, reply as unknown as FastifyReply),
  })
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { status, body } = wireFault(error, request.id)
    if (status === 500) options.report(error, request.id)
    reply.headers({ ...cors, 'x-request-id': request.id, 'cache-control': 'no-store' })
    for (const name of ['content-length', 'content-range', 'accept-ranges', 'content-disposition']) reply.removeHeader(name)
    const waitMs = body['retryAfterMs']
    if (typeof waitMs === 'number') reply.header('retry-after', Math.ceil(waitMs / 1000))
    return reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
  }
  app.setErrorHandler(refuse)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    if (uploads.has(request.routeOptions.url ?? '')) return payload
    try {
      return await readJson(payload, options.maxBodyBytes)
    } catch (error) {
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
    return
  })
  for (const [name, op] of Object.entries(options.contract)) serve(app, name, op, options)
  serveSystem(app, options)
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?', 1)
    return reply.status(404).send({ error: 'Not found', path, method: request.method })
  })
  return app
}
export const serverOf = (app: FastifyInstance): Server => app.server as Server

function serve(app: FastifyInstance, name: string, op: Operation, options: HttpDoorOptions): void {
  const { method, path } = route(op)
  app.route({
    method,
    url: routePath(path),
    exposeHeadRoute: false,
    async handler(request, reply) {
      const caller = await callerOfRequest(request, op, options)
      if (op.needs !== accountScope) await options.limitOpen(name, request.ip)
      const gone = new AbortController()
      reply.raw.once('close', () => void (reply.raw.writableFinished || gone.abort()))
      const upload = op.bytes === 'upload'
      const body = upload ? undefined : request.body
      const input = gather(op, [request.params, ...(mutates(op) && !upload ? [] : [request.query])], body)
      const { value, open } = await options.call(caller, name, input, {
        requestId: request.id,
        signal: gone.signal,
        // A body that is not read to its end is read on for a while, so that the client gets to see why it was refused.
        ...(upload ? { body: request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array> } : {}),
      })
      if (open) return sendBytes(request, reply, value as About, open as (range?: ByteRange) => AsyncIterable<Uint8Array>)
      return reply.status(statusOf(op, value)).type('application/json; charset=utf-8').send(JSON.stringify(value))
    },
  })
}
/** Who asks. A token counts wherever it is sent; a wrong one is refused even where none is needed, but for what is open to all. */
async function callerOfRequest(request: FastifyRequest, op: Operation, { identify }: HttpDoorOptions): Promise<RelayCaller> {
  const client = String(request.headers['x-happy-client'] ?? '').slice(0, 100)
  const origin: Origin = { address: request.ip, client, seenAt: `${request.protocol}://${request.host}` }
  const header = request.headers.authorization
  if (header === undefined) {
    if (op.needs === accountScope) throw new Fault('unauthenticated', 'Missing authorization header')
    return anyone('http', origin)
  }
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1]
  if (token === undefined) throw new Fault('unauthenticated', 'Missing authorization header')
  return callerOf(await identify(token), 'http', origin)
}
