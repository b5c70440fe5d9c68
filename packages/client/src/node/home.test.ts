import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { tempDir } from '@steward/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { answers, isAlive } from './answers.ts'
import { homeAt, readDaemonFile, readGatewayKey, readToken } from './home.ts'

afterEach(() => void vi.unstubAllEnvs())

test('the home is what is given, else STEWARD_HOME, else a folder of the user', () => {
  vi.stubEnv('STEWARD_HOME', '/srv/steward')
  expect([homeAt('/a/../b').path, homeAt().path, homeAt().log]).toEqual([path.resolve('/b'), '/srv/steward', '/srv/steward/logs/steward.log'])
  vi.stubEnv('STEWARD_HOME', '')
  expect(homeAt().path).toBe(path.join(homedir(), '.steward'))
})
test('what a daemon has written down is read; what is missing, torn or something else is nothing', async () => {
  await using dir = await tempDir()
  const home = homeAt(dir.path)
  expect([readDaemonFile(home), readToken(home), readGatewayKey(home)]).toEqual([undefined, undefined, undefined])
  mkdirSync(path.join(home.path, 'run'))
  const write = (name: string, text: string) => writeFileSync(path.join(home.path, 'run', name), text)
  for (const torn of ['', '{"pid":1,', 'null', '{"pid":"1","socket":"/s"}']) {
    write('daemon.json', torn)
    expect(readDaemonFile(home)).toBeUndefined()
  }
  write('daemon.json', '{"pid":1,"socket":"/s"}')
  write('token', ' stw_a\n')
  write('gateway.key', '\n')
  expect([readDaemonFile(home), readToken(home), readGatewayKey(home)]).toEqual([{ pid: 1, socket: '/s' }, 'stw_a', undefined])
  mkdirSync(path.join(home.path, 'other', 'run', 'token'), { recursive: true })
  expect(() => readToken(homeAt(path.join(home.path, 'other')))).toThrow('EISDIR')
})
test('a process that is there is alive, one that is not is not, and a socket that nobody serves does not answer', async () => {
  expect([isAlive(process.pid), isAlive(1), isAlive(2 ** 22 + 1)]).toEqual([true, true, false])
  expect(await answers('/nowhere/at/all')).toBe(false)
})
