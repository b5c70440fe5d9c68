import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { lacking, spawnLines, until } from '@steward/testkit'
import { findMarked, homeMark, sweepSurvivors } from './marked.ts'
import { createProcesses } from './processes.ts'
import { makePlaces, modes, type Places, withoutBwrap } from './testing/places.ts'
import { never, shell, start } from './testing/start.ts'

const survivors = (at: Places): Promise<number[]> => findMarked(`${homeMark(at.home)}:`)
const noneLeft = (at: Places) => until(async () => (await survivors(at)).length === 0, { what: 'the end of all children' })

test.skipIf(withoutBwrap !== null)(`the sandbox by bubblewrap is shown on this host${withoutBwrap ?? ''}`, () =>
  expect(modes).toContain('bubblewrap'),
)

const lack = lacking('bash', 'setsid', 'sed')
describe.skipIf(lack !== null).each(modes)(`children with sandbox %s${lack ?? ''}`, (mode) => {
  test('a command answers with its output, its errors and its exit code, and reads what it is given', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    const seen: string[] = []
    const result = await processes.run(shell(at, 'cat; echo err >&2; pwd; exit 3', { stdin: 'hello €\n' }), never, (chunk) => seen.push(chunk))
    expect(result).toMatchObject({ exitCode: 3, signal: null, stdout: `hello €\n${at.work}\n`, stderr: 'err\n', droppedBytes: 0, timedOut: false })
    expect(seen.join('')).toContain('hello €')
    expect(await processes.run(shell(at, 'cat'), never)).toMatchObject({ exitCode: 0, stdout: '' })
    expect(processes.sandboxKind).toBe(mode)
  })

  test('a flood of output is cut in the middle, said, and does not fill the memory', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    const result = await processes.run(
      shell(at, 'echo first; head -c 20000000 /dev/zero | tr "\\0" x; echo; echo last', { outputBytes: 1000 }),
      never,
    )
    expect(result.stdout).toMatch(/^first\nx+\n\[… \d+ bytes left out …\]\nx+\nlast\n$/)
    expect(result.droppedBytes).toBe(20_000_012 - 1000)
  })

  test('the environment has no secrets', async () => {
    await using at = await makePlaces()
    for (const name of ['ANTHROPIC_API_KEY', 'GH_TOKEN', 'AWS_SESSION', 'STEWARD_THING', 'PLAIN_ALLOWED', 'PLAIN']) vi.stubEnv(name, 'planted-value')
    await using processes = await start(at, mode, { allowEnv: ['PLAIN_ALLOWED', 'GH_TOKEN'] })
    const { stdout } = await processes.run(
      shell(at, 'env; cat /proc/*/environ 2>/dev/null | tr "\\0" "\\n" | grep -c planted-value; true', { env: { GIVEN: 'yes' } }),
      never,
    )
    vi.unstubAllEnvs()
    const names = stdout.split('\n').filter((line) => line.includes('planted-value'))
    expect(names).toEqual(['PLAIN_ALLOWED=planted-value'])
    expect(stdout).toContain('GIVEN=yes')
    expect(stdout).toContain('TERM=dumb')
    expect(stdout).toMatch(/STEWARD_CHILD=[0-9a-f]{16}:d1\.1\./)
  })

  test('a child that ignores SIGTERM is ended at its time limit, with its grandchildren in sessions of their own', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    const result = await processes.run(
      shell(at, `trap '' TERM; setsid sleep 300 & setsid bash -c 'trap "" TERM; sleep 301' & echo on; while :; do sleep 0.05; done`, {
        timeoutMs: 300,
      }),
      never,
    )
    expect(result).toMatchObject({ exitCode: null, timedOut: true, stdout: 'on\n' })
    expect(result.signal).toMatch(/^SIG(KILL|TERM)$/)
    expect(result.durationMs).toBeLessThan(2300)
    await noneLeft(at)
  })

  test('a cancelled command is final within 2 s, and one that heeds SIGTERM may clean up', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    const cancelled = async (line: string): Promise<{ stdout: string; ms: number }> => {
      const cancel = new AbortController()
      let at0 = 0
      const result = await processes.run(shell(at, line), cancel.signal, () => {
        at0 ||= performance.now()
        cancel.abort()
      })
      expect(result).toMatchObject({ exitCode: null, timedOut: false })
      return { stdout: result.stdout, ms: performance.now() - at0 }
    }
    const deaf = await cancelled(`trap '' TERM INT HUP; echo on; while :; do (sleep 0.01 &) ; sleep 0.01; done`)
    expect(deaf.ms).toBeLessThan(2000)
    const polite = await cancelled(`trap 'echo bye; exit 0' TERM; echo on; while :; do sleep 0.01; done`)
    expect(polite.stdout).toBe('on\nbye\n')
    await noneLeft(at)
    const before = new AbortController()
    before.abort(new Error('too late'))
    await expect(processes.run(shell(at, 'true'), before.signal)).rejects.toThrow('too late')
  })

  test('what a command leaves in the background ends with it, and does not hold it up', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    const result = await processes.run(shell(at, '(setsid sleep 300 &); sleep 301 & echo done'), never)
    expect(result).toMatchObject({ exitCode: 0, stdout: 'done\n' })
    expect(result.durationMs).toBeLessThan(2000)
    await noneLeft(at)
  })

  test('a command that cannot begin is a failure in words, not an exit code of its own', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    await writeFile(path.join(at.work, 'broken'), '#!/no/such/interpreter\n', { mode: 0o755 })
    await expect(processes.run(shell(at, '', { command: [path.join(at.work, 'broken')] }), never)).rejects.toMatchObject({
      name: 'ToolError',
      code: 'failed',
      message: expect.stringMatching(/could not be started/),
    })
    expect(await processes.run(shell(at, 'exit 1'), never)).toMatchObject({ exitCode: 1 })
    expect(await processes.run(shell(at, 'kill -9 $$'), never)).toMatchObject({ timedOut: false })
  })

  test('a program outside of the workspace runs wherever its file lies, with what stands beside it', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    await mkdir(path.join(at.other, 'bin'))
    await writeFile(path.join(at.other, 'bin', 'words'), 'beside\n')
    await writeFile(path.join(at.other, 'bin', 'tool'), '#!/bin/sh\ncat "$(dirname "$(realpath "$0")")/words"\n', { mode: 0o755 })
    await symlink(path.join(at.other, 'bin', 'tool'), path.join(at.other, 'link'))
    for (const name of ['bin/tool', 'link']) {
      const result = await processes.run(shell(at, '', { command: [path.join(at.other, name)], writable: [] }), never)
      expect(result).toMatchObject({ exitCode: 0, stdout: 'beside\n' })
    }
  })

  test('a missing program or folder is said in words', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    await expect(processes.run(shell(at, '', { command: ['no-such-program'] }), never)).rejects.toMatchObject({ code: 'not_found' })
    await expect(processes.run(shell(at, '', { command: [] }), never)).rejects.toMatchObject({ code: 'invalid' })
    await expect(processes.run(shell(at, 'true', { cwd: `${at.work}/none` }), never)).rejects.toMatchObject({ code: 'not_found' })
    await expect(processes.run(shell(at, 'true', { cwd: at.home }), never)).rejects.toMatchObject({ code: 'refused' })
    await expect(processes.run(shell(at, 'true', { writable: [at.home] }), never)).rejects.toMatchObject({ code: 'refused' })
  })

  test('background processes are listed, read from an offset, limited in number and time, and ended with their owner', async () => {
    await using at = await makePlaces()
    const ended: string[] = []
    await using processes = await start(at, mode, { onExit: (owner, { id }) => ended.push(`${owner} ${id}`) })
    const first = await processes.start({ ...shell(at, 'echo one; read -r line; echo two', { stdin: 'go\n' }), owner: 'a' })
    const whole = await until(() => {
      const read = processes.output('a', first.id, 0)
      return read?.process.running === false ? read : null
    })
    expect(whole).toMatchObject({ text: 'one\ntwo\n', nextOffset: 8, process: { exitCode: 0 } })
    expect(processes.output('a', first.id, 4)?.text).toBe('two\n')
    expect(processes.output('b', first.id, 0)).toBeNull()
    expect(await processes.kill('b', first.id)).toBeNull()
    const short = await processes.start({ ...shell(at, 'sleep 300', { timeoutMs: 50 }), owner: 'a' })
    await until(() => ended.includes(`a ${short.id}`))
    const starts = Array.from({ length: 11 }, () => processes.start({ ...shell(at, 'sleep 300'), owner: 'a' }))
    const outcomes = await Promise.allSettled(starts)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'refused' } }])
    const other = await processes.start({ ...shell(at, 'sleep 300'), owner: 'b' })
    const one = processes.list('a').find(({ running }) => running)
    expect(await processes.kill('a', one?.id ?? '')).toMatchObject({ running: false, exitCode: null })
    await processes.stopOwner('a')
    expect(processes.list('a')).toEqual([])
    expect(processes.list('b')).toMatchObject([{ id: other.id, running: true, command: 'bash -c sleep 300' }])
    await processes.close()
    await noneLeft(at)
    await expect(processes.run(shell(at, 'true'), never)).rejects.toMatchObject({ code: 'failed' })
  })

  test('kill -9 of the daemon leaves nothing behind, not even a process in a session of its own', async () => {
    await using at = await makePlaces()
    const line = `trap '' TERM HUP; setsid bash -c 'trap "" TERM HUP; sleep 300' & (setsid sleep 301 &) ; echo ready; sleep 302`
    const main = fileURLToPath(new URL('testing/daemon-main.ts', import.meta.url))
    const daemon = spawn(process.execPath, [main, at.home, mode, line], { stdio: ['ignore', 'pipe', 'pipe'] })
    const lines = spawnLines(daemon)
    await lines.line(new RegExp(`^running ${mode}$`))
    expect((await survivors(at)).length).toBeGreaterThan(2)
    daemon.kill('SIGKILL')
    await lines.exited
    await noneLeft(at)
  })
})

const orphan = (home: string) =>
  spawn('sleep', ['300'], { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'], STEWARD_CHILD: `${homeMark(home)}:old.1.` } })

test.skipIf(lack !== null)(
  `survivors of an earlier daemon of the same home are swept, those of another home are left alone${lack ?? ''}`,
  async () => {
    await using at = await makePlaces()
    await using other = await makePlaces()
    const [mine, theirs] = [orphan(at.home), orphan(other.home)]
    const gone = once(mine, 'exit')
    await until(async () => (await survivors(at)).length + (await survivors(other)).length === 2)
    expect(await sweepSurvivors(at.home)).toBe(1)
    expect(await gone).toEqual([null, 'SIGKILL'])
    expect(theirs.exitCode).toBeNull()
    expect(await survivors(other)).toEqual([theirs.pid])
    expect(await sweepSurvivors(other.home)).toBe(1)
  },
)

test.skipIf(lack !== null)(`without a working sandbox auto goes on without, required says what to install${lack ?? ''}`, async () => {
  await using at = await makePlaces()
  vi.stubEnv('PATH', at.other)
  const options = { home: at.home, daemonId: 'd1', allowEnv: [] }
  const [auto, required] = await Promise.allSettled([
    createProcesses({ ...options, sandbox: 'auto' }),
    createProcesses({ ...options, sandbox: 'required' }),
  ])
  vi.unstubAllEnvs()
  expect(auto).toMatchObject({ status: 'fulfilled', value: { sandboxKind: 'none' } })
  expect(required).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
})

test.skipIf(lack !== null)(`no command runs once the home is no longer where it is masked${lack ?? ''}`, async () => {
  await using at = await makePlaces()
  await using processes = await start(at, 'none')
  await rename(at.home, `${at.work}/stolen`)
  await mkdir(at.home)
  await expect(processes.run(shell(at, 'true'), never)).rejects.toMatchObject({ code: 'refused' })
})

test.skipIf(lack !== null)(`a killed warden is replaced, so that the daemon still leaves nothing behind${lack ?? ''}`, async () => {
  await using at = await makePlaces()
  const main = fileURLToPath(new URL('testing/daemon-main.ts', import.meta.url))
  const daemon = spawn(process.execPath, [main, at.home, 'none', 'setsid sleep 300 & echo ready; sleep 301'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines = spawnLines(daemon)
  await lines.line(/^running none$/)
  const wardenOf = async (): Promise<number | undefined> => {
    const children = (await readFile(`/proc/${daemon.pid}/task/${daemon.pid}/children`, 'utf8')).trim().split(' ')
    const commands = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
    const found = children[commands.findIndex((command) => command.includes('warden-main'))]
    return found === undefined ? undefined : Number(found)
  }
  const first = await until(wardenOf)
  process.kill(Number(first), 'SIGKILL')
  await until(async () => ![undefined, first].includes(await wardenOf()))
  daemon.kill('SIGKILL')
  await lines.exited
  await noneLeft(at)
  expect(await survivors(at)).toEqual([])
})
