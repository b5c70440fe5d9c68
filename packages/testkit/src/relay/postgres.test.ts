import { existsSync, readFileSync } from 'node:fs'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../until.ts'
import { createDatabase, lackingPostgres, startPostgres } from './index.ts'
import type { PostgresServer } from './index.ts'

/** A connection whose loss is no crash of the test. */
async function connected(url: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}
const settled = (promise: Promise<unknown>): (() => boolean) => {
  let isSettled = false
  const note = () => (isSettled = true)
  promise.then(note, note)
  return () => isSettled
}

const lack = lackingPostgres()
describe.skipIf(lack !== null)(`a throw-away PostgreSQL${lack ?? ''}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  test('each test has a database of its own, which is gone after it even when somebody is still connected', async () => {
    await using one = await createDatabase(server.url)
    await using two = await createDatabase(server.url)
    await using inOne = await connected(one.url)
    await using inTwo = await connected(two.url)
    await inOne.query('CREATE TABLE only_here (x INT)')
    await expect(inTwo.query('SELECT * FROM only_here')).rejects.toThrow('does not exist')
    await one.drop()
    await expect(connected(one.url)).rejects.toThrow('does not exist')
  })

  test('a paused server answers nothing, and everything once it is resumed', async () => {
    await using client = await connected(server.url)
    await server.pause()
    const answer = client.query('SELECT 42 AS n')
    const isSettled = settled(answer)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(isSettled()).toBe(false)
    server.resume()
    expect((await answer).rows).toEqual([{ n: 42 }])
  })

  test.each(['restart', 'kill'] as const)(
    '%s cuts all connections in the middle of their work, and what was committed is there afterwards',
    async (how) => {
      await using database = await createDatabase(server.url)
      await using client = await connected(database.url)
      await client.query('CREATE TABLE kept (x INT)')
      await client.query('INSERT INTO kept VALUES (1)')
      await client.query('BEGIN')
      await client.query('INSERT INTO kept VALUES (2)')
      const work = client.query('SELECT pg_sleep(60)').then(
        () => 'done',
        () => 'cut',
      )
      if (how === 'kill') {
        await server.kill()
        await expect(connected(database.url)).rejects.toThrow('ECONNREFUSED')
      }
      await server.restart()
      expect(await work).toBe('cut')
      await using again = await connected(database.url)
      expect((await again.query('SELECT x FROM kept')).rows).toEqual([{ x: 1 }])
    },
  )

  test('a restart ends a pause', async () => {
    await server.pause()
    await server.restart()
    await using client = await connected(server.url)
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
  })

  test('only a durable server syncs its commits, and nothing of a stopped or killed one is left', async () => {
    for (const durable of [true, false]) {
      const own = await startPostgres({ durable })
      const client = await connected(own.url)
      expect((await client.query('SHOW fsync')).rows).toEqual([{ fsync: durable ? 'on' : 'off' }])
      const { data } = (await client.query("SELECT current_setting('data_directory') AS data")).rows[0]
      const memory = readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n')[6]!.trim().split(/\s+/)[1]!
      if (durable) await own.kill()
      await own.stop()
      expect(existsSync(data)).toBe(false)
      expect(readFileSync('/proc/sysvipc/shm', 'utf8')).not.toMatch(new RegExp(`^\\s*-?\\d+\\s+${memory}\\s`, 'm'))
      await until(
        () =>
          connected(own.url).then(
            () => false,
            () => true,
          ),
        { what: 'the port to be closed' },
      )
    }
  })
})
