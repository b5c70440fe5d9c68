import { Fault } from '@steward/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RawExchange } from '../src/http.ts'
import { ownerToken } from './notes.ts'
import { serveNotebook } from './serve.ts'

let seen: RawExchange[] = []
let notebook: Awaited<ReturnType<typeof serveNotebook>>
const serve = async (exchange: RawExchange) => {
  seen.push(exchange)
  const { request, response, body } = exchange
  if (request.url?.endsWith('?refuse')) throw new Fault('conflict', 'Not like this.')
  if (request.url?.endsWith('?break')) throw new Error('secret inside')
  response.writeHead(200, { 'content-type': 'text/plain' })
  if (request.url?.endsWith('?stay')) return void response.write('first')
  response.end(JSON.stringify(body))
}
beforeAll(async () => void (notebook = await serveNotebook({ raw: [{ path: '/spoken', methods: ['GET', 'POST'], door: 'spoken', serve }] })))
afterAll(() => notebook.close())
const ask = (query: string, init: RequestInit = {}) =>
  fetch(`${notebook.url}/spoken${query}`, {
    ...init,
    headers: { authorization: `Bearer ${ownerToken}`, ...(init.headers as Record<string, string>) },
  })

test('a raw route gets the caller, who came by its own door, and the body; its answer has the headers of every other', async () => {
  seen = []
  const answer = await ask('', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } })
  expect([answer.status, await answer.text()]).toEqual([200, '{"a":1}'])
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('x-request-id')).toMatch(/^req_/)
  expect(seen.map(({ caller }) => caller.door)).toEqual(['spoken'])
})
test('what a raw route throws before its first byte is a fault like any other, and says nothing of its inside', async () => {
  const refused = await ask('?refuse')
  expect([refused.status, await refused.json()]).toEqual([409, { error: expect.objectContaining({ code: 'conflict', message: 'Not like this.' }) }])
  const broken = await ask('?break')
  const text = await broken.text()
  expect([broken.status, text.includes('secret')]).toEqual([500, false])
  expect(notebook.reports).toEqual([expect.objectContaining({ message: 'secret inside' })])
})
test('a raw route is not reached without a credential, from a foreign page, or by another method', async () => {
  seen = []
  expect((await fetch(`${notebook.url}/spoken`)).status).toBe(401)
  expect((await ask('', { headers: { origin: 'https://evil.example' } })).status).toBe(403)
  expect((await ask('', { method: 'DELETE' })).status).toBe(404)
  expect((await ask('', { method: 'HEAD' })).status).toBe(404)
  expect(seen).toEqual([])
})
test('what a raw route still answers is cut when the server closes', async () => {
  const own = await serveNotebook({ raw: [{ path: '/spoken', methods: ['GET'], door: 'spoken', serve }] })
  const answer = await fetch(`${own.url}/spoken?stay`, { headers: { authorization: `Bearer ${ownerToken}` } })
  const rest = answer.text()
  rest.catch(() => undefined)
  await own.close()
  await expect(rest).rejects.toThrow('terminated')
})
