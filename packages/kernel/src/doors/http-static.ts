import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { Fault } from '@steward/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}
export const mediaTypeOf = (file: string) => mediaTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream'
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
].join('; ')

/** The files of a folder, by their path with slashes. Listed once: what a request can name is what is in this list, so no path can lead out. */
function filesOf(root: string): Map<string, string> {
  const found = new Map<string, string>()
  if (!existsSync(root)) return found
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isFile()) found.set(path.relative(root, file).split(path.sep).join('/'), file)
  }
  return found
}
function sendFile(request: FastifyRequest, reply: FastifyReply, file: string, lasting: boolean): FastifyReply {
  const { mtimeMs, size } = statSync(file)
  const etag = `"${createHash('sha256').update(`${file}:${mtimeMs}:${size}`).digest('base64url').slice(0, 27)}"`
  reply.header('etag', etag).header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (request.headers['if-none-match'] === etag) return reply.status(304).send()
  const type = mediaTypeOf(file)
  if (type.startsWith('text/html')) reply.header('content-security-policy', pagePolicy)
  return reply.type(type).send(readFileSync(file))
}
/**
 * Serves the built console without a credential: each file at its own place and under `/app/`, and the page itself at `/` and for every
 * other path under `/app/`. Answers the urls it opened.
 */
export function serveConsole(app: FastifyInstance, root: string | undefined): string[] {
  const files = root === undefined ? new Map<string, string>() : filesOf(root)
  const opened: string[] = []
  const serve = (url: string, file: string | undefined, lasting: boolean) => {
    opened.push(url)
    app.get(url, (request, reply) => {
      if (file === undefined)
        throw new Fault('not_found', 'The console is not part of this installation; the API is under /v1, its description at /openapi.json.')
      return sendFile(request, reply, file, lasting)
    })
  }
  for (const [name, file] of files) {
    const at = name.split('/').map(encodeURIComponent).join('/')
    const lasting = name.startsWith('assets/')
    if (name !== 'index.html' && !name.startsWith('v1/')) serve(`/${at}`, file, lasting)
    serve(`/app/${at}`, file, lasting)
  }
  for (const url of ['/', '/app', '/app/*']) serve(url, files.get('index.html'), false)
  return opened
}
