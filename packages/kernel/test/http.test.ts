import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answered } from '../src/http.ts'
import { askAt, codeOf, type Asked } from './ask.ts'
import { ownerToken } from './notes.ts'
import { serveNotebook } from './serve.ts'

let served: Awaited<ReturnType<typeof serveNotebook>>
const auth = { authorization: `Bearer ${ownerToken}` }
beforeAll(async () => {
  served = await serveNotebook()
  await fetch(`${served.url}/v1/notes`, { method: 'POST', headers: { ...auth, 'content-type': 'application/json' }, body: '{"text":"first"}' })
})
afterAll(() => served.close())

const ask: Asked = (method, url, headers, body) => askAt(served.url, method, url, headers, body)
describe('shapes', () => {
  const json = { ...auth, 'content-type': 'application/json' }
  const broken: [string, string, string, Record<string, string>, string | undefined, number][] = [
    ['an unknown path', 'GET', '/v1/nothing', auth, undefined, 404],
    ['a method that the path does not take', 'PUT', '/v1/notes', auth, undefined, 404],
    ['bad percent-encoding', 'GET', '/v1/notes/%zz', auth, undefined, 400],
    ['an id of 5,000 characters', 'GET', `/v1/notes/${'x'.repeat(5_000)}`, auth, undefined, 400],
    ['headers that are too long', 'GET', '/v1/notes', { ...auth, 'x-long': 'x'.repeat(20_000) }, undefined, 413],
    ['broken JSON', 'POST', '/v1/notes', json, '{', 400],
    ['a form', 'POST', '/v1/notes', { ...auth, 'content-type': 'application/x-www-form-urlencoded' }, 'text=x', 400],
    ['100,000 nested arrays', 'POST', '/v1/notes', json, '['.repeat(100_000), 400],
    ['__proto__', 'POST', '/v1/notes', json, '{"text":"x","__proto__":{}}', 400],
    ['a body over the limit', 'POST', '/v1/notes', json, JSON.stringify({ text: 'x'.repeat(2_000_000) }), 413],
    ['a field twice with different values', 'PATCH', '/v1/notes/note_1', json, '{"id":"note_2","text":"x"}', 400],
    ['a field twice in query and body', 'PATCH', '/v1/notes/note_1?text=a', json, '{"text":"x"}', 400],
    ['a bad idempotency key', 'POST', '/v1/notes', { ...json, 'idempotency-key': 'a b' }, '{"text":"x"}', 400],
    ['an unknown query field of a stream', 'GET', '/v1/events?since=1', auth, undefined, 400],
    ['a stream of nothing', 'GET', '/v1/sessions/nowhere/events', auth, undefined, 404],
    ['a failure of ours', 'GET', '/v1/break', auth, undefined, 500],
  ]
  test.each(broken)('%s is a fault in the one shape', async (_what, method, url, headers, body, status) => {
    const answer = await ask(method, url, headers, body)
    expect(answer.status).toBe(status)
    const { error } = JSON.parse(answer.text) as { error: Record<string, unknown> }
    expect(error).toMatchObject({
      code: expect.any(String),
      message: expect.stringMatching(/^[A-Za-z/].*\.$/),
      retryable: expect.any(Boolean),
      requestId: answer.headers['x-request-id'],
    })
    expect(answer.text).not.toContain('secret detail')
  })
  test('success is what the operation says: 201, 202, 204 without a body, lists, HEAD, aliases and request ids', async () => {
    expect((await ask('POST', '/api/v1/notes', json, '{"text":"a"}')).status).toBe(201)
    expect((await ask('POST', '/notes', json, '{"text":"b"}')).status).toBe(201)
    expect((await ask('POST', '/v1/notes', auth, '{"text":"no content type"}')).status).toBe(201)
    expect((await ask('POST', '/api/shuffle', json, '')).status).toBe(202)
    expect(await ask('DELETE', '/v1/notes/note_2', json)).toMatchObject({ status: 204, text: '' })
    const list = await ask('GET', '/api/notes?limit=1&tags=a&tags=b', { ...auth, 'x-request-id': 'mine-1' })
    expect([list.status, JSON.parse(list.text), list.headers['x-request-id']]).toEqual([200, { items: [], nextCursor: null }, 'mine-1'])
    expect(list.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    expect((await ask('GET', '/v1/notes', { ...auth, 'x-request-id': 'not sane' })).headers['x-request-id']).toMatch(/^req_/)
    expect(await ask('HEAD', '/v1/notes', auth)).toMatchObject({ status: 200, text: '' })
    expect((await ask('GET', '/health')).text).toBe('{"status":"ok"}')
    expect((await ask('GET', '/ready')).status).toBe(200)
  })
  test('a server that is not ready says what is missing, as a fault too', async () => {
    const checks = { notes: 'The notebook is full.', disk: true }
    const full = await serveNotebook({ ready: async () => ({ ok: false, checks }), health: () => ({ version: '1.2.3', uptimeMs: 5 }) })
    const ready = await fetch(`${full.url}/ready`)
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', checks, error: expect.objectContaining({ code: 'unavailable', retryable: true, details: { checks } }) as object },
    ])
    expect(await (await fetch(`${full.url}/health`)).json()).toEqual({ status: 'ok', version: '1.2.3', uptimeMs: 5 })
    await full.close()
  })
  test('every request is told of when it was answered, without its query', async () => {
    const told: Answered[] = []
    const place = await serveNotebook({ answered: (one) => void told.push(one) })
    await fetch(`${place.url}/v1/notes?tags=private`, { headers: { ...auth, 'x-request-id': 'mine-2' } })
    await fetch(`${place.url}/v1/nowhere`, { headers: auth })
    await place.close()
    expect(told).toEqual([
      { method: 'GET', path: '/v1/notes', status: 200, ms: expect.any(Number) as number, requestId: 'mine-2' },
      { method: 'GET', path: '/v1/nowhere', status: 404, ms: expect.any(Number) as number, requestId: expect.any(String) as string },
    ])
  })
  test('the same key gives the same answer once, and another body with it is a conflict', async () => {
    const keyed = { ...json, 'idempotency-key': 'k1' }
    const [a, b] = [await ask('POST', '/v1/notes', keyed, '{"text":"once"}'), await ask('POST', '/v1/notes', keyed, '{"text":"once"}')]
    expect([a.text === b.text, b.status]).toEqual([true, 201])
    expect(codeOf(await ask('POST', '/v1/notes', keyed, '{"text":"other"}'))).toBe('conflict')
  })
  test('a request without a Host is refused', async () => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1')
    socket.end('GET /health HTTP/1.1\r\nconnection: close\r\n\r\n')
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text).toMatch(/^HTTP\/1.1 403 [\s\S]*"code":"forbidden"/)
  })
  test('what is no HTTP at all is told so in the one shape', async () => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1')
    socket.end('NONSENSE\r\n\r\n')
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"invalid"/)
  })
  test('an upload form takes its fields before and after the file, and refuses what is no such form', async () => {
    const form = (fill: (form: FormData) => void) => {
      const body = new FormData()
      fill(body)
      return fetch(`${served.url}/v1/sheets`, { method: 'POST', headers: auth, body })
    }
    const file = new File(['hello'], 'h.txt', { type: 'text/plain' })
    const after = await form((one) => {
      one.append('file', file)
      one.append('noteId', 'note_1')
    })
    expect([after.status, await after.json()]).toMatchObject([201, { name: 'h.txt', mediaType: 'text/plain', size: 5 }])
    const named = await form((one) => {
      one.append('name', 'other')
      one.append('file', file)
    })
    expect(await named.json()).toMatchObject({ name: 'other' })
    for (const [fill, status] of [
      [(one: FormData) => one.append('other', file), 400],
      [(one: FormData) => one.append('name', 'x'), 400],
      [(one: FormData) => (one.append('file', file), one.append('wrong', 'x')), 400],
      [(one: FormData) => one.append('file', new File([Buffer.alloc(3_000_001)], 'big')), 413],
    ] as const) {
      const answer = await form(fill)
      expect([answer.status, ((await answer.json()) as { error: { message: string } }).error.message]).toEqual([status, expect.any(String)])
    }
    const chunked = await ask(
      'POST',
      '/v1/sheets?name=a',
      { ...auth, 'transfer-encoding': 'chunked', 'content-type': 'text/plain' },
      'x'.repeat(3_500_000),
    )
    expect([chunked.status, codeOf(chunked)]).toEqual([413, 'too_large'])
  })
  test('a download says its name, type and length, and serves ranges', async () => {
    const up = await ask('POST', '/v1/sheets?name=%C3%A9%22.html', { ...auth, 'content-type': 'text/html' }, '0123456789')
    const { id } = JSON.parse(up.text) as { id: string }
    const get = (range?: string) => ask('GET', `/v1/sheets/${id}`, { ...auth, ...(range ? { range } : {}) })
    expect(await get()).toMatchObject({
      status: 200,
      text: '0123456789',
      headers: {
        'content-length': '10',
        'content-type': 'text/html',
        'accept-ranges': 'bytes',
        'content-disposition': `attachment; filename="__.html"; filename*=UTF-8''%C3%A9%22.html`,
      },
    })
    for (const [range, status, text] of [
      ['bytes=2-4', 206, '234'],
      ['bytes=7-', 206, '789'],
      ['bytes=-2', 206, '89'],
      ['bytes=5-99', 206, '56789'],
      ['bytes=0-1,3-4', 200, '0123456789'],
      ['lines=1-2', 200, '0123456789'],
    ] as const)
      expect(await get(range)).toMatchObject({ status, text })
    expect(await get('bytes=10-')).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } })
    expect(await ask('HEAD', `/v1/sheets/${id}`, auth)).toMatchObject({ status: 200, headers: { 'content-length': '10' } })
  })
})
