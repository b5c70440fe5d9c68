import { mkdtempSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from '../../src/serve.ts'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { ask, bearer, expectFault, expectUnauthenticated } from './wire.ts'

let daemon: TestDaemon
beforeAll(async () => void (daemon = await startDaemon()))
afterAll(() => daemon[Symbol.asyncDispose]())
const later = (ms: number) => new Date(Date.now() + ms).toISOString()
const make = async (scopes: string[], more: { expiresAt?: string } = {}) => daemon.client.tokens.create({ name: 'Test', scopes, ...more })

describe('a token cannot reach beyond itself', () => {
  const nouns = ['sessions', 'tokens', 'files', 'unheardof']
  const verbs = ['read', 'write', 'admin', 'unheardof']
  /** What a scope grants, counted out over nouns and verbs known and unknown: an oracle that knows nothing of how scopes are compared. */
  const grants = (scope: string) => {
    const [noun = '*', verb = '*'] = scope === '*' ? ['*', '*'] : scope.split(':')
    return nouns
      .filter((one) => noun === '*' || noun === one)
      .flatMap((one) => verbs.filter((other) => verb === '*' || verb === other).map((other) => `${one}:${other}`))
  }
  const scopes = ['*', '*:*', '*:read', '*:write', 'sessions:*', 'sessions:read', 'tokens:*', 'tokens:write', 'tokens:read', 'files:admin']
  test.each(scopes)('one that holds %s and may make tokens makes only what it covers', async (held) => {
    const maker = ['tokens:write', held]
    const { secret } = await make(maker)
    const covered = new Set(maker.flatMap(grants))
    for (const wanted of scopes) {
      const answer = await ask(
        daemon,
        'POST',
        '/v1/tokens',
        { ...bearer(secret), 'content-type': 'application/json' },
        JSON.stringify({ name: 'x', scopes: [wanted] }),
      )
      const may = grants(wanted).every((one) => covered.has(one))
      // Two scopes may cover a wildcard together that neither covers alone: refusing it is safe.
      if (answer.status === 201) expect([held, wanted, may]).toEqual([held, wanted, true])
      else expectFault(answer, 403, 'forbidden', wanted)
      if (scopes.includes(wanted) && maker.includes(wanted)) expect(answer.status).toBe(201)
    }
  })
  test('nor outlive its maker', async () => {
    const ends = later(60_000)
    const { secret } = await make(['tokens:write'], { expiresAt: ends })
    const create = async (more: object) =>
      ask(
        daemon,
        'POST',
        '/v1/tokens',
        { ...bearer(secret), 'content-type': 'application/json' },
        JSON.stringify({ name: 'x', scopes: ['tokens:write'], ...more }),
      )
    expect((await create({ expiresAt: later(61_000) })).status).toBe(403)
    expect(JSON.parse((await create({})).text)).toMatchObject({ token: { expiresAt: ends } })
    expect((await create({ expiresAt: null })).status).toBe(400)
  })
  test('nor list tokens, settle approvals, stop the daemon or read events without the scope for it', async () => {
    const { secret } = await make(['tokens:write', 'sessions:*', 'runs:*'])
    const forbidden = [
      ['GET', '/v1/tokens'],
      ['POST', '/v1/approvals/apr_x'],
      ['POST', '/v1/sessions/ses_x/actions'],
      ['POST', '/v1/stop'],
      ['GET', '/v1/events'],
      ['GET', '/v1/event-log'],
      ['GET', '/v1/audit'],
      ['PUT', '/v1/settings/runs.permissionMode'],
      ['POST', '/v1/permissions'],
    ] as const
    for (const [method, at] of forbidden) expectFault(await ask(daemon, method, at, bearer(secret)), 403, 'forbidden', at)
  })
  test('nor make an agent act without asking, by any way, without the scope for permission rules', async () => {
    const { secret } = await make(['sessions:*', 'runs:*', 'tasks:*', 'agents:*', 'approvals:*'])
    const { id: agent } = await daemon.client.agents.create({ name: 'Ours' })
    const { id: session } = await daemon.client.sessions.create({})
    for (const permissionMode of ['auto', 'accept-edits']) {
      const ways = [
        ['POST', '/v1/sessions', { permissionMode }],
        ['POST', '/v1/runs', { subject: { sessionId: session }, input: 'x', permissionMode }],
        ['PATCH', `/v1/tasks/${session}`, { settings: { permissionMode } }],
        ['POST', '/v1/agents', { name: 'Theirs', permissionMode }],
        ['PATCH', `/v1/agents/${agent}`, { permissionMode }],
      ] as const
      for (const [method, at, body] of ways)
        expectFault(
          await ask(daemon, method, at, { ...bearer(secret), 'content-type': 'application/json' }, JSON.stringify(body)),
          403,
          'forbidden',
          at,
        )
    }
  })
  test('a list of tokens never holds a secret or a hash', async () => {
    const { secret } = await make(['system:read'])
    const text = JSON.stringify(await daemon.client.tokens.list({ limit: 200 }))
    expect(text).not.toContain(secret)
    expect(text).not.toMatch(/hash|secret/i)
  })
})

test('secrets are compared in constant time, and never by ===', () => {
  const source = (name: string) => readFileSync(new URL(`../../src/domains/tokens/${name}.ts`, import.meta.url), 'utf8')
  for (const name of ['authenticator', 'cookies', 'login-codes']) {
    expect(source(name)).toContain('timingSafeEqual(')
    expect(source(name)).not.toMatch(/(?:token|secret|cookie|proof|mac|hash|code)\s*[!=]==?\s*(?!undefined|null)\w/i)
  }
})

test.each(['0.0.0.0', '::', '192.168.0.1', '10.0.0.1', '127.0.0.1.example', '127.evil.example', 'localhost.example', 'example.org'])(
  'the daemon does not serve plain HTTP on %s unless that is asked for by name',
  async (host) => {
    const home = mkdtempSync(path.join(path.dirname(daemon.home), 'bind-'))
    await expect(serve({ home, env: {}, http: { host, port: 0 }, logTo: () => undefined })).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining('--insecure-http'),
    })
  },
)
test('asked for by name it does, to the names that it is told', async () => {
  const home = mkdtempSync(path.join(path.dirname(daemon.home), 'bind-'))
  const served = await serve({ home, env: {}, http: { host: '0.0.0.0', port: 0, insecure: true }, logTo: () => undefined })
  try {
    const url = `http://127.0.0.1:${new URL(served.url!).port}`
    expectUnauthenticated(await ask({ url }, 'GET', '/v1/status'), 'the open bind')
    expectFault(await ask({ url }, 'GET', '/v1/status', { host: '192.168.0.9' }), 403, 'forbidden', 'an address nobody named')
  } finally {
    await served.stop()
  }
})
