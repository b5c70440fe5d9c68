import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectOrStart, findDaemon, homeAt, isAlive, type ConnectionState, type ConnectOptions } from '@steward/client/node'
import { tempDir, until } from '@steward/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { createPlace } from './steward.ts'

const bin = fileURLToPath(new URL('../bin/steward.mjs', import.meta.url))
const command = [process.execPath, bin]
/** A home of its own, in which whatever daemon was started is stopped at the end. */
async function place() {
  const made = await createPlace(async (folder) => void mkdirSync(folder, { recursive: true }))
  onTestFinished(() => made[Symbol.asyncDispose]())
  const states: ConnectionState[] = []
  const connect = async (options: ConnectOptions = {}) => {
    const client = await connectOrStart({ home: made.home, command, onState: (state) => states.push(state), ...options })
    onTestFinished(() => client.close())
    return client
  }
  return { ...made, states, connect }
}
test('where no daemon runs one is started, and it goes on when its client leaves', async () => {
  const { connect, states, daemonPid, home } = await place()
  expect(await findDaemon(homeAt(home))).toBeUndefined()
  // The command that is installed beside the client is found by itself.
  const client = await connect({ command: undefined })
  const found = await findDaemon(homeAt(home))
  expect(found?.file.pid).toBe(daemonPid())
  await found?.sender.close()
  expect((await client.tokens.whoami({})).kind).toBe('owner')
  expect(states).toEqual(['starting', 'connected'])
  await client.close()
  expect(states.at(-1)).toBe('closed')
  expect(isAlive(daemonPid())).toBe(true)
  await expect(client.tokens.whoami({})).rejects.toMatchObject({ code: 'unavailable' })
  const again = await connect()
  expect((await again.system.status({})).pid).toBe(daemonPid())
  expect(states.slice(3)).toEqual(['connected'])
})
test('two programs at once end with one daemon', async () => {
  const { connect } = await place()
  const both = await Promise.all([connect(), connect()])
  const pids = await Promise.all(both.map(async (client) => (await client.system.status({})).pid))
  expect(pids[0]).toBe(pids[1])
})
test('after kill -9 of the daemon calls go on, and a stream brings what happens next', async () => {
  const { connect, daemonPid, states } = await place()
  const client = await connect()
  const { id } = await client.sessions.create({ title: 'a' })
  const titles: string[] = []
  const stop = new AbortController()
  const reading = (async () => {
    for await (const item of client.follow({ sessionId: id }, stop.signal))
      if ('event' in item && item.event.name === 'session.renamed') titles.push((item.event.data as { title: string }).title)
  })()
  await client.sessions.rename({ id, title: 'b' })
  await until(() => titles.length === 1, { timeoutMs: 10_000 })
  const killed = daemonPid()
  process.kill(killed, 'SIGKILL')
  await until(() => !isAlive(killed))
  expect(await client.sessions.rename({ id, title: 'c' })).toMatchObject({ title: 'c' })
  await until(() => titles.length === 2, { timeoutMs: 10_000 })
  expect(titles).toEqual(['b', 'c'])
  expect((await client.system.status({})).pid).not.toBe(killed)
  expect(states.slice(0, 3)).toEqual(['starting', 'connected', 'lost'])
  expect(states.at(-1)).toBe('connected')
  stop.abort()
  await reading
})
test('a daemon that was stopped is not started behind the back of whoever stopped it', async () => {
  const { connect, run, states, home } = await place()
  const client = await connect({ limitMs: 5_000 })
  await run(['stop'])
  await until(() => states.includes('lost'), { timeoutMs: 10_000 })
  await expect(client.tokens.whoami({})).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('steward start') })
  expect(states.at(-1)).toBe('stopped')
  await run(['start', '--no-open', '--home', home])
  expect((await client.tokens.whoami({})).kind).toBe('owner')
})
test('a home that cannot be made, and a command that is not there, are told in a sentence', async () => {
  await using dir = await tempDir('steward-connect-')
  const file = path.join(dir.path, 'file')
  writeFileSync(file, 'not a folder')
  const states: ConnectionState[] = []
  const refused = await connectOrStart({ home: path.join(file, 'home'), command, onState: (state) => states.push(state) }).catch(
    (error: unknown) => error,
  )
  expect(refused).toMatchObject({ name: 'Fault', message: expect.stringContaining(file) })
  expect(states).toEqual(['starting', 'closed'])
  expect(readFileSync(file, 'utf8')).toBe('not a folder')
  await expect(connectOrStart({ home: path.join(dir.path, 'home'), command: ['no-such-steward'] })).rejects.toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('no-such-steward'),
  })
})
