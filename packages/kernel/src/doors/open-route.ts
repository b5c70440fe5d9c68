import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readBytes } from './http-body.ts'
import type { OpenRoute } from './http-options.ts'
import { fastifyPath } from './http-routes.ts'

/** The open route that a request is for, if it is for one. */
export const openRouteOf = (routes: readonly OpenRoute[], request: FastifyRequest): OpenRoute | undefined =>
  routes.find(({ path, method }) => fastifyPath(path) === request.routeOptions.url && method === request.method)
/** Serves an open route: no credential is asked for. */
export function serveOpen(app: FastifyInstance, { path, method, maxBytes, serve }: OpenRoute): void {
  app.route({
    method,
    url: fastifyPath(path),
    async handler(request, reply) {
      const { id } = request.params as { id: string }
      const body = (request.body as Buffer | undefined) ?? (await readBytes(request.raw, maxBytes))
      const answer = await serve({ id, headers: request.headers, body, address: request.ip })
      return reply.status(answer.status).type('application/json; charset=utf-8').send(JSON.stringify(answer.body))
    },
  })
}
