import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { lacking, until } from '@steward/testkit'
import type { PipedChild } from './child.ts'
import { findMarked, homeMark } from './marked.ts'
import { makePlaces, modes } from './testing/places.ts'
import type { Places } from './testing/places.ts'
import { never, shell, start } from './testing/start.ts'

const survivors = (at: Places): Promise<number[]> => findMarked(`${homeMark(at.home)}:`)
const bash = (at: Places, line: string) => ({ command: ['bash', '-c', line], cwd: at.work, writable: [at.work], network: true })
const heard = async (child: PipedChild): Promise<string> => String((await once(child.stdout, 'data'))[0])

const lack = lacking('bash', 'setsid')
describe.skipIf(lack !== null).each(modes)(`attached children with sandbox %s${lack ?? ''}`, (mode) => {
  test('one is talked with for as long as it lives', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    for (const attach of [processes.attach, processes.attachBare]) {
      const child = await attach(bash(at, 'while read -r line; do echo "got $line"; done; echo bye; exit 4'))
      child.stdin.write('one\n')
      expect(await heard(child)).toBe('got one\n')
      child.stdin.write('two\n')
      expect(await heard(child)).toBe('got two\n')
      child.stdin.end()
      expect(await heard(child)).toBe('bye\n')
      expect(await child.ended).toEqual({ exitCode: 4, signal: null, notBegun: false })
    }
  })

  test('it carries its mark and a clean environment, and what it forked ends with it', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    for (const attach of [processes.attach, processes.attachBare]) {
      const child = await attach({
        ...bash(at, 'setsid sleep 300 & echo "$GIVEN $STEWARD_CHILD"; read -r line'),
        env: { GIVEN: 'yes', STEWARD_CHILD: 'x' },
      })
      expect(await heard(child)).toMatch(/^yes [0-9a-f]{16}:d1\.\d+\.\n$/)
      await until(async () => (await survivors(at)).length >= 2)
      child.stdin.end('go\n')
      await child.ended
      await until(async () => (await survivors(at)).length === 0, { what: 'the end of what it forked' })
    }
  })

  test('one that ignores everything is ended when all is closed, and none is started afterwards', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    const line = `trap '' TERM; setsid bash -c 'trap "" TERM; echo on; while :; do sleep 0.05; done' & while :; do sleep 0.05; done`
    const children = await Promise.all([processes.attach(bash(at, line)), processes.attachBare(bash(at, line))])
    await Promise.all(children.map(heard))
    const from = performance.now()
    await processes.close()
    expect(performance.now() - from).toBeLessThan(2000)
    expect(await survivors(at)).toEqual([])
    await expect(processes.attach(bash(at, 'true'))).rejects.toMatchObject({ code: 'failed' })
    await expect(processes.run(shell(at, 'true'), never)).rejects.toMatchObject({ code: 'failed' })
  })

  test('folders and programs are checked, also without the sandbox', async () => {
    await using at = await makePlaces()
    await using processes = await start(at, mode)
    for (const attach of [processes.attach, processes.attachBare]) {
      await expect(attach({ ...bash(at, 'true'), cwd: at.home })).rejects.toMatchObject({ code: 'refused' })
      await expect(attach({ ...bash(at, 'true'), command: ['no-such-program'] })).rejects.toMatchObject({ code: 'not_found' })
    }
  })
})

test.runIf(modes.includes('bubblewrap'))('only the bare one sees Steward’s own folder and writes where it wants', async () => {
  await using at = await makePlaces()
  await using processes = await start(at, 'bubblewrap')
  await writeFile(path.join(at.other, 'file'), 'x')
  const line = `cat '${at.home}/token' 2>/dev/null || echo -n hidden; echo y > '${at.other}/file' 2>/dev/null || echo -n read-only`
  expect(await heard(await processes.attach(bash(at, line)))).toMatch(/^hidden/)
  expect(await heard(await processes.attachBare(bash(at, line)))).toBe('planted-secret')
})
