import { relayOperations } from '@steward/contract/relay'
import { describeContract } from '@steward/kernel/http'
import type { FastifyInstance } from 'fastify'

export interface SystemRoutes {
  readonly version: string
  /** Throws what keeps the database from answering. */
  probe(): Promise<void>
  /** What must be there before clients are sent here; a name and whether it is. */
  ready(): Promise<Readonly<Record<string, boolean>>>
}
/** The existing apps know a server by this text in the body of `/`. */
const banner = 'Welcome to Happy Server!'

/** Routes of the server itself: the banner, whether it lives, whether it is ready, and its description. */
export function serveSystem(app: FastifyInstance, { version, ...asked }: SystemRoutes): void {
  const [probe, ready] = [shared(asked.probe), shared(asked.ready)]
  app.get('/', (_request, reply) => reply.type('text/plain; charset=utf-8').send(banner))
  app.get('/health', async (_request, reply) => {
    const said = { timestamp: new Date().toISOString(), service: 'happy-server', version }
    try {
      await probe()
      return { status: 'ok', ...said }
    } catch {
      return reply.status(503).send({ status: 'error', ...said, error: 'Database connectivity failed' })
    }
  })
  app.get('/ready', async (_request, reply) => {
    const checks = await ready()
    const ok = Object.values(checks).every(Boolean)
    return reply.status(ok ? 200 : 503).send({ status: ok ? 'ok' : 'unavailable', checks })
  })
  let document: string | undefined
  app.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(describeContract(relayOperations, [], version))
    return reply.type('application/json; charset=utf-8').send(document)
  })
}
/** One question for all who ask while it is under way: whoever floods what is open to everyone asks the database no more often for it. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined
  return () => (underWay ??= ask().finally(() => (underWay = undefined)))
}
