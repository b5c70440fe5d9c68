import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import { until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { isAlive } from '../src/reach/answers.ts'
import { project } from './project.ts'
import { createPlace, type Place } from './steward.ts'

interface State {
  readonly pid: number
  readonly daemonPid: number
  readonly state: string
}
const state = (place: Place) => JSON.parse(readFileSync(path.join(place.home, 'run', 'supervisor.json'), 'utf8')) as State
const status = async (place: Place) => JSON.parse((await place.run(['status', '--json'])).stdout)
const skip = process.platform === 'win32'

test('after the sixth fast crash Steward stays down, status says why, and a start begins anew', { timeout: 90_000, skip }, async () => {
  await using place = await createPlace(project)
  await place.run(['daemon', 'start'])
  const { pid } = state(place)
  for (let crash = 1, last = 0; crash <= 6; crash++) {
    await until(() => state(place).daemonPid !== last && state(place).state !== 'pausing', {
      timeoutMs: 30_000,
      what: `the daemon after crash ${crash - 1}`,
    })
    last = state(place).daemonPid
    process.kill(last, 'SIGKILL')
  }
  await until(() => !isAlive(pid), { timeoutMs: 10_000, what: 'the supervisor to give up' })
  const why = expect.stringMatching(/crashed six times within a minute; the last time it was ended by SIGKILL/)
  expect(await place.run(['daemon', 'status', '--json'])).toMatchObject({ code: 3 })
  expect(await status(place)).toMatchObject({ running: false, supervised: false, supervisor: { state: 'gave-up', restarts: 5, crashes: 6, why } })
  expect(readFileSync(path.join(place.home, 'logs', 'steward.log'), 'utf8')).toContain('The supervisor gives up')
  expect((await place.run(['daemon', 'start'])).code).toBe(0)
  expect(await status(place)).toMatchObject({ running: true, supervised: true, supervisor: { restarts: 0, crashes: 0, why: null } })
})
test('when the supervisor is killed Steward goes on; the next start puts it under a new one, as it was', { timeout: 60_000, skip }, async () => {
  await using place = await createPlace(project)
  await place.run(['daemon', 'start', '--http'])
  const before = state(place)
  process.kill(before.pid, 'SIGKILL')
  await until(async () => (await status(place)).supervised === false, { timeoutMs: 10_000, what: 'the daemon to notice' })
  const { id } = JSON.parse((await place.run(['sessions', 'create', '--title', 'meanwhile'])).stdout) as { id: string }
  const again = await place.run(['daemon', 'start'])
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('#code='), stderr: expect.stringContaining('started anew') })
  expect(isAlive(before.daemonPid), 'the old one has ended').toBe(false)
  expect(await status(place)).toMatchObject({ running: true, supervised: true, pid: state(place).daemonPid })
  expect(JSON.parse((await place.run(['sessions', 'get', id])).stdout)).toMatchObject({ title: 'meanwhile' })
  const { pid, daemonPid } = state(place)
  expect((await place.run(['stop'])).code).toBe(0)
  expect([pid, daemonPid].filter(isAlive), 'a stop ends both').toEqual([])
})
test('daemon start listens on its socket alone; with --http the port answers; restart keeps what was said', { timeout: 90_000 }, async () => {
  await using place = await createPlace(project)
  const started = await place.run(['daemon', 'start'])
  expect(started).toMatchObject({ code: 0, stdout: expect.stringContaining('no HTTP') })
  expect(listening(place.daemonPid()), 'no port').toEqual([])
  const pid = place.daemonPid()
  const again = await place.run(['start', '--no-open'])
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`running already (process ${pid})`),
    stderr: expect.stringContaining('restart --http'),
  })
  const refused = await place.run(['daemon', 'restart', '--port', '1'])
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--http') })
  expect(place.daemonPid(), 'and nothing was stopped for it').toBe(pid)
  const served = await place.run(['daemon', 'restart', '--http'])
  const url = /^(http:\/\/127\.0\.0\.1:\d+)\//m.exec(served.stdout)![1]!
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect(place.daemonPid()).not.toBe(pid)
  const kept = await place.run(['daemon', 'restart'])
  expect(kept.stdout).toContain(`${url}/app/login#code=`)
  await place.run(['stop'])
  expect(await place.run(['daemon', 'restart'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('no HTTP'),
    stderr: expect.stringContaining('not running'),
  })
})
/** TCP ports a process listens on, by /proc; none known elsewhere than on Linux. */
function listening(pid: number): string[] {
  if (process.platform !== 'linux') return []
  const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1))
  const own = socketsOf(pid)
  return rows.map((row) => row.trim().split(/\s+/)).flatMap((fields) => (fields[3] === '0A' && own.has(fields[9] ?? '') ? [fields[1] ?? ''] : []))
}
function socketsOf(pid: number): Set<string> {
  return new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    }),
  )
}
