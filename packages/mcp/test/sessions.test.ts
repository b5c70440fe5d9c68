import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { operations } from '@steward/contract/daemon'
import { Fault, faultStatus } from '@steward/contract'
import { expect, test } from 'vitest'
import { createCatalog } from '../src/catalog.ts'
import { createMcpHttp, type McpPort, type SessionLimits } from '../src/http.ts'

/** MCP over HTTP with a port that may do nothing; the header `who` says who calls. */
async function serveNothing(limits: Partial<SessionLimits>) {
  const port: McpPort = {
    may: () => false,
    call: () => Promise.reject(new Error('nothing')),
    outcome: () => Promise.reject(new Error('nothing')),
    cancel: () => Promise.resolve(),
  }
  const reports: unknown[] = []
  const mcp = createMcpHttp({
    catalog: createCatalog(operations, '1.2.3'),
    port: () => port,
    async *changes() {},
    report: (error) => void reports.push(error),
    limits: { idleMs: 60_000, perCaller: 2, inAll: 3, ...limits },
  })
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    const body: unknown = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks as Buffer[]).toString())
    const caller = { id: String(request.headers['who']), kind: 'token' as const, door: 'mcp', scopes: [] }
    await mcp.serve({ request, response, body, caller }).catch((error: unknown) => {
      response.writeHead(error instanceof Fault ? faultStatus[error.code] : 500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
  return {
    mcp,
    reports,
    /** Begins a session; `stream` leaves its stream of news open, as the official client does. */
    async begin(who: string, stream = false) {
      const transport = new StreamableHTTPClientTransport(url, {
        requestInit: { headers: { who } },
        // A server may serve no stream of news: then a session is in use only while it is asked something.
        fetch: async (at, init) => (!stream && init?.method === 'GET' ? new Response(null, { status: 405 }) : fetch(at, init)),
      })
      const client = new Client({ name: 'client', version: '1' })
      await client.connect(transport as Parameters<Client['connect']>[0])
      return {
        client,
        works: () =>
          client.listTools().then(
            () => true,
            () => false,
          ),
      }
    },
    async [Symbol.asyncDispose]() {
      await mcp.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
test('a session that rests ends, and one with an open stream does not rest', async () => {
  await using at = await serveNothing({ idleMs: 2_000 })
  const rests = await at.begin('ann')
  const listens = await at.begin('ann', true)
  await expect.poll(() => at.mcp.sessions(), { timeout: 15_000 }).toBe(1)
  expect([await rests.works(), await listens.works()]).toEqual([false, true])
})
test('a caller with too many sessions loses the one that has rested longest, and another caller loses none', async () => {
  await using at = await serveNothing({})
  const other = await at.begin('ben')
  const first = await at.begin('ann')
  const second = await at.begin('ann')
  expect(await first.works()).toBe(true)
  const third = await at.begin('ann')
  expect([await first.works(), await second.works(), await third.works(), await other.works()]).toEqual([true, false, true, true])
})
test('where every session is in use a new one is refused', async () => {
  await using at = await serveNothing({ perCaller: 1 })
  const first = await at.begin('ann', true)
  await expect.poll(() => first.works()).toBe(true)
  await expect(at.begin('ann')).rejects.toThrow('1 MCP sessions are open already')
  expect(at.mcp.sessions()).toBe(1)
})
test('what closes ends all sessions and takes no new one', async () => {
  await using at = await serveNothing({})
  const one = await at.begin('ann', true)
  await at.mcp.close()
  expect([at.mcp.sessions(), await one.works()]).toEqual([0, false])
  await expect(at.begin('ann')).rejects.toThrow('Steward is stopping')
  expect(at.reports).toEqual([])
})
