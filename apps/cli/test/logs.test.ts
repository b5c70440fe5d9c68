import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { LogLine } from '@steward/contract/daemon'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

const line = (ago: number, component: string, level: string, msg: string, more: object = {}) =>
  `${JSON.stringify({ level, time: new Date(Date.now() - ago).toISOString(), pid: 7, component, msg, ...more })}\n`
const minute = 60_000
const messages = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((text) => (JSON.parse(text) as LogLine).message)

test('the log is read without a daemon: in order over its files, by time, component, level and number', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  expect(await place.run(['logs'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('There is no log') })
  const file = (name: string) => path.join(place.home, 'logs', name)
  mkdirSync(path.join(place.home, 'logs'), { recursive: true })
  writeFileSync(file('steward.20260101T000000000Z.log'), line(60 * minute, 'daemon', 'info', 'one') + line(40 * minute, 'http', 'warn', 'two'))
  writeFileSync(
    file('steward.log'),
    line(5 * minute, 'supervisor', 'info', 'three', { attempt: 2 }) +
      line(minute, 'mcp', 'error', 'four', { error: { type: 'Error', stack: 'Error: four\n    at here' } }),
  )
  writeFileSync(file('crash.log'), `FATAL ERROR: Reached heap limit\n 1: 0xb0\n${line(4 * minute, 'daemon', 'info', 'begun')}`)
  const json = async (...words: string[]) => messages((await place.run(['logs', '--json', ...words])).stdout)
  expect(await json()).toEqual(['one', 'two', 'three', 'FATAL ERROR: Reached heap limit\n 1: 0xb0', 'begun', 'four'])
  expect(await json('--since', '10m')).toEqual(['three', 'FATAL ERROR: Reached heap limit\n 1: 0xb0', 'begun', 'four'])
  expect(await json('--since', new Date(Date.now() - 50 * minute).toISOString(), '--lines', '2')).toEqual(['begun', 'four'])
  expect(await json('--component', 'http,supervisor', '--component', 'mcp')).toEqual(['two', 'three', 'four'])
  expect(await json('--level', 'warn')).toEqual(['two', 'FATAL ERROR: Reached heap limit\n 1: 0xb0', 'four'])
  expect(await json('-n', '1')).toEqual(['four'])
  expect((await place.run(['daemon', 'logs', '--since', '10m'])).stdout).toMatch(
    /^\S+ \S+ info {2}supervisor three attempt=2\nFATAL ERROR: Reached heap limit\n 1: 0xb0\n\S+ \S+ info {2}daemon {5}begun\n\S+ \S+ error mcp {8}four\n {4}Error: four\n {8}at here\n$/,
  )
  expect(await place.run(['logs', '--since', 'yesterday'])).toMatchObject({ code: 2, stderr: expect.stringContaining('such as 10m') })
  expect(await place.run(['logs', '--level', 'loud'])).toMatchObject({ code: 2 })
})
test('following goes on over a restart of the daemon and over files that are put aside', { timeout: 90_000 }, async () => {
  await using place = await createPlace(project)
  await place.run(['start', '--no-open', '--set', 'log.levels={"http":"debug"}'])
  const { child, output } = place.begin(['logs', '-f', '--lines', '0', '--json'])
  const listed = await place.run(['logs', 'list', '--json', '--components', 'daemon'])
  expect((JSON.parse(listed.stdout) as { items: LogLine[] }).items[0]?.message).toBe('Steward is up.')
  // It says nothing before it has begun to look: a line is written until it is seen.
  const file = path.join(place.home, 'logs', 'steward.log')
  const writing = setInterval(() => appendFileSync(file, line(0, 'supervisor', 'info', 'seen')), 200)
  await output.line(/"message":"seen"/, 30_000)
  clearInterval(writing)
  await place.run(['stop'])
  await output.line(/Steward has stopped/, 30_000)
  renameSync(file, path.join(place.home, 'logs', 'steward.20260101T000000000Z.log'))
  await place.run(['start', '--no-open'])
  await output.line(/Steward is up/, 30_000)
  child.kill('SIGINT')
  expect((await output.exited).code).toBe(0)
})
test('what a daemon in the background says when it ends is kept, also over the next start', { timeout: 90_000 }, async () => {
  await using place = await createPlace(project, { NODE_OPTIONS: '--trace-exit' })
  await place.run(['start', '--no-open'])
  await place.run(['stop'])
  await place.run(['start', '--no-open'])
  const said = (await place.run(['logs', '--json'])).stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as LogLine)
  const last = said.findIndex(({ raw }) => raw)
  expect(said[last]?.message).toMatch(/WARNING: Exited the environment with code 0[\s\S]*run-daemon/)
  expect(said[last - 1]?.message).toBe('Steward has stopped.')
  expect(said[last + 1]?.message).toBe('The process has begun.')
})
