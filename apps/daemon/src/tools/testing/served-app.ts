import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFetcher } from '../../platform/net/fetcher.ts'
import { compileManifest } from '../manifest/compile.ts'
import { readManifest } from '../manifest/manifest.ts'
import { createPlace } from './place.ts'

/** A request as the server saw it. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
export type Answer = (request: Seen, response: ServerResponse) => void
/** Answers what was asked, as JSON. */
export const echo: Answer = (seen, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(seen))

/** An app of one tool, against a server on loopback that answers as told. */
export async function servedApp(
  http: Record<string, unknown>,
  answer: Answer = echo,
  more: Record<string, unknown> = {},
  secrets: Record<string, string> = { token: 'a-token-of-the-tests' },
) {
  const requests: Seen[] = []
  const server = createServer(async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming) body += String(chunk)
    const seen = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body }
    requests.push(seen)
    answer(seen, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const inputs = { type: 'object', properties: Object.fromEntries(['a', 'b', 'c'].map((name) => [name, {}])) }
  const { manifest, problems } = readManifest(
    JSON.stringify({
      id: 'app',
      name: 'App',
      settings: { base: { default: 'https://unused.example' } },
      secrets: { token: {}, user: {} },
      tools: [{ id: 'act', name: 'Act', description: 'Acts.', inputs, http: { method: 'GET', url: '{{settings.base}}/x', ...http }, ...more }],
    }),
  )
  if (!manifest) throw new Error(problems.map(({ message }) => message).join('\n'))
  const ports = { secret: (name: string) => secrets[name], setting: () => base }
  const [tool] = compileManifest(manifest, ports)
  const place = await createPlace({ fetcher: createFetcher({ allow: [], userAgent: 'Steward/test' }) })
  return {
    base,
    requests,
    tool: tool!,
    call: (input: object = {}, outputBytes = 100_000) => place.call(tool!, input, { outputBytes }),
    preview: async (input: object = {}) => (await place.preview(tool!, input))?.summary ?? '',
    targets: (input: object = {}) => tool!.targets(input, { cwd: place.root, files: place.files }),
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]()
      server.close()
      server.closeAllConnections()
    },
  }
}
