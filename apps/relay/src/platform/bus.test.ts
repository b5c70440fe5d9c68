import { Redis } from 'ioredis'
import { lacking, until } from '@steward/testkit'
import { startRedis } from '@steward/testkit/relay'
import { describe, expect, test } from 'vitest'
import type { Bus } from './bus.ts'
import { createLocalBus } from './bus-local.ts'
import { writeFrame } from './bus-frame.ts'
import { createRedisBus } from './bus-redis.ts'

type Signals = {
  changed: { account: string; seq: number }
  data: { stream: string; bytes: Uint8Array }
  odd: unknown
}
type Node = Bus<Signals> & AsyncDisposable & { readonly reports: string[] }
const own = (bus: Bus<Signals>, reports: string[]): Node => ({ ...bus, reports, [Symbol.asyncDispose]: () => bus.close() })
const localNode = (): Node => {
  const reports: string[] = []
  return own(createLocalBus<Signals>({ node: 'only', report: (error) => reports.push(String(error)) }), reports)
}
const redisNode = async (url: string, node: string): Promise<Node> => {
  const reports: string[] = []
  return own(await createRedisBus<Signals>({ url, node, report: (error) => reports.push(String(error)) }), reports)
}
const told = <T extends keyof Signals>(bus: Bus<Signals>, topic: T): [Signals[T], string][] => {
  const list: [Signals[T], string][] = []
  bus.on(topic, (payload, from) => list.push([payload, from]))
  return list
}

test('on a node that is alone, what it sends to itself arrives, what it publishes does not, and nobody else is there', async () => {
  await using bus = localNode()
  const changed = told(bus, 'changed')
  bus.publish('changed', { account: 'a', seq: 1 })
  bus.send('another', 'changed', { account: 'a', seq: 2 })
  bus.send('only', 'changed', { account: 'a', seq: 3 })
  await until(() => changed.length > 0)
  expect(changed).toEqual([[{ account: 'a', seq: 3 }, 'only']])
  expect([bus.clustered, bus.connected(), bus.dropped()]).toEqual([false, true, 0])
})
test('a reader that fails is reported and keeps nothing from the others, and one that has left hears nothing', async () => {
  await using bus = localNode()
  const leave = bus.on('changed', () => {
    throw new Error('broken reader')
  })
  const changed = told(bus, 'changed')
  bus.send('only', 'changed', { account: 'a', seq: 1 })
  await until(() => changed.length === 1)
  expect(bus.reports).toEqual(['Error: broken reader'])
  leave()
  bus.send('only', 'changed', { account: 'a', seq: 2 })
  await until(() => changed.length === 2)
  expect(bus.reports).toHaveLength(1)
})

const lack = lacking('redis-server')
describe.skipIf(lack !== null)(`nodes over Redis${lack ?? ''}`, () => {
  test('what a node publishes all others hear in order, and what it sends only the one it is for', async () => {
    await using redis = await startRedis()
    await using a = await redisNode(redis.url, 'a')
    await using b = await redisNode(redis.url, 'b')
    await using c = await redisNode(redis.url, 'c')
    const [atA, atB, atC] = [a, b, c].map((bus) => told(bus, 'changed'))
    for (let seq = 1; seq <= 100; seq++) {
      a.publish('changed', { account: 'x', seq })
      a.send('b', 'changed', { account: 'y', seq })
    }
    a.send('a', 'changed', { account: 'z', seq: 0 })
    await until(() => atB?.length === 200 && atC?.length === 100 && atA?.length === 1)
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1)
    expect(atC).toEqual(numbers.map((seq) => [{ account: 'x', seq }, 'a']))
    expect(atB).toEqual(numbers.flatMap((seq) => ['x', 'y'].map((account) => [{ account, seq }, 'a'])))
    expect(atA).toEqual([[{ account: 'z', seq: 0 }, 'a']])
  })
  test('256 KiB of bytes arrive as they were', async () => {
    await using redis = await startRedis()
    await using a = await redisNode(redis.url, 'a')
    await using b = await redisNode(redis.url, 'b')
    const data = told(b, 'data')
    const bytes = new Uint8Array(256 * 1024).map((_, index) => index * 31)
    a.send('b', 'data', { stream: 's', bytes })
    await until(() => data.length === 1)
    expect(data[0]?.[0].stream).toBe('s')
    expect(Buffer.compare(data[0]?.[0].bytes ?? Buffer.alloc(0), bytes)).toBe(0)
  })
  test('after a restart of Redis nodes hear each other again and are told that hints may be missing; meanwhile hints are dropped', async () => {
    await using redis = await startRedis()
    await using a = await redisNode(redis.url, 'a')
    await using b = await redisNode(redis.url, 'b')
    let rings = 0
    for (const bus of [a, b]) bus.onReconnect(() => rings++)
    const changed = told(b, 'changed')
    await redis.kill()
    await until(() => !a.connected() && !b.connected())
    a.publish('changed', { account: 'x', seq: 1 })
    a.send('b', 'changed', { account: 'x', seq: 2 })
    expect(a.dropped()).toBe(2)
    expect(rings).toBe(0)
    await redis.restart()
    await until(() => rings === 2)
    expect([a.connected(), b.connected()]).toEqual([true, true])
    a.publish('changed', { account: 'x', seq: 3 })
    await until(() => changed.length > 0)
    expect(changed).toEqual([[{ account: 'x', seq: 3 }, 'a']])
  })
  test('a Redis that stands still holds up nobody: what is under way stays bounded, the rest is dropped, and all goes on afterwards', async () => {
    await using redis = await startRedis()
    await using a = await redisNode(redis.url, 'a')
    await using b = await redisNode(redis.url, 'b')
    const data = told(b, 'data')
    const changed = told(b, 'changed')
    await redis.pause()
    const bytes = new Uint8Array(1024 * 1024)
    for (let sent = 0; sent < 100; sent++) a.publish('data', { stream: 's', bytes })
    expect(a.dropped()).toBeGreaterThanOrEqual(67)
    expect(a.dropped()).toBeLessThan(72)
    redis.resume()
    await until(() => data.length === 100 - a.dropped())
    await until(() => {
      a.publish('changed', { account: 'x', seq: 1 })
      return changed.length > 0
    })
  })
  test('a Redis that stays silent is found out, and the nodes meet again when it speaks', { timeout: 60_000 }, async () => {
    await using redis = await startRedis()
    await using a = await redisNode(redis.url, 'a')
    let rings = 0
    a.onReconnect(() => rings++)
    await redis.pause()
    await until(() => !a.connected(), { timeoutMs: 30_000, what: 'the silence to be noticed' })
    redis.resume()
    await until(() => rings > 0, { timeoutMs: 20_000, what: 'the way to open again' })
    expect(a.connected()).toBe(true)
  })
  test('a node that starts while Redis is away works, says so, and hears the others once it is there', async () => {
    await using redis = await startRedis()
    await redis.kill()
    await using a = await redisNode(redis.url, 'a')
    expect(a.connected()).toBe(false)
    expect(a.reports).toContainEqual(expect.stringContaining('Redis cannot be reached'))
    let rings = 0
    a.onReconnect(() => rings++)
    const changed = told(a, 'changed')
    await redis.restart()
    await until(() => rings === 1)
    await using b = await redisNode(redis.url, 'b')
    b.publish('changed', { account: 'x', seq: 1 })
    await until(() => changed.length === 1)
  })
  test('what another version has written, and what cannot be written, is reported and dropped', async () => {
    await using redis = await startRedis()
    await using a = await redisNode(redis.url, 'a')
    await using b = await redisNode(redis.url, 'b')
    const changed = told(b, 'changed')
    const stranger = new Redis(redis.url)
    const later = writeFrame('c', 'changed', { account: 'x', seq: 0 })
    later[0] = 2
    for (const bytes of [later, Buffer.alloc(0), Buffer.from([9, 1, 97]), Buffer.from([1, 1, 97, 7, ...Buffer.from('changed'), 1, 2, 3])])
      await stranger.publish('steward:0:bus:all', bytes)
    stranger.disconnect()
    a.publish('odd', () => undefined)
    a.publish('changed', { account: 'x', seq: 1 })
    await until(() => changed.length === 1)
    expect(changed).toEqual([[{ account: 'x', seq: 1 }, 'a']])
    expect(b.reports).toEqual(['Error: 1 hints of another version of the relay were not read.'])
    expect(a.reports).toContainEqual('Error: 1 hints could not be written and were dropped.')
    expect(a.dropped()).toBe(1)
  })
})
