import { connectSocket, http, login, newAccount } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { createRelayPlace } from './place.ts'

const canary = 'canary-7Yq2-not-to-be-read'
interface Line {
  readonly level: string
  readonly msg: string
  readonly requestId?: string
  readonly operation?: string
  readonly event?: string
  readonly status?: number
  readonly ms?: number
}
test(
  'the log tells of each request by id, operation, status and duration, and never of tokens, bodies, queries or what is sealed',
  { timeout: 120_000 },
  async () => {
    await using place = await createRelayPlace()
    const relay = await place.start(['--log-level', 'trace', '--metrics-port', '0'])
    const token = await login(relay.url, newAccount())
    const api = http(relay.url, token)
    const created = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: canary, metadata: canary })
    const { id } = created.body.session
    await api.post(`/v3/sessions/${id}/messages`, { messages: [{ content: canary, localId: canary }] })
    await api.get(`/v3/sessions/${id}/messages?token=${canary}&after_seq=${canary}`)
    await api.get(`/v1/${canary}?key=${canary}`)
    await api.request('POST', '/v1/auth', { body: `{"publicKey": "${canary}` })
    await http(relay.url, canary).get('/v1/auth/me')
    await http(relay.url, `${token}${canary}`).get('/v1/auth/me')
    await api.request('GET', '/v1/sessions', { headers: { 'x-happy-client': `${canary}/1`, cookie: canary, 'x-api-key': canary } })
    await expect(connectSocket(relay.url, { token: canary })).rejects.toThrow('Invalid authentication token')
    await expect(connectSocket(relay.url, { token, clientType: canary } as never)).rejects.toThrow(/handshake/)
    using socket = await connectSocket(relay.url, { token, happyClient: canary })
    await socket.call('message', { sid: id, message: canary, localId: `${canary}2` })
    await socket.call('update-metadata', { sid: canary, expectedVersion: 0, metadata: canary })
    relay.signal('SIGTERM')
    await relay.ended
    const text = relay.log.join('\n')
    expect(text).not.toContain(canary)
    expect(text).not.toContain(token.slice(0, 30))
    expect(text).not.toContain(token.split('.')[2])
    const lines = relay.log.map((line) => JSON.parse(line) as Line)
    const told = lines.filter(({ msg }) => msg === 'request').map(({ operation, status, level }) => `${level} ${operation} ${status}`)
    expect(told).toEqual([
      'debug auth.login 200',
      'debug sessions.create 200',
      'debug messages.append 200',
      'info messages.page 400',
      'info GET unknown route 404',
      'info auth.login 400',
      'info auth.me 401',
      'info auth.me 401',
      'debug sessions.list 200',
    ])
    expect(lines.filter(({ msg }) => msg === 'event')).toMatchObject([
      { event: 'message', ms: expect.any(Number) },
      { event: 'update-metadata', ms: expect.any(Number) },
    ])
    for (const line of lines.filter(({ msg }) => msg === 'request'))
      expect(line).toMatchObject({ requestId: expect.stringMatching(/./), ms: expect.any(Number) })
  },
)
test('metrics tell of requests, sockets, queries, sessions and errors, with few labels whatever clients send', { timeout: 120_000 }, async () => {
  await using place = await createRelayPlace()
  const without = await place.start()
  expect((await http(without.url).get('/metrics')).status).toBe(404)
  without.signal('SIGTERM')
  await without.ended
  const relay = await place.start(['--log-level', 'silent', '--metrics-port', '0'])
  expect(relay.metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
  const metrics = async () => (await http(new URL(relay.metricsUrl ?? '').origin).get<string>('/metrics')).body
  const token = await login(relay.url, newAccount())
  const api = http(relay.url, token)
  const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
  const { id } = body.session
  using socket = await connectSocket(relay.url, { token, clientType: 'session-scoped', sessionId: id })
  await socket.call('message', { sid: id, message: 'c', localId: '1' })
  await socket.call('update-metadata', { sid: 'none', expectedVersion: 0, metadata: 'm' })
  using machine = await connectSocket(relay.url, { token, clientType: 'machine-scoped', machineId: 'm1' })
  await machine.serve('m1:bash', () => 'sealed')
  using phone = await connectSocket(relay.url, { token })
  expect(await phone.call('rpc-call', { method: 'm1:bash', params: 'p' })).toMatchObject({ ok: true })
  expect(await phone.call('rpc-call', { method: `m1:${canary}`, params: 'p', timeoutMs: 1_000 }, 30_000)).toMatchObject({ ok: false })
  for (let turn = 0; turn < 50; turn++) {
    await api.request('GET', `/v1/nothing-${turn}`, { headers: { 'x-happy-client': `type-${turn}/1.0.${turn}` } })
    await api.request('GET', `/v3/sessions/${id}/messages?after_seq=${turn}`, { headers: { 'x-happy-client': `ios/1.0.${turn}` } })
  }
  const text = await metrics()
  const value = (name: string, labels: Readonly<Record<string, string>> = {}) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && Object.entries(labels).every(([label, of]) => line.includes(`${label}="${of}"`)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  expect(text).toContain('app="steward-relay"')
  expect(value('http_requests_total', { method: 'POST', route: '/v1/sessions', status: '200', client_type: 'none' })).toBe(1)
  expect(value('http_requests_total', { method: 'GET', status: '200', client_type: 'ios' })).toBe(50)
  expect(value('http_requests_total', { method: 'GET', route: 'none', status: '404', client_type: 'other' })).toBe(50)
  expect(value('http_request_duration_seconds_count', { method: 'POST', route: '/v1/auth', status: '200' })).toBe(1)
  expect(value('websocket_connections_total', { type: 'session-scoped' })).toBe(1)
  expect(value('websocket_events_total', { event_type: 'message' })).toBe(1)
  expect(value('errors_total', { door: 'http', code: '404' })).toBe(50)
  expect(value('errors_total', { door: 'socket', code: 'not_found' })).toBe(1)
  expect(value('sessions_active')).toBe(1)
  expect(value('rpc_calls_total', { method: 'bash', result: 'success' })).toBe(1)
  expect(value('rpc_calls_total', { method: 'other', result: 'failure' })).toBe(1)
  expect(value('database_records_total', { table: 'messages' })).toBe(1)
  expect(value('database_query_duration_seconds_count', { kind: 'insert', result: 'ok' })).toBeGreaterThan(3)
  expect(value('change_delivery_seconds_count')).toBe(1)
  expect(text).not.toMatch(/type-\d|nothing-\d/)
  expect(text).not.toContain(id)
  expect(text).not.toContain(canary)
  expect((await http(new URL(relay.metricsUrl ?? '').origin).get('/')).status).toBe(404)
})
