import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { context, makeWorld, ready, toolNamed } from './testing/place.ts'

/** A server that answers calls of a tool by the given ending of a stream, and everything else as it should. */
async function makeCutting(cut: (response: ServerResponse, id: number) => void) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.method !== 'POST') return void response.writeHead(405).end()
      const message = JSON.parse(Buffer.concat(chunks).toString()) as { id?: number; method: string; params?: { protocolVersion?: string } }
      if (message.id === undefined) return void response.writeHead(202).end()
      if (message.method === 'tools/call') return cut(response.writeHead(200, { 'content-type': 'text/event-stream' }), message.id)
      const results: Readonly<Record<string, unknown>> = {
        initialize: { protocolVersion: message.params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'cut', version: '1' } },
        'tools/list': { tools: [{ name: 'cut', inputSchema: { type: 'object' } }] },
        ping: {},
      }
      const body = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: results[message.method] })
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
const flood = (response: ServerResponse): void => {
  while (response.write(`data: ${'x'.repeat(65_536)}\n`));
  response.once('drain', () => flood(response))
}

test.each([
  ['is cut off', (response: ServerResponse) => void response.write(': \n\n', () => response.destroy()), /broke before the answer was complete/],
  ['ends without an answer', (response: ServerResponse) => void response.end(': \n\n'), /ended its answer before it was complete/],
  ['never ends', flood, /bytes, which is not read/],
])('a call whose stream %s fails soon, and the server is used on', async (_, cut, words) => {
  await using server = await makeCutting(cut)
  await using world = await makeWorld()
  const connection = world.connect({ kind: 'http', url: server.url, headers: {} })
  await ready(connection)
  const from = performance.now()
  await expect(toolNamed(connection, 'cut').run({}, context())).rejects.toMatchObject({ code: 'failed', message: expect.stringMatching(words) })
  expect(performance.now() - from).toBeLessThan(5000)
  expect(connection.state().state).toBe('ready')
})

test('an answer at the very end of a stream is taken', async () => {
  await using server = await makeCutting((response, id) => {
    response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'whole' }] } })}\n\n`)
  })
  await using world = await makeWorld()
  const connection = world.connect({ kind: 'http', url: server.url, headers: {} })
  await ready(connection)
  expect((await toolNamed(connection, 'cut').run({}, context())).text).toBe('whole')
})
