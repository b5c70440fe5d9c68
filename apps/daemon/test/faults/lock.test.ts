import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { createWireServer, tempDir, until } from '@steward/testkit'
import { createClient } from '@steward/client'
import { createIpcSender } from '@steward/client/node'
import { expect, test } from 'vitest'
import { openDirect } from '../../src/direct.ts'
import { beginDaemon, daemonEnv } from './daemon-process.ts'

async function place() {
  const root = await tempDir('steward-lock-')
  const wire = await createWireServer({ turns: [{ text: 'Hello.' }] })
  const home = path.join(root.path, 'home')
  return {
    home,
    begin: () => beginDaemon(home, daemonEnv(wire.url, root.path)),
    async [Symbol.asyncDispose]() {
      await wire.close()
      await root[Symbol.asyncDispose]()
    },
  }
}

test('a second daemon on the same folder fails at once with a clear message and exit code 1, and the first goes on', async () => {
  await using at = await place()
  const first = await at.begin().ready
  const { body: session } = await first.ask('POST', '/v1/sessions', { title: 'kept' })
  const began = performance.now()
  const second = at.begin()
  const words = `Another Steward (process ${first.pid}) is using ${at.home}; stop it with \`steward stop\`, or name another folder in STEWARD_HOME.`
  await expect(second.ready).rejects.toThrow(words)
  await second.exited
  expect(second.child.exitCode).toBe(1)
  expect(second.log().trim()).toBe(words)
  expect(performance.now() - began).toBeLessThan(5_000)
  await expect(openDirect({ home: at.home }), 'a command without a daemon is refused, too').rejects.toMatchObject({
    code: 'conflict',
    message: words,
  })

  expect(await first.ask('GET', `/v1/sessions/${session.id}`)).toMatchObject({ status: 200, body: { title: 'kept' } })
  expect(JSON.parse(readFileSync(path.join(at.home, 'run', 'daemon.json'), 'utf8'))).toMatchObject({ pid: first.pid, url: first.url })
  const { socket } = JSON.parse(readFileSync(path.join(at.home, 'run', 'daemon.json'), 'utf8'))
  const client = createClient(createIpcSender({ socket, token: first.token }))
  expect(await client.sessions.get({ id: session.id })).toMatchObject({ title: 'kept' })
  await client.close()
  await first.stop()
})

test('a daemon waits for a command that works without one, and no other such command comes in between', async () => {
  await using at = await place()
  const command = await openDirect({ home: at.home })
  const begun = at.begin()
  await until(() => existsSync(path.join(at.home, 'run', 'starting')), { timeoutMs: 20_000, what: 'the daemon to come to the lock' })
  const { value: session } = await command.call('sessions.create', { title: 'while it waits' })
  await command.close()
  await expect(openDirect({ home: at.home })).rejects.toMatchObject({ code: 'conflict' })
  const daemon = await begun.ready
  expect(await daemon.ask('GET', `/v1/sessions/${(session as { id: string }).id}`)).toMatchObject({ status: 200, body: { title: 'while it waits' } })
  expect(existsSync(path.join(at.home, 'run', 'starting'))).toBe(false)
  await daemon.stop()
})

test('the lock of a killed daemon is free at once, and its stale socket is replaced by one that answers', async () => {
  await using at = await place()
  const first = await at.begin().ready
  const { socket } = JSON.parse(readFileSync(path.join(at.home, 'run', 'daemon.json'), 'utf8'))
  await first.kill()
  expect(existsSync(socket), 'the dead daemon has left its socket').toBe(true)
  const next = await at.begin().ready
  const client = createClient(createIpcSender({ socket, token: next.token }))
  expect((await client.system.status({})).pid).toBe(next.pid)
  await client.close()
  await next.stop()
  expect(existsSync(socket)).toBe(false)
  expect(existsSync(path.join(at.home, 'run', 'daemon.json'))).toBe(false)
})

test('a daemon that was stopped can be started again at once, and keeps its port', async () => {
  await using at = await place()
  const first = await at.begin().ready
  await first.stop()
  const next = await at.begin().ready
  expect(next.pid).not.toBe(first.pid)
  expect(next.url, 'the port is kept').toBe(first.url)
  await next.stop()
})

test('something else that listens where the socket belongs is put out of the way under the lock', async () => {
  await using at = await place()
  const first = await at.begin().ready
  const { socket } = JSON.parse(readFileSync(path.join(at.home, 'run', 'daemon.json'), 'utf8'))
  await first.stop()
  const impostor = createServer(() => undefined)
  await new Promise<void>((resolve) => impostor.listen(socket, resolve))
  const next = await at.begin().ready
  const client = createClient(createIpcSender({ socket, token: next.token }))
  expect((await client.system.status({})).pid).toBe(next.pid)
  await client.close()
  await next.stop()
  await new Promise((resolve) => impostor.close(resolve))
})
