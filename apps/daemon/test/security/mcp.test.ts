import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { connectHost } from '../mcp-client.ts'
import { ask, bearer, expectFault, loginCookie } from './wire.ts'

let daemon: TestDaemon
beforeAll(async () => {
  daemon = await startDaemon()
})
afterAll(() => daemon[Symbol.asyncDispose]())

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
})
const begin = (headers: Record<string, string>) => ask(daemon, 'POST', '/mcp', { ...json, ...headers }, initialize)
const methods = ['GET', 'POST', 'DELETE'] as const

describe('/mcp', () => {
  test('is closed without a credential, with a wrong one, and with one in the address', async () => {
    for (const method of methods)
      for (const headers of [{}, bearer('wrong'), { 'x-api-key': 'wrong' }, { cookie: 'steward=bad' }])
        expectFault(await ask(daemon, method, `/mcp?token=${daemon.token}`, { ...json, ...headers }), 401, 'unauthenticated', method)
  })
  test('is closed to foreign hosts and pages, with the right token', async () => {
    for (const method of methods)
      for (const more of [{ host: 'evil.example' }, { origin: 'https://evil.example' }, { origin: 'null' }])
        expectFault(await ask(daemon, method, '/mcp', { ...json, ...bearer(daemon.token), ...more }), 403, 'forbidden', method)
  })
  test('is open to a bearer, to an API key, and to a page of this machine with a token', async () => {
    const page = { ...bearer(daemon.token), origin: 'http://localhost:5173' }
    for (const headers of [bearer(daemon.token), { 'x-api-key': daemon.token }, page]) {
      const answer = await begin(headers)
      expect(answer.status).toBe(200)
      expect(answer.headers['mcp-session-id']).toMatch(/^[0-9a-f-]{36}$/)
    }
    expect((await begin(page)).headers['access-control-expose-headers']).toContain('mcp-session-id')
  })
  test('takes a login cookie from the own page only, for reading streams too', async () => {
    const cookie = await loginCookie(daemon)
    expect((await begin({ cookie, origin: daemon.url })).status).toBe(200)
    expectFault(await begin({ cookie }), 403, 'forbidden', 'POST')
    expectFault(await begin({ cookie, origin: 'http://localhost:1' }), 403, 'forbidden', 'POST')
    expectFault(await ask(daemon, 'GET', '/mcp', { accept: 'text/event-stream', cookie }), 403, 'forbidden', 'GET')
  })
  test('keeps a session for its caller: for another it does not exist', async () => {
    await using host = await connectHost(daemon)
    const session = { 'mcp-session-id': host.transport.sessionId ?? '' }
    const { secret } = await daemon.client.tokens.create({ name: 'Other', scopes: ['*:read'] })
    for (const method of methods)
      expectFault(
        await ask(daemon, method, '/mcp', { ...json, ...bearer(secret), ...session }, method === 'POST' ? initialize : undefined),
        404,
        'not_found',
        method,
      )
    expect(await host.names()).toContain('sessions_list')
  })
  test('ends sessions and their streams with DELETE and with the credential', async () => {
    await using host = await connectHost(daemon)
    const session = { 'mcp-session-id': host.transport.sessionId ?? '' }
    expect((await ask(daemon, 'DELETE', '/mcp', { ...bearer(daemon.token), ...session })).status).toBe(200)
    expectFault(await ask(daemon, 'DELETE', '/mcp', { ...bearer(daemon.token), ...session }), 404, 'not_found', 'DELETE')

    const { secret, token } = await daemon.client.tokens.create({ name: 'Short', scopes: ['*:read'] })
    await using short = await connectHost(daemon, secret)
    const stream = await daemon.fetch('/mcp', {
      headers: { authorization: `Bearer ${secret}`, accept: 'text/event-stream', 'mcp-session-id': short.transport.sessionId ?? '' },
    })
    const over = stream.text().catch(() => 'cut')
    await daemon.client.tokens.revoke({ id: token.id })
    await over
    await expect(short.names()).rejects.toThrow(/401|credential|token/i)
  })
  test('refuses what is no JSON, other methods, and a message outside of a session, each as a fault', async () => {
    const head = { ...json, ...bearer(daemon.token) }
    expectFault(await ask(daemon, 'POST', '/mcp', head, '{'), 400, 'invalid', 'broken JSON')
    expectFault(await ask(daemon, 'POST', '/mcp', { ...head, 'content-type': 'text/plain' }, initialize), 400, 'invalid', 'no JSON')
    expect((await ask(daemon, 'POST', '/mcp', head)).status).toBe(400)
    expectFault(await ask(daemon, 'PUT', '/mcp', head, '{}'), 404, 'not_found', 'PUT')
    expectFault(
      await ask(daemon, 'POST', '/mcp', head, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })),
      400,
      'invalid',
      'no session',
    )
    expectFault(await ask(daemon, 'POST', '/mcp', { ...head, 'mcp-session-id': 'none' }, initialize), 404, 'not_found', 'unknown session')
  })
})
test('the audit has who called over MCP, and through which door', async () => {
  await using host = await connectHost(daemon)
  await host.call('agents_create', { name: 'Made over MCP' })
  const events = await daemon.client.events.list({ log: 'agents', limit: 200 })
  expect(JSON.stringify(events.items)).toContain('"door":"mcp"')
})
