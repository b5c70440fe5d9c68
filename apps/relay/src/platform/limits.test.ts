import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { lacking, until } from '@steward/testkit'
import { startRedis } from '@steward/testkit/relay'
import { describe, expect, test } from 'vitest'
import { createLimits } from './limits.ts'
import { openRedis } from './redis.ts'

/** After a collection of garbage. */
const heapUsed = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
const three = { points: 3, perMs: 60_000 }
const refused = { ok: false, retryAfterMs: expect.any(Number) }

test('a key may so many times in its window, each kind and key for itself, and hears when it may again', async () => {
  const { take } = createLimits()
  const answers = []
  for (let count = 0; count < 4; count++) answers.push(await take('login', '10.0.0.1', three))
  expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }, refused])
  expect(answers[3]).toSatisfy((answer: { retryAfterMs: number }) => answer.retryAfterMs > 50_000 && answer.retryAfterMs <= 60_000)
  expect(await take('login', '10.0.0.2', three)).toEqual({ ok: true })
  expect(await take('pairing', '10.0.0.1', three)).toEqual({ ok: true })
  expect(await take('login', '10.0.0.1', { points: 100, perMs: 60_000 })).toEqual({ ok: true })
})
test('when the window is over the key may again', async () => {
  const { take } = createLimits()
  const once = { points: 1, perMs: 500 }
  await take('login', 'a', once)
  expect(await take('login', 'a', once)).toEqual(refused)
  await until(async () => (await take('login', 'a', once)).ok)
})
test('a flood of keys, however long, takes up bounded memory and does not free one that keeps on trying', async () => {
  const { take } = createLimits()
  // As flat in memory as what comes in over a socket.
  const long = (index: number) => Buffer.from(`${index}`.padEnd(10_000, 'k')).toString('latin1')
  for (let count = 0; count < 4; count++) await take('login', 'busy', three)
  const before = heapUsed()
  for (let index = 0; index < 60_000; index++) {
    await take('login', long(index), three)
    if (index % 10_000 === 0) expect(await take('login', 'busy', three)).toEqual(refused)
  }
  expect(await take('login', long(59_999), three)).toEqual({ ok: true })
  expect(heapUsed() - before).toBeLessThan(50_000_000)
  // The oldest were forgotten.
  for (let count = 0; count < 3; count++) expect(await take('login', long(0), three)).toEqual({ ok: true })
})

const lack = lacking('redis-server')
const node = async (url: string) => {
  const reports: unknown[] = []
  const report = (error: unknown) => void reports.push(error)
  const redis = await openRedis({ url, purpose: 'test', report, commandTimeoutMs: 1_000 })
  await until(() => redis.status === 'ready')
  return { ...createLimits({ redis, report }), redis, reports, [Symbol.dispose]: () => redis.disconnect() }
}
describe.skipIf(lack !== null)(`limits that nodes share${lack ?? ''}`, () => {
  test('what one node has counted counts on all, and the window ends', async () => {
    await using server = await startRedis()
    using a = await node(server.url)
    using b = await node(server.url)
    const limit = { points: 2, perMs: 1_000 }
    expect(await a.take('login', 'x', limit)).toEqual({ ok: true })
    expect(await b.take('login', 'x', limit)).toEqual({ ok: true })
    expect([await a.take('login', 'x', limit), await b.take('login', 'x', limit)]).toEqual([refused, refused])
    await until(async () => (await b.take('login', 'x', limit)).ok)
    expect(await a.redis.keys('*')).toEqual(['steward:0:limit:login:x'])
  })
  test.each(['gone', 'silent'])('while Redis is %s each node counts alone, and together again afterwards', async (how) => {
    await using server = await startRedis()
    using a = await node(server.url)
    using b = await node(server.url)
    for (let count = 0; count < 3; count++) await a.take('login', 'x', three)
    if (how === 'gone') await server.kill()
    else await server.pause()
    const answers = await Promise.all([1, 2, 3, 4].map(() => b.take('login', 'y', three)))
    expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }, refused])
    if (how === 'gone') await server.restart()
    else server.resume()
    await until(() => a.redis.status === 'ready' && b.redis.status === 'ready')
    for (let count = 0; count < 3; count++) await a.take('login', 'z', three)
    expect(await b.take('login', 'z', three)).toEqual(refused)
  })
})
