import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import type { Contract } from '@steward/contract'
import { hostEvents, operations } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { createCatalog } from '../src/catalog.ts'
import { newsEvents, newsOf } from '../src/news.ts'
import type { McpPort } from '../src/port.ts'
import { createMcpServer } from '../src/server.ts'

const skill = { name: 'a', description: 'Does a.', updatedAt: '2026-01-01T00:00:00.000Z' }
/** A host of a server that has one skill, `a`; `without` are operations that the contract has not. */
async function host({ may = () => true, without = [] }: { may?: (scope: string) => boolean; without?: readonly string[] } = {}) {
  const port: McpPort = {
    may,
    call: async (operation) =>
      operation.endsWith('.list')
        ? { items: operation === 'skills.list' ? [skill] : [], nextCursor: null }
        : { content: 'Text.', encoding: 'utf8', mediaType: 'text/markdown' },
    outcome: () => Promise.reject(new Error('nothing')),
    cancel: () => Promise.resolve(),
  }
  const contract: Contract = Object.fromEntries(Object.entries(operations).filter(([name]) => !without.includes(name)))
  const catalog = createCatalog(contract, '1.0.0')
  const served = createMcpServer(port, catalog)
  const client = new Client({ name: 'host', version: '1' })
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  await served.server.connect(ours as never)
  await client.connect(theirs)
  return { client, served, catalog }
}
test('a contract that lacks an operation of a kind of resource does not offer the kind', async () => {
  const { client, catalog } = await host({ without: ['skills.file', 'memory.get'] })
  expect(catalog.kinds).toEqual([])
  expect((await host({ without: ['skills.file'] })).catalog.kinds.map(({ scheme }) => scheme)).toEqual(['memory'])
  expect(client.getServerCapabilities()?.resources).toBeUndefined()
  const whole = await host()
  expect(whole.client.getServerCapabilities()?.resources).toEqual({ listChanged: true, subscribe: true })
  expect((await whole.client.listResources()).resources.map(({ uri }) => uri)).toEqual(['skill://a'])
})
test('a host that may not read a kind sees nothing of it', async () => {
  const { client } = await host({ may: (scope) => scope !== 'skills:read' })
  expect((await client.listResources()).resources).toEqual([])
  await expect(client.readResource({ uri: 'skill://a' })).rejects.toThrow('skill://a')
  await expect(client.subscribeResource({ uri: 'skill://a' })).rejects.toThrow('skill://a')
})
test('after a gap in the news a host is told of all that it follows, and of nothing else', async () => {
  const { client, served, catalog } = await host()
  const told: string[] = []
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void told.push(params.uri))
  for (const uri of ['skill://a', 'skill://a/b.md', 'skill://c']) await client.subscribeResource({ uri })
  await served.tell(newsOf(catalog, { name: 'skill.changed', data: { name: 'c' } }))
  await served.tell(newsOf(catalog, { name: 'app.changed', data: {} }))
  await served.tell(newsOf(catalog, { name: 'reset', data: null }))
  await expect.poll(() => told).toEqual(['skill://c', 'skill://a', 'skill://a/b.md', 'skill://c'])
})
test('a daemon tells gateways of all events that are news for hosts', async () => {
  expect(newsEvents((await host()).catalog).toSorted()).toEqual([...hostEvents].toSorted())
})
