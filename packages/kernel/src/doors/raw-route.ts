import { Fault, faultStatus } from '@steward/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../caller.ts'
import { faultBody, toFault } from './errors.ts'
import type { HttpOptions, RawExchange, RawRoute } from './http-options.ts'

/** Serves a raw route. When the server closes or the credential ends, what is still being answered there is cut. */
export function serveRaw(
  app: FastifyInstance,
  { path, methods, serve }: RawRoute,
  callerOf: (request: FastifyRequest) => Caller,
  closing: AbortSignal,
  { report }: HttpOptions,
): void {
  app.route({
    method: [...methods],
    url: path,
    exposeHeadRoute: false,
    async handler(request, reply) {
      const caller = callerOf(request)
      reply.hijack()
      const response = reply.raw
      for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) response.setHeader(name, value)
      const over = AbortSignal.any([closing, ...(caller.ended ? [caller.ended] : [])])
      const cut = () => void (response.headersSent && response.destroy())
      over.addEventListener('abort', cut, { once: true })
      response.once('close', () => over.removeEventListener('abort', cut))
      try {
        await serve({ request: request.raw, response, body: request.body, caller })
      } catch (error) {
        const fault = toFault(error)
        if (!(error instanceof Fault)) report(error, request.id)
        if (response.headersSent) return void response.destroy()
        response.writeHead(faultStatus[fault.code], { 'content-type': 'application/json; charset=utf-8' }).end(faultBody(fault, request.id))
      }
    },
  })
}
interface Loaded {
  serve(exchange: RawExchange): Promise<void>
  close(): Promise<void>
}
/** A raw route whose code is loaded with its first request. */
export function lazyRoute(route: Omit<RawRoute, 'serve'>, load: () => Promise<Loaded>): { readonly route: RawRoute; close(): Promise<void> } {
  let loaded: Promise<Loaded> | undefined
  return {
    route: { ...route, serve: async (exchange) => (await (loaded ??= load())).serve(exchange) },
    close: async () => (await loaded)?.close(),
  }
}
