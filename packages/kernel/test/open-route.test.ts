import { Fault } from '@steward/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenRequest } from '../src/doors/http-options.ts'
import { askAt, codeOf } from './ask.ts'
import { serveNotebook } from './serve.ts'

let seen: OpenRequest[] = []
let notebook: Awaited<ReturnType<typeof serveNotebook>>
const serve = async (request: OpenRequest) => {
  seen.push(request)
  if (request.id === 'refuse') throw new Fault('too_many', 'Not so often.', { retryAfterMs: 4_200 })
  return { status: 202, body: { id: request.id, text: Buffer.from(request.body).toString() } }
}
beforeAll(async () => void (notebook = await serveNotebook({ open: [{ path: '/v1/bells/{id}', method: 'POST', maxBytes: 100, serve }] })))
afterAll(() => notebook.close())
const ring = (id: string, headers: Record<string, string> = {}, body?: string) => askAt(notebook.url, 'POST', `/v1/bells/${id}`, headers, body)

test('an open route takes a request without a credential, whatever its kind of body, as it came', async () => {
  seen = []
  for (const [type, body] of [
    ['application/json', '{ "a": 1 }'],
    ['application/x-www-form-urlencoded', 'a=1'],
    [undefined, ''],
  ] as const) {
    const answer = await ring('one', type === undefined ? {} : { 'content-type': type }, body)
    expect([answer.status, JSON.parse(answer.text)]).toEqual([202, { id: 'one', text: body }])
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  }
  expect(seen.map(({ address }) => address)).toEqual(Array(3).fill('127.0.0.1'))
})
test('what it throws is a fault like any other', async () => {
  const refused = await ring('refuse')
  expect([refused.status, codeOf(refused), refused.headers['retry-after']]).toEqual([429, 'too_many', '5'])
})
test('it is no way past the checks of addresses, of size, or to another method', async () => {
  seen = []
  expect((await ring('one', { host: 'evil.example' })).status).toBe(403)
  expect((await ring('one', { origin: 'https://evil.example' })).status).toBe(403)
  expect((await ring('one', { 'content-type': 'application/json' }, 'x'.repeat(101))).status).toBe(413)
  expect((await askAt(notebook.url, 'GET', '/v1/bells/one')).status).toBe(401)
  expect((await askAt(notebook.url, 'POST', '/v1/bells/one/more')).status).toBe(401)
  expect(seen).toEqual([])
})
