import { Fault, mutates, route, statusOf, type Operation } from '@steward/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CallOptions } from '../call.ts'
import type { Caller } from '../caller.ts'
import { idempotencyKey } from './errors.ts'
import { sendBytes } from './http-download.ts'
import { gather } from './http-input.ts'
import type { HttpOptions } from './http-options.ts'
import { readUpload } from './http-upload.ts'

/** A path template of the contract as Fastify spells it. */
export const fastifyPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

/** Serves every operation that takes no bytes, each at its own route. */
export function serveOperations(app: FastifyInstance, options: HttpOptions, callerOf: (request: FastifyRequest) => Caller): void {
  for (const [name, op] of Object.entries(options.contract)) {
    if (op.bytes === 'upload') continue
    const { method, path } = route(op)
    app.route({
      method,
      url: fastifyPath(path),
      handler: async (request, reply) => {
        const input = gather(op, [request.params, request.query], request.body)
        const answer = await options.call(callerOf(request), name, input, callOptions(op, request))
        if (answer.open === undefined && op.bytes !== 'download') return send(reply, op, answer.value)
        return sendBytes(request, reply.status(op.status ?? 200), answer)
      },
    })
  }
}
/** Serves the operations that take bytes; the reader of forms is loaded only where there are any. */
export function serveUploads(app: FastifyInstance, options: HttpOptions, callerOf: (request: FastifyRequest) => Caller): void {
  const uploads = Object.entries(options.contract).filter(([, op]) => op.bytes === 'upload')
  if (uploads.length === 0) return
  app.register(async (scope) => {
    const { default: multipart } = await import('@fastify/multipart')
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    await scope.register(multipart, { throwFileSizeLimit: false })
    for (const [name, op] of uploads) {
      const { method, path } = route(op)
      scope.route({
        method,
        url: fastifyPath(path),
        handler: async (request, reply) => {
          const upload = await readUpload(op, request, options.maxUploadBytes())
          try {
            const answer = await options.call(callerOf(request), name, upload.input, { ...callOptions(op, request), body: upload.body })
            return send(reply, op, answer.value)
          } finally {
            await upload.done()
          }
        },
      })
    }
  })
}
/** A client that goes away ends what it was reading; what it asked to be done is done. */
function callOptions(op: Operation, request: FastifyRequest): CallOptions {
  const key = request.headers['idempotency-key']
  const options = { requestId: request.id, ...(key === undefined ? {} : { key: idempotencyKey(key) }) }
  if (mutates(op)) return options
  const gone = new AbortController()
  request.raw.once('close', () => request.raw.socket.destroyed && gone.abort())
  return { ...options, signal: gone.signal }
}
function send(reply: FastifyReply, op: Operation, value: unknown): FastifyReply {
  const status = statusOf(op, value)
  if (status === 204) return reply.status(204).send()
  return reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(value))
}
/** Says which methods a path has, when the one asked for is not among them. */
export function createFinder(routes: readonly { method: string; path: string }[]) {
  const known = routes.map(({ method, path }) => ({
    method,
    form: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}/?$`),
  }))
  return (method: string, url: string): Fault => {
    const path = url.split('?', 1)[0] ?? '/'
    const allowed = known.filter(({ form }) => form.test(path)).map((entry) => entry.method)
    if (allowed.length === 0) return new Fault('not_found', `There is nothing at ${path.slice(0, 200)}; /openapi.json lists what there is.`)
    return new Fault('not_found', `${path.slice(0, 200)} does not take ${method}; it takes ${[...new Set(allowed)].join(', ')}.`, {
      allowed: [...new Set(allowed)],
    })
  }
}
