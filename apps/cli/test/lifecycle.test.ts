import { isAlive } from '../src/reach/answers.ts'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { until } from '@steward/testkit'
import { atTerminal, hasTerminal } from './at-terminal.ts'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

const address = /^(http:\/\/127\.0\.0\.1:\d+)\/app\/login#code=\S+$/m

test(
  'start returns when the daemon answers, with its address on a line of its own; a second start says it runs; stop ends it',
  { timeout: 60_000 },
  async () => {
    await using place = await createPlace(project)
    expect(await place.run(['status', '--json'])).toMatchObject({ code: 3, stdout: expect.stringContaining('"running":false') })
    const started = await place.run(['start', '--no-open'])
    expect(started).toMatchObject({ code: 0, stdout: expect.stringMatching(address) })
    const url = address.exec(started.stdout)![1]!
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const again = await place.run(['daemon', 'start'])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('already') })
    expect(address.exec(again.stdout)![1]).toBe(url)
    const status = await place.run(['status'])
    expect(status.code).toBe(0)
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, pid: place.daemonPid(), url })
    const pid = place.daemonPid()
    expect(await place.run(['stop'])).toMatchObject({ code: 0, stdout: 'Steward has stopped.\n', stderr: '' })
    expect(isAlive(pid)).toBe(false)
    expect(await place.run(['stop'])).toMatchObject({ code: 0, stdout: 'Steward is not running.\n' })
    expect((await place.run(['status'])).code).toBe(3)
  },
)
test('two starts at once end with one daemon, which both name', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const both = await Promise.all([place.run(['start', '--no-open']), place.run(['start', '--no-open'])])
  for (const one of both) expect(one).toMatchObject({ code: 0, stdout: expect.stringMatching(address) })
  expect(new Set(both.map(({ stdout }) => /process (\d+)/.exec(stdout)![1])).size).toBe(1)
})
test('a start that cannot be says why in a sentence', { timeout: 30_000 }, async () => {
  await using place = await createPlace(project)
  const refused = await place.run(['start', '--no-open', '--host', '0.0.0.0'])
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain('--insecure-http')
  expect((await place.run(['status'])).code).toBe(3)
})
test('in the foreground it stays, and a signal ends both', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const { child, output } = place.begin(['start', '--foreground', '--no-open'])
  await output.line(/#code=/, 30_000)
  const pid = place.daemonPid()
  child.kill('SIGTERM')
  expect((await output.exited).code).toBe(0)
  expect(isAlive(pid)).toBe(false)
})
test('what the container is told to run stays, answers from this machine, and ends in order by SIGTERM', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const [, command = ''] = /^FROM steward AS daemon$[^]*^CMD (\[.+\])$/m.exec(readFileSync(new URL('../../../Dockerfile', import.meta.url), 'utf8'))!
  const words = (JSON.parse(command) as string[]).map((word, at, all) => (all[at - 1] === '--port' ? '0' : word))
  const { child, output } = place.begin(words)
  const [, url] = await output.line(/^(http:\/\/127\.0\.0\.1:\d+)\/app\/login#code=/, 30_000)
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  expect(JSON.parse((await place.run(['status', '--json'])).stdout)).toMatchObject({ running: true, supervised: false })
  child.kill('SIGTERM')
  expect((await output.exited).code).toBe(0)
})
test.skipIf(!hasTerminal)(
  'at a terminal start opens the browser of the user with an address that is good for one login; --no-open does not',
  { timeout: 60_000 },
  async () => {
    await using place = await createPlace(project)
    const opened = path.join(place.project, 'opened')
    const browser = path.join(place.project, 'browser')
    writeFileSync(browser, `#!/bin/sh\necho "$1" >> '${opened}'\n`, { mode: 0o755 })
    await atTerminal(place, ['start', '--no-open'], [], { BROWSER: browser })
    await atTerminal(place, ['daemon', 'start'], [], { BROWSER: browser })
    await atTerminal(place, ['start'], [], { BROWSER: `${browser} %s:other-browser` })
    await until(() => existsSync(opened), { what: 'the browser' })
    const lines = readFileSync(opened, 'utf8').trim().split('\n')
    expect(lines).toEqual([expect.stringMatching(address)])
    const [, url, code] = /^(.+)\/app\/login#code=(\S+)$/.exec(lines[0]!)!
    const login = () => fetch(`${url}/v1/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) })
    expect([(await login()).status, (await login()).status]).toEqual([204, 401])
  },
)
test('where no daemon runs, an operation is done in process and leaves none behind', { timeout: 30_000 }, async () => {
  await using place = await createPlace(project)
  const made = await place.run(['sessions', 'create', '--title', 'direct'])
  expect(made).toMatchObject({ code: 0 })
  const { id } = JSON.parse(made.stdout) as { id: string }
  expect(existsSync(path.join(place.home, 'chat_history.db'))).toBe(true)
  expect(JSON.parse((await place.run(['sessions', 'get', id])).stdout)).toMatchObject({ id, title: 'direct' })
  expect((await place.run(['status'])).code).toBe(3)
})
test('the version, the overview and a misspelt command need no daemon', { timeout: 30_000 }, async () => {
  await using place = await createPlace(project)
  expect(await place.run(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' })
  expect(await place.run([])).toMatchObject({ code: 0, stdout: expect.stringContaining('sessions') })
  expect(await place.run(['sesions', 'list'])).toMatchObject({ code: 2, stderr: expect.stringContaining('sessions') })
  expect(await place.run(['sessions', 'lst'])).toMatchObject({ code: 2, stderr: expect.stringContaining('list') })
  expect(existsSync(place.home)).toBe(false)
})
