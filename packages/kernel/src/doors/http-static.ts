import { Fault } from '@steward/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createStaticFolder, type StaticFile } from './static-folder.ts'

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Text becomes script or HTML nowhere; the one policy lets own files be workers (apps/console/src/platform/own-scripts.ts).
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: StaticFile, lasting: boolean): Promise<FastifyReply> {
  const encoding = file.encodingFor(request.headers['accept-encoding']?.toString())
  const etag = file.etag(encoding)
  const vary = [reply.getHeader('vary'), 'Accept-Encoding'].filter((part) => part !== undefined).join(', ')
  reply.headers({ etag, vary, 'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache' })
  // A script that runs as a worker has its own policy. With a 304 too: its headers take the place of those that the browser has kept (RFC 9111 §3.2).
  if (/^text\/(html|javascript)/.test(file.type)) reply.header('content-security-policy', pagePolicy)
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  if (known.includes(etag) || known.includes('*')) return reply.status(304).send()
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.type(file.type).send(await file.read(encoding))
}
/**
 * Serves the built console without a credential: each of its files under `/app/`, and the page itself for every other path there; `/` leads to it. A part that is no
 * longer there is not found, and never the page. Nothing is read before it is asked for. Answers the urls it opened.
 */
export function serveConsole(app: FastifyInstance, root: string | undefined): string[] {
  const folder = root === undefined ? undefined : createStaticFolder(root)
  const found = (name: string): StaticFile => {
    const file = folder?.find(name)
    if (file) return file
    if (folder?.find('index.html')) throw new Fault('not_found', `The console has no file ${name.slice(0, 200)}; reload the page.`)
    throw new Fault('not_found', 'The console is not part of this installation; the API is under /v1, its description at /openapi.json.')
  }
  app.get('/', (_request, reply) => {
    found('index.html')
    return reply.redirect('/app/')
  })
  app.get('/app', (request, reply) => sendFile(request, reply, found('index.html'), false))
  app.get<{ Params: { '*': string } }>('/app/*', (request, reply) => {
    const name = request.params['*']
    const lasting = name.startsWith('assets/')
    const file = lasting ? found(name) : (folder?.find(name) ?? found('index.html'))
    return sendFile(request, reply, file, lasting)
  })
  return ['/', '/app', '/app/*']
}
