import { inspect } from 'node:util'
import { lacking, until } from '@steward/testkit'
import { startRedis } from '@steward/testkit/relay'
import { describe, expect, test } from 'vitest'
import { openRedis, redisPrefix } from './redis.ts'

const lack = lacking('redis-server')
describe.skipIf(lack !== null)(`a connection to Redis${lack ?? ''}`, () => {
  test('that is refused is reported once, with the reason and without the password, and is there when Redis lets it in', async () => {
    await using server = await startRedis()
    const owner = await openRedis({ url: server.url, purpose: 'owner', report: () => undefined })
    await until(() => owner.status === 'ready')
    await owner.config('SET', 'requirepass', 'the-right-one')
    const reports: unknown[] = []
    let tries = 0
    const url = server.url.replace('redis://', 'redis://:the-wrong-one@')
    const redis = await openRedis({ url, purpose: 'test', report: (error) => reports.push(error) })
    redis.on('reconnecting', () => tries++)
    await until(() => tries >= 3)
    expect(reports).toHaveLength(1)
    const shown = inspect(reports, { depth: 10, showHidden: true })
    expect(shown).toContain('Redis cannot be reached (test)')
    expect(shown).toContain('WRONGPASS')
    expect(shown).not.toContain('the-wrong-one')
    await owner.config('SET', 'requirepass', 'the-wrong-one')
    await until(() => redis.status === 'ready')
    for (const each of [owner, redis]) each.disconnect()
  })
  test('fails a command at once while Redis is away, and two relays in two databases of it keep apart', async () => {
    await using server = await startRedis()
    const [zero, one] = await Promise.all(['', '/1'].map((path) => openRedis({ url: server.url + path, purpose: 'test', report: () => undefined })))
    if (!zero || !one) throw new Error('no connections')
    expect([redisPrefix(zero), redisPrefix(one)]).toEqual(['steward:0:', 'steward:1:'])
    await until(() => zero.status === 'ready')
    await server.pause()
    const unanswered = zero.get('a').catch(String)
    await server.kill()
    expect(await unanswered).toContain('retries')
    await until(() => zero.status !== 'ready')
    await expect(zero.get('a')).rejects.toThrow('enableOfflineQueue')
    for (const each of [zero, one]) each.disconnect()
  })
})
