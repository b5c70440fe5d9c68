import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

interface Seen {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly form: URLSearchParams
}
type Handler = (seen: Seen & { body: string; method: string }, response: ServerResponse) => void
const json = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))

async function listen(handler: Handler): Promise<{ server: Server; origin: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const entry = { path: request.url ?? '', headers: request.headers, form: new URLSearchParams(body), body, method: request.method ?? '' }
      seen.push(entry)
      handler(entry, response)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { server, origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, seen }
}

/** An MCP endpoint that asks for OAuth, and the authorization server it names, each at an origin of its own on the loopback. */
export async function makeOAuthServers() {
  const valid = new Set<string>()
  const refreshable = new Set<string>()
  const clients = new Map<string, { redirect_uris: string[] }>()
  const codes = new Map<string, URLSearchParams>()
  const origins = { resource: '', issuer: '' }
  const grant = (response: ServerResponse): void => {
    const [access, refresh] = [`access-${randomUUID()}`, `refresh-${randomUUID()}`]
    valid.add(access)
    refreshable.add(refresh)
    json(response, 200, { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: 3600, scope: 'tools' })
  }
  const grants: Readonly<Record<string, (form: URLSearchParams, response: ServerResponse) => void>> = {
    authorization_code(form, response) {
      const asked = codes.get(form.get('code') ?? '')
      codes.delete(form.get('code') ?? '')
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      const fits =
        asked?.get('code_challenge') === challenge &&
        ['client_id', 'redirect_uri', 'resource'].every((name) => asked.get(name) === form.get(name) && form.get(name) !== null)
      if (fits) grant(response)
      else json(response, 400, { error: 'invalid_grant' })
    },
    refresh_token(form, response) {
      // Good for one use, as RFC 9700 4.14.2 wants for public clients.
      if (refreshable.delete(form.get('refresh_token') ?? '')) grant(response)
      else json(response, 400, { error: 'invalid_grant' })
    },
  }
  const issuer = await listen(({ path, form, body }, response) => {
    const url = new URL(path, origins.issuer)
    if (url.pathname === '/.well-known/oauth-authorization-server') {
      return json(response, 200, {
        issuer: origins.issuer,
        authorization_endpoint: `${origins.issuer}/authorize`,
        token_endpoint: `${origins.issuer}/token`,
        registration_endpoint: `${origins.issuer}/register`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
      })
    }
    if (url.pathname === '/register') {
      const client = JSON.parse(body) as { redirect_uris: string[] }
      const id = `client-${clients.size + 1}`
      clients.set(id, client)
      return json(response, 201, { ...client, client_id: id })
    }
    if (url.pathname === '/authorize') {
      const redirect = url.searchParams.get('redirect_uri') ?? ''
      if (!clients.get(url.searchParams.get('client_id') ?? '')?.redirect_uris.includes(redirect)) return json(response, 400, {})
      if (url.searchParams.get('code_challenge_method') !== 'S256') return json(response, 400, {})
      const code = randomUUID()
      codes.set(code, url.searchParams)
      const back = new URL(redirect)
      back.searchParams.set('code', code)
      back.searchParams.set('state', url.searchParams.get('state') ?? '')
      return void response.writeHead(302, { location: back.href }).end()
    }
    if (url.pathname === '/token')
      return (grants[form.get('grant_type') ?? ''] ?? (() => json(response, 400, { error: 'unsupported_grant_type' })))(form, response)
    return json(response, 404, {})
  })
  const resource = await listen(({ path, headers, body, method }, response) => {
    if (path === '/.well-known/oauth-protected-resource/mcp') {
      return json(response, 200, { resource: `${origins.resource}/mcp`, authorization_servers: [origins.issuer], scopes_supported: ['tools'] })
    }
    if (path !== '/mcp') return json(response, 404, {})
    const token = (headers.authorization ?? '').replace(/^Bearer /, '')
    if (!valid.has(token)) {
      const where = `Bearer resource_metadata="${origins.resource}/.well-known/oauth-protected-resource/mcp", scope="tools"`
      return json(response, 401, { error: 'unauthorized' }, { 'www-authenticate': where })
    }
    if (method !== 'POST') return json(response, method === 'DELETE' ? 200 : 405, {})
    const message = JSON.parse(body) as { id?: number; method: string; params?: { protocolVersion?: string } }
    if (message.id === undefined) return void response.writeHead(202).end()
    const results: Readonly<Record<string, unknown>> = {
      initialize: { protocolVersion: message.params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'guarded', version: '1' } },
      'tools/list': { tools: [{ name: 'whoami', inputSchema: { type: 'object' } }] },
      'tools/call': { content: [{ type: 'text', text: `you hold ${token.slice(0, 7)}` }] },
      ping: {},
    }
    return json(response, 200, { jsonrpc: '2.0', id: message.id, result: results[message.method] })
  })
  Object.assign(origins, { resource: resource.origin, issuer: issuer.origin })
  return {
    url: `${resource.origin}/mcp`,
    resource: resource.seen,
    issuer: issuer.seen,
    clients,
    /** Access tokens end; with `all` refresh tokens too. */
    expire(all = false) {
      valid.clear()
      if (all) refreshable.clear()
    },
    refreshes: () => issuer.seen.filter(({ form }) => form.get('grant_type') === 'refresh_token').length,
    /** What a browser does: opens the address and tells where it is sent back to. */
    async browse(address: string): Promise<{ code: string; state: string }> {
      const response = await fetch(address, { redirect: 'manual' })
      const back = new URL(response.headers.get('location') ?? '')
      return { code: back.searchParams.get('code') ?? '', state: back.searchParams.get('state') ?? '' }
    },
    async [Symbol.asyncDispose]() {
      for (const { server } of [resource, issuer]) {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      }
    },
  }
}
