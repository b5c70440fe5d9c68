import { Fault } from '@steward/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { askAt, codeOf, type Asked } from './ask.ts'
import { contract, ownerToken } from './notes.ts'
import { serveNotebook } from './serve.ts'

let served: Awaited<ReturnType<typeof serveNotebook>>
const auth = { authorization: `Bearer ${ownerToken}` }
beforeAll(async () => {
  served = await serveNotebook({
    login: (code) => {
      if (code !== 'right') throw new Fault('unauthenticated', 'This code is not known or was used.')
      return { cookie: 'good-cookie', maxAgeSeconds: 60 }
    },
  })
  await fetch(`${served.url}/v1/notes`, { method: 'POST', headers: { ...auth, 'content-type': 'application/json' }, body: '{"text":"first"}' })
})
afterAll(() => served.close())

const ask: Asked = (method, url, headers, body) => askAt(served.url, method, url, headers, body)
const preflight = (origin: string) => ask('OPTIONS', '/v1/notes', { origin, 'access-control-request-method': 'POST' })
function upgrade(headers: Record<string, string>, protocols: string[] = [], url = '/v1/ws'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(served.url.replace('http', 'ws') + url, protocols, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
}
const routes = Object.values(contract).map(({ http }) => {
  const [method = '', url = ''] = http.split(' ')
  return { method, url: url.replace('{id}', 'note_1') }
})
const streams = [
  { method: 'GET', url: '/v1/events' },
  { method: 'GET', url: '/v1/sessions/book/events' },
]
const closedRoutes = [
  ...routes,
  ...streams,
  { method: 'GET', url: '/openapi.json' },
  { method: 'GET', url: '/docs' },
  { method: 'GET', url: '/v1/nothing' },
]

describe('who may come in', () => {
  test.each(closedRoutes)('$method $url is closed without a credential, with a wrong, expired or misplaced one', async ({ method, url }) => {
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: 'Bearer expired' },
      { authorization: 'Basic x' },
      { 'x-api-key': 'wrong' },
      { cookie: 'steward=bad' },
    ]) {
      const answer = await ask(method, url, headers as Record<string, string>)
      expect([answer.status, codeOf(answer), answer.headers['www-authenticate']]).toEqual([401, 'unauthenticated', 'Bearer realm="steward"'])
    }
    expect((await ask(method, `${url}?token=${ownerToken}&access_token=${ownerToken}`)).status).toBe(401)
    expect((await ask(method, url, { authorization: 'Bearer tried-too-often' })).status).toBe(429)
  })
  test.each([...routes, ...streams])('$method $url is refused to a credential without its scope', async ({ method, url }) => {
    expect(codeOf(await ask(method, url, { 'x-api-key': 'nothing' }))).toBe('forbidden')
  })
  test('the WebSocket is closed to the same credentials, before the upgrade', async () => {
    expect(await upgrade({})).toBe(401)
    for (const token of ['wrong', 'expired']) expect(await upgrade({}, ['steward.v1', `bearer.${token}`])).toBe(401)
    expect(await upgrade({}, [], `/v1/ws?token=${ownerToken}`)).toBe(401)
    expect(await upgrade({}, ['steward.v1', `bearer.${ownerToken}`])).toBe(101)
    expect(await upgrade(auth)).toBe(101)
    expect(await upgrade(auth, [], '/api/ws')).toBe(101)
    expect(await upgrade(auth, [], '/v1/elsewhere')).toBe(404)
    expect(await upgrade({ cookie: 'steward=good-cookie' })).toBe(403)
    expect(await upgrade({ cookie: 'steward=good-cookie', origin: served.url })).toBe(101)
    expect(await upgrade({ cookie: 'steward=good-cookie', origin: 'http://localhost:1' })).toBe(403)
  })
  const addresses: [Record<string, string>, number][] = [
    [{ host: 'evil.example' }, 403],
    [{ host: 'localhost.evil.example' }, 403],
    [{ host: 'a@127.0.0.1' }, 403],
    [{ host: '0.0.0.0' }, 403],
    [{ host: 'localhost:99' }, 200],
    [{ host: '[::1]:80' }, 200],
    [{ host: 'STEWARD.example' }, 200],
    [{ origin: 'null' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'https://console.example.evil.example' }, 403],
    [{ origin: 'http://console.example' }, 403],
    [{ origin: 'nonsense' }, 403],
    [{ origin: 'file://' }, 403],
    [{ origin: 'https://console.example' }, 200],
    [{ origin: 'http://localhost:5173' }, 200],
    [{ host: 'steward.example', origin: 'https://steward.example' }, 200],
  ]
  test.each(addresses)('a request with %j gets %i on every route, health, streams and upgrades', async (headers, status) => {
    for (const url of ['/health', '/v1/notes', '/v1/events', '/', '/docs']) {
      const answer = await ask('GET', url, { ...auth, ...headers })
      expect([url, answer.status === 403]).toEqual([url, status === 403])
      expect(answer.status === 403 ? codeOf(answer) : 'forbidden').toBe('forbidden')
    }
    expect(await upgrade({ ...auth, ...headers })).toBe(status === 403 ? 403 : 101)
  })
  test('a login code becomes a cookie, which changes things only from our own page', async () => {
    expect((await ask('POST', '/v1/login', { 'content-type': 'application/json' }, '{"code":"wrong"}')).status).toBe(401)
    expect((await ask('POST', '/v1/login', { 'content-type': 'application/json' }, '{}')).status).toBe(400)
    const login = await ask('POST', '/v1/login', { 'content-type': 'application/json' }, '{"code":"right"}')
    expect([login.status, login.headers['set-cookie']]).toEqual([204, ['steward=good-cookie; Path=/; Max-Age=60; HttpOnly; SameSite=Strict']])
    const cookie = { cookie: 'a=b; steward=good-cookie', 'content-type': 'application/json' }
    const add = (headers: Record<string, string>) => ask('POST', '/v1/notes', { ...cookie, ...headers }, '{"text":"x"}')
    expect((await ask('GET', '/v1/notes', cookie)).status).toBe(200)
    expect((await add({})).status).toBe(403)
    expect((await add({ origin: 'http://localhost:5173' })).status).toBe(403)
    expect((await add({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await add({ 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    expect((await add({ origin: served.url })).status).toBe(201)
    expect((await add({ origin: 'https://console.example' })).status).toBe(201)
  })
  test('allowed pages may ask across origins; only trusted ones with the cookie', async () => {
    expect(await preflight('http://localhost:5173')).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': 'http://localhost:5173', vary: 'Origin' },
    })
    expect((await preflight('http://localhost:5173')).headers['access-control-allow-credentials']).toBeUndefined()
    expect((await preflight('https://console.example')).headers['access-control-allow-credentials']).toBe('true')
    expect((await preflight('https://evil.example')).status).toBe(403)
  })
})
