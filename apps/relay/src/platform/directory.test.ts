import { Redis } from 'ioredis'
import { lacking, until } from '@steward/testkit'
import { startRedis } from '@steward/testkit/relay'
import { describe, expect, test } from 'vitest'
import type { Directory } from './directory.ts'
import { createLocalDirectory } from './directory-local.ts'
import { createRedisDirectory } from './directory-redis.ts'
import { openRedis } from './redis.ts'

const lack = lacking('redis-server')
const first = { node: 'a', socket: 'one' }
const second = { node: 'b', socket: 'two|2' }
const redisDirectory = async (url: string, times: { ttlMs?: number; refreshMs?: number } = {}) => {
  const reports: unknown[] = []
  const report = (error: unknown) => void reports.push(error)
  const redis = await openRedis({ url, purpose: 'test', report })
  await until(() => redis.status === 'ready')
  const directory = createRedisDirectory({ redis, report, ...times })
  return { ...directory, redis, reports, [Symbol.asyncDispose]: async () => redis.disconnect() }
}
const local = async () => ({ mine: createLocalDirectory(), [Symbol.asyncDispose]: async () => undefined })
const overRedis = async () => {
  const server = await startRedis()
  const directory = await redisDirectory(server.url)
  return {
    mine: directory as Directory,
    async [Symbol.asyncDispose]() {
      directory.redis.disconnect()
      await server[Symbol.asyncDispose]()
    },
  }
}
describe.each([
  ['on one node', local, null],
  ['over Redis', overRedis, lack],
])('a directory %s', (_name, open, missing) => {
  test.skipIf(missing !== null)(
    `the newest claim holds, the one before it is named, and only the holder can give it up${missing ?? ''}`,
    async () => {
      await using directory = await open()
      const { claim, release, find, findMany, close } = directory.mine
      expect(await claim('machine:1', first)).toBeUndefined()
      expect(await claim('machine:1', first)).toBeUndefined()
      expect(await claim('machine:1', second)).toEqual(first)
      await release('machine:1', first)
      expect(await find('machine:1')).toEqual(second)
      await claim('machine:2', first)
      expect(await findMany(['machine:2', 'machine:0', 'machine:1'])).toEqual([first, undefined, second])
      expect(await findMany([])).toEqual([])
      await release('machine:1', second)
      expect(await find('machine:1')).toBeUndefined()
      await close()
      expect(await find('machine:2')).toBeUndefined()
    },
  )
})
describe.skipIf(lack !== null)(`nodes that share a directory${lack ?? ''}`, () => {
  test('a claim outlives its time while its node is there, and is forgotten when the node is gone', async () => {
    await using server = await startRedis()
    await using a = await redisDirectory(server.url, { ttlMs: 400, refreshMs: 50 })
    await using b = await redisDirectory(server.url)
    await a.claim('machine:1', first)
    const stranger = new Redis(server.url)
    await stranger.set('steward:0:directory:machine:0', '1|c|three', 'PX', 800)
    await until(async () => (await b.find('machine:0')) === undefined)
    stranger.disconnect()
    expect(await b.find('machine:1')).toEqual(first)
    a.redis.disconnect()
    await until(async () => (await b.find('machine:1')) === undefined)
  })
  test('after a Redis that forgot everything, every node puts its own back, and the newer of two claims wins whoever comes first', async () => {
    await using server = await startRedis()
    await using a = await redisDirectory(server.url)
    await using b = await redisDirectory(server.url)
    await a.claim('machine:1', first)
    await b.claim('machine:1', second)
    await b.claim('machine:2', second)
    await a.claim('machine:2', first)
    for (let index = 0; index < 1200; index++) await a.claim(`many:${index}`, first)
    await server.restart()
    await using c = await redisDirectory(server.url)
    const keys = ['machine:1', 'machine:2', 'many:0', 'many:1199']
    await until(async () => (await c.findMany(keys)).every(Boolean))
    await until(async () => (await c.find('machine:1'))?.node === 'b')
    expect(await c.findMany(keys)).toEqual([second, first, first, first])
  })
  test('while Redis is away a node finds its own, and what it claims then is known to all afterwards', async () => {
    await using server = await startRedis()
    await using a = await redisDirectory(server.url)
    await using b = await redisDirectory(server.url)
    await b.claim('machine:1', second)
    await b.claim('machine:3', second)
    await server.kill()
    await until(() => a.redis.status !== 'ready' && b.redis.status !== 'ready')
    expect(await a.claim('machine:1', first)).toBeUndefined()
    expect(await a.findMany(['machine:1', 'machine:3'])).toEqual([first, undefined])
    await b.release('machine:3', second)
    await server.restart()
    await until(async () => (await b.find('machine:1'))?.node === 'a')
    expect(await a.find('machine:3')).toBeUndefined()
    expect(b.reports.map(String)).toEqual(['Error: Redis cannot be reached (test); the relay goes on trying.'])
  })
  test('what is given up while a node refreshes what it has does not come back', async () => {
    await using server = await startRedis()
    await using a = await redisDirectory(server.url)
    await using b = await redisDirectory(server.url)
    for (let index = 0; index < 1200; index++) await a.claim(`many:${index}`, first)
    const refreshed = 'steward:0:directory:many:1198'
    await b.redis.pexpire(refreshed, 10_000)
    a.redis.emit('ready')
    await a.release('many:1199', first)
    await until(async () => (await b.redis.pttl(refreshed)) > 30_000)
    expect(await b.findMany(['many:1198', 'many:1199'])).toEqual([first, undefined])
  })
  test('a claim that another node has taken over is not fought for', async () => {
    await using server = await startRedis()
    await using a = await redisDirectory(server.url, { refreshMs: 20 })
    await using b = await redisDirectory(server.url)
    await a.claim('machine:1', first)
    await b.claim('machine:1', second)
    await a.claim('probe', first)
    // Two rounds of refreshing have passed when the probe has come back twice.
    for (let round = 0; round < 2; round++) {
      await b.redis.del('steward:0:directory:probe')
      await until(async () => (await b.find('probe')) !== undefined)
    }
    await a.release('machine:1', first)
    expect(await b.find('machine:1')).toEqual(second)
    expect(await a.find('machine:1')).toEqual(second)
    await b.release('machine:1', second)
    expect(await a.find('machine:1')).toBeUndefined()
  })
})
