import { lacking, until } from '@steward/testkit'
import { startRedis } from '@steward/testkit/relay'
import { describe, expect, test } from 'vitest'
import { createLocalLock } from './lock-local.ts'
import { createRedisLock } from './lock-redis.ts'
import { openRedis } from './redis.ts'

test('on one node the work of a name always runs, one at a time and in order, also after one that failed', async () => {
  const withLock = createLocalLock()
  const steps: string[] = []
  const gate = Promise.withResolvers<void>()
  const failing = withLock('sweep', 1000, async () => {
    steps.push('first in')
    await gate.promise
    steps.push('first out')
    throw new Error('failed')
  })
  const waiting = withLock('sweep', 1000, async () => void steps.push('second'))
  await withLock('another', 1000, async () => void steps.push('another'))
  gate.resolve()
  await expect(failing).rejects.toThrow('failed')
  expect(await waiting).toBe(true)
  expect(steps).toEqual(['first in', 'another', 'first out', 'second'])
})

const lack = lacking('redis-server')
const node = async (url: string) => {
  const redis = await openRedis({ url, purpose: 'test', report: () => undefined })
  await until(() => redis.status === 'ready')
  return { redis, withLock: createRedisLock({ redis }), [Symbol.dispose]: () => redis.disconnect() }
}
describe.skipIf(lack !== null)(`locks that nodes share${lack ?? ''}`, () => {
  test('while one node does the work no other does, for as long as it takes; then, or when it failed, the next one may', async () => {
    await using server = await startRedis()
    using a = await node(server.url)
    using b = await node(server.url)
    const gate = Promise.withResolvers<void>()
    let lost = false
    const long = a.withLock('sweep', 150, async (signal) => {
      signal.addEventListener('abort', () => (lost = true))
      await gate.promise
      throw new Error('failed')
    })
    // A lock without an owner is gone after its 150 ms: the owner has renewed its own when that is so.
    await a.redis.set('dead', '1', 'PX', 300)
    let ran = 0
    await until(async () => {
      if (await b.withLock('sweep', 150, async () => void ran++)) throw new Error('two at a time')
      return (await a.redis.exists('dead')) === 0
    })
    expect(await b.withLock('another', 150, async () => undefined)).toBe(true)
    gate.resolve()
    await expect(long).rejects.toThrow('failed')
    expect(await b.withLock('sweep', 150, async () => void ran++)).toBe(true)
    expect([ran, lost]).toEqual([1, false])
  })
  test('work is told when its lock is lost, and does not take away the lock of the next one', async () => {
    await using server = await startRedis()
    using a = await node(server.url)
    using b = await node(server.url)
    // It is told at the next renewal, after 2 s, and not only when the lock's time is over.
    await a.withLock('sweep', 6_000, async (signal) => {
      await b.redis.set('steward:0:lock:sweep', 'of another')
      await until(() => signal.aborted, { timeoutMs: 4_500 })
      expect(String(signal.reason)).toContain('sweep')
    })
    expect(await b.redis.get('steward:0:lock:sweep')).toBe('of another')
  })
  test('where Redis is away nothing is run, and where it is silent work under way is told to stop when its time is over', async () => {
    await using server = await startRedis()
    using a = await node(server.url)
    let aborted = false
    await a.withLock('sweep', 200, async (signal) => {
      // When this is gone, the lock has been renewed.
      await a.redis.set('dead', '1', 'PX', 300)
      await until(async () => (await a.redis.exists('dead')) === 0)
      await server.pause()
      await until(() => signal.aborted)
      aborted = true
      server.resume()
    })
    expect(aborted).toBe(true)
    await server.kill()
    expect(await a.withLock('sweep', 200, async () => undefined)).toBe(false)
  })
})
