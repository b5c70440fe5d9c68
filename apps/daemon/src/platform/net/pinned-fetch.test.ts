import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createPinnedFetch } from './pinned-fetch.ts'

async function makeServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
const options = { allow: ['127.0.0.1'], userAgent: 'test', bytes: 1000 }

test('it sends what a fetch sends and gives what a fetch gives, decoded', async () => {
  await using server = await makeServer((request, response) => {
    response.writeHead(201, { 'content-encoding': 'gzip', 'set-cookie': ['a=1', 'b=2'] })
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sent = { method: request.method, type: request.headers['content-type'], body: Buffer.concat(chunks).toString() }
      response.end(gzipSync(JSON.stringify(sent)))
    })
  })
  const fetch = createPinnedFetch({ ...options, origins: [server.origin] })
  const response = await fetch(`${server.origin}/x`, { method: 'POST', body: new URLSearchParams({ a: 'ü' }) })
  expect(response.status).toBe(201)
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.json()).toMatchObject({
    method: 'POST',
    body: 'a=%C3%BC',
    type: expect.stringMatching(/^application\/x-www-form-urlencoded/),
  })
})

test('it asks no other origin, no private address, and follows no redirect', async () => {
  await using server = await makeServer((_, response) => void response.writeHead(302, { location: '/other' }).end())
  const fetch = createPinnedFetch({ ...options, origins: [server.origin] })
  expect((await fetch(server.origin)).status).toBe(302)
  await expect(fetch('https://example.com/')).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(/none of the addresses/) })
  const named = `http://mcp.example:${server.port}`
  const rebound = createPinnedFetch({ ...options, allow: [], origins: [named], resolve: async () => ['127.0.0.1'] })
  await expect(rebound(named)).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(/not a public address/) })
  const pinned = createPinnedFetch({ ...options, allow: ['mcp.example'], origins: [named], resolve: async () => ['127.0.0.1'] })
  expect((await pinned(named)).status).toBe(302)
})

test('a body is read up to its bound, a stream of events goes on as long as each event is within it', async () => {
  await using server = await makeServer((request, response) => {
    const events = request.url === '/events'
    response.writeHead(200, { 'content-type': events ? 'text/event-stream' : 'application/json' })
    for (let n = 0; n < 20; n += 1) response.write(`data: ${'x'.repeat(90)}\n${events ? '\n' : ''}`)
    response.end()
  })
  const fetch = createPinnedFetch({ ...options, origins: [server.origin] })
  expect((await (await fetch(`${server.origin}/events`)).text()).length).toBeGreaterThan(1900)
  await expect((await fetch(`${server.origin}/body`)).text()).rejects.toMatchObject({ code: 'too_large' })
})

test('a cancelled fetch ends at once', async () => {
  await using server = await makeServer(() => undefined)
  const fetch = createPinnedFetch({ ...options, origins: [server.origin] })
  await expect(fetch(server.origin, { signal: AbortSignal.timeout(20) })).rejects.toThrow(/abort|time/i)
})
