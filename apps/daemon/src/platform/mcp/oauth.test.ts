import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { makeOAuthServers, until } from '@steward/testkit'
import type { McpConnection } from './types.ts'
import { context, makeWorld, toolNamed } from './testing/place.ts'

type Servers = Awaited<ReturnType<typeof makeOAuthServers>>
const authorize = async (connection: McpConnection, servers: Servers) => {
  const { code, state } = await servers.browse(await connection.authorize())
  await connection.authorized(code, state)
}
const whoami = (connection: McpConnection) => toolNamed(connection, 'whoami').run({}, context())

test('a server that asks for OAuth is authorized by a person, and used', async () => {
  await using servers = await makeOAuthServers()
  await using world = await makeWorld()
  const connection = world.connect({ kind: 'http', url: servers.url, headers: { 'x-team': 'blue' } })
  await connection.settled()
  expect(connection.state()).toEqual({ state: 'needs_authorization', message: 'Demo asks for authorization.' })
  // Nothing was begun without a person.
  expect(servers.issuer).toEqual([])
  const address = await connection.authorize()
  expect(Object.fromEntries(new URL(address).searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: 'http://127.0.0.1:9/callback',
    resource: servers.url,
    scope: 'tools',
  })
  const { code, state } = await servers.browse(address)
  await expect(connection.authorized(code, `${state.slice(1)}x`)).rejects.toMatchObject({ code: 'unprocessable' })
  await expect(connection.authorized(code, '')).rejects.toMatchObject({ code: 'unprocessable' })
  await connection.authorized(code, state)
  expect(connection.state().state).toBe('ready')
  expect((await whoami(connection)).text).toBe('you hold access-')
  await expect(connection.authorized(code, state)).rejects.toMatchObject({ code: 'unprocessable' })
  expect(servers.resource.find(({ path }) => path === '/mcp')?.headers['x-team']).toBe('blue')
  expect(servers.issuer.filter(({ headers }) => 'x-team' in headers || 'authorization' in headers)).toEqual([])
  expect(world.states.get('demo')).toMatchObject({ client: { client_id: 'client-1' }, tokens: { access_token: expect.any(String) } })
  expect(world.states.get('demo')?.verifier).toBeUndefined()
})

test('an access token that has ended is renewed once for all calls, also after a restart, without a person', async () => {
  await using servers = await makeOAuthServers()
  await using world = await makeWorld()
  const connection = world.connect({ kind: 'http', url: servers.url, headers: {} })
  await connection.settled()
  await authorize(connection, servers)
  servers.expire()
  const answers = await Promise.all([whoami(connection), whoami(connection), whoami(connection)])
  expect(answers.map(({ text }) => text)).toEqual(Array(3).fill('you hold access-'))
  expect(servers.refreshes()).toBe(1)
  servers.expire()
  await connection.restart()
  expect(connection.state().state).toBe('ready')
  expect(servers.refreshes()).toBe(2)
})

test('when a renewal is refused the call says so, and a person authorizes anew with the same client', async () => {
  await using servers = await makeOAuthServers()
  await using world = await makeWorld()
  const connection = world.connect({ kind: 'http', url: servers.url, headers: {} })
  await connection.settled()
  await authorize(connection, servers)
  servers.expire(true)
  await expect(whoami(connection)).rejects.toMatchObject({ code: 'failed', message: 'Demo: Demo asks for authorization.' })
  await until(() => connection.state().state === 'needs_authorization')
  await expect(whoami(connection)).rejects.toMatchObject({ message: expect.stringMatching(/not there now.*asks for authorization/) })
  await authorize(connection, servers)
  expect((await whoami(connection)).text).toBe('you hold access-')
  expect(servers.clients.size).toBe(1)
  world.noHttp()
  await expect(connection.authorize()).rejects.toMatchObject({ code: 'unavailable' })
})

const loopback = async (answer: (path: string) => { status: number; headers?: Record<string, string>; body?: unknown }) => {
  const seen: string[] = []
  const server = createServer((request, response) => {
    request.resume()
    seen.push(`${request.method} ${request.url} ${request.headers['x-key'] ?? ''}`)
    const { status, headers, body } = answer(request.url ?? '')
    response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('a redirect to another origin is not followed, so that no key goes there', async () => {
  await using other = await loopback(() => ({ status: 200 }))
  await using first = await loopback(() => ({ status: 307, headers: { location: `${other.origin}/mcp` } }))
  await using world = await makeWorld()
  const connection = world.connect({ kind: 'http', url: `${first.origin}/mcp`, headers: { 'x-key': 'secret' } })
  await connection.settled()
  expect(connection.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(/Redirect to .* not followed/) })
  expect(other.seen).toEqual([])
  expect(first.seen[0]).toBe('POST /mcp secret')
})

test('a server that asks for authorization without saying where, or asks for none, is not authorized', async () => {
  await using mute = await loopback(() => ({ status: 401 }))
  await using broken = await loopback(() => ({ status: 500 }))
  await using world = await makeWorld()
  const one = world.connect({ kind: 'http', url: `${mute.origin}/mcp`, headers: {} })
  const other = world.connect({ kind: 'http', url: `${broken.origin}/mcp`, headers: {} }, { id: 'other' })
  await one.settled()
  expect(one.state().state).toBe('needs_authorization')
  await expect(one.authorize()).rejects.toMatchObject({ code: 'unprocessable' })
  await expect(other.authorize()).rejects.toMatchObject({ code: 'unprocessable', message: 'Demo asks for no authorization.' })
  await expect(one.authorized('code', 'state')).rejects.toMatchObject({ code: 'unprocessable' })
})

test('a key of the settings that is refused is a failure, not a reason for a browser', async () => {
  await using mute = await loopback(() => ({ status: 401 }))
  await using world = await makeWorld()
  const connection = world.connect({ kind: 'http', url: `${mute.origin}/mcp`, headers: { Authorization: 'Bearer old' } })
  await connection.settled()
  expect(connection.state()).toMatchObject({ state: 'failed' })
})
