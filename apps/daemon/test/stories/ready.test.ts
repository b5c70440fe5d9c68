import { fstatSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { syncToDisk } from '@steward/kernel/barrier'
import { startDaemon } from '../kit.ts'

afterEach(() => void vi.restoreAllMocks())

test('health tells of a live process, with version, protocol and how long it lives', async () => {
  await using daemon = await startDaemon()
  const { status, body } = await daemon.ask('GET', '/health')
  expect([status, body]).toEqual([200, { status: 'ok', version: daemon.served.app.version, protocol: 1, uptimeMs: expect.any(Number) as number }])
  expect(await daemon.ask('GET', '/ready')).toEqual({ status: 200, body: { status: 'ok', checks: { database: true, scheduler: true, disk: true } } })
})
test('a task that is due and is not fired for ten seconds makes the daemon not ready; one that is fired makes it ready again', async () => {
  await using daemon = await startDaemon()
  const ready = () => daemon.ask('GET', '/ready')
  const { id } = await daemon.client.tasks.create({
    name: 'Stuck',
    target: { kind: 'tool', toolId: 'files.list', inputs: {} },
    schedule: { kind: 'cron', expression: '0 3 1 1 *', zone: 'UTC' },
  })
  // Behind the scheduler's back, which sleeps until January.
  const db = new DatabaseSync(path.join(daemon.home, 'agents.db'))
  db.prepare('UPDATE schedules SET next_at = ? WHERE id = ?').run(new Date(Date.now() - 1_000).toISOString(), id)
  db.close()
  expect((await ready()).status, 'it is given ten seconds').toBe(200)
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 11_000)
  expect(await ready()).toMatchObject({
    status: 503,
    body: {
      status: 'unavailable',
      checks: { database: true, disk: true, scheduler: expect.stringMatching(/^What was due at .* has not been fired\.$/) as string },
      error: { code: 'unavailable', retryable: true },
    },
  })
  expect((await daemon.ask('GET', '/health')).status).toBe(200)
  await daemon.client.tasks.update({ id, schedule: { kind: 'cron', expression: '0 3 2 1 *', zone: 'UTC' } })
  expect((await ready()).status).toBe(200)
})
test('a database that cannot be written makes the daemon not ready, and says which', async () => {
  let failing = ''
  await using daemon = await startDaemon({
    sync: async (fd) => {
      if (failing !== '' && fstatSync(fd).ino === statSync(failing).ino) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })
      await syncToDisk(fd)
    },
  })
  expect((await daemon.ask('GET', '/ready')).status).toBe(200)
  failing = path.join(daemon.home, 'agents.db-wal')
  await daemon.ask('POST', '/v1/agents', { name: 'Lost', instructions: 'x' })
  const { status, body } = await daemon.ask('GET', '/ready')
  expect([status, body.checks]).toEqual([503, { database: 'agents cannot be read or written', scheduler: 'The tasks cannot be read.', disk: true }])
  failing = ''
})
