import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { lacking } from '../lacking.ts'
import { startRedis } from './index.ts'

const connect = (url: string): Redis & Disposable => {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  return Object.assign(client, { [Symbol.dispose]: () => client.disconnect() })
}

const lack = lacking('redis-server')
describe.skipIf(lack !== null)(`a throw-away Redis${lack ?? ''}`, () => {
  test('it stores, stands still while paused, and has forgotten everything after a restart on the same port', async () => {
    await using server = await startRedis()
    using client = connect(server.url)
    await client.set('a', '1')
    await server.pause()
    const answer = client.get('a')
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 300, 'nothing'))])
    expect(first).toBe('nothing')
    server.resume()
    expect(await answer).toBe('1')
    await server.restart()
    expect(await client.get('a')).toBeNull()
  })

  test('killed it refuses connections until it is restarted, and stopped for good', async () => {
    const server = await startRedis()
    const refused = async () => {
      const client = new Redis(server.url, { lazyConnect: true, retryStrategy: null })
      client.on('error', () => undefined)
      await expect(client.connect()).rejects.toThrow(/ECONNREFUSED|closed/)
    }
    await server.kill()
    await refused()
    await server.restart()
    using client = connect(server.url)
    expect(await client.ping()).toBe('PONG')
    await server.stop()
    await refused()
  })
})
