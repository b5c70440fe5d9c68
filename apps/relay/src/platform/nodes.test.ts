import { lacking, until } from '@steward/testkit'
import { startRedis } from '@steward/testkit/relay'
import { describe, expect, test } from 'vitest'
import { createRedisBus } from './bus-redis.ts'
import { createNodes, type NodeTopics } from './nodes.ts'

const lack = lacking('redis-server')
describe.skipIf(lack !== null)(`nodes over Redis${lack ?? ''}`, () => {
  test('nodes know each other at once, hear a goodbye, and miss one that has fallen silent', async () => {
    await using redis = await startRedis()
    const open = async (node: string) => {
      const bus = await createRedisBus<NodeTopics>({ url: redis.url, node, report: () => undefined })
      const nodes = createNodes(bus, { sayEveryMs: 20, silentMs: 400 })
      const gone: string[] = []
      const come: string[] = []
      nodes.onGone((name) => void gone.push(name))
      nodes.onCome((name) => void come.push(name))
      return { bus, nodes, gone, come }
    }
    const a = await open('a')
    const b = await open('b')
    const c = await open('c')
    await until(() => [a, b, c].every(({ nodes }) => nodes.all().toSorted().join('') === 'abc'))
    expect(a.come.toSorted()).toEqual(['b', 'c'])
    b.nodes.leave()
    await until(() => !a.nodes.all().includes('b') && !c.nodes.all().includes('b'))
    // Not even a goodbye.
    await c.bus.close()
    await until(() => a.gone.includes('c'))
    expect([a.nodes.isThere('a'), a.nodes.isThere('c'), a.nodes.all()]).toEqual([true, false, ['a']])
    expect(a.gone).toEqual(['b', 'c'])
    for (const { bus, nodes } of [a, b, c]) {
      nodes.leave()
      await bus.close()
    }
  })
})
