import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Fault } from '@steward/contract'
import type { FastifyInstance } from 'fastify'
import { mediaTypeOf } from './static-folder.ts'

const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']
const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Steward API</title>
<link rel="icon" href="/docs/favicon-32x32.png"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="docs"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`
const start = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null })\n"
/** Swagger UI sets styles inline and draws its icons from data: addresses; beyond that, this server and nothing else. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Serves the docs page from the files of @fastify/swagger-ui; they are looked for at the first visit. */
export function serveDocs(app: FastifyInstance): void {
  app.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page))
  app.get('/docs/start.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(start))
  app.get<{ Params: { file: string } }>('/docs/:file', async (request, reply) => {
    const { file } = request.params
    if (!assets.includes(file)) throw new Fault('not_found', 'The docs have no such file; they begin at /docs.')
    const folder = path.join(path.dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static')
    return reply
      .type(mediaTypeOf(file))
      .header('cache-control', 'private, max-age=86400')
      .send(await readFile(path.join(folder, file)))
  })
}
