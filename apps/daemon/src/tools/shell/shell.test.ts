import { expect, test } from 'vitest'
import { lacking } from '@steward/testkit'
import { createPlace } from '../testing/place.ts'
import { isFailure } from './exit-code.ts'
import { kill } from './kill.ts'
import { list } from './list.ts'
import { output } from './output.ts'
import { run } from './run.ts'

test('a command runs in the working folder and its output is given, also while it runs', async () => {
  await using place = await createPlace()
  const { output: value, text } = await place.call(run, { command: 'pwd; echo ünï; echo warn >&2' })
  expect(value).toMatchObject({ exitCode: 0, stdout: `${place.root}\nünï\n`, stderr: 'warn\n', droppedBytes: 0 })
  expect(text).toBe(`${place.root}\nünï\nstderr:\nwarn`)
  expect(place.seen.join('')).toContain('ünï')
  expect((await place.call(run, { command: 'true' })).text).toBe('The command finished with exit code 0 and printed nothing.')
})

test('a failing command is a failure that holds its exit code and its output', async () => {
  await using place = await createPlace()
  const failure = place.call(run, { command: 'echo half; echo broken >&2; exit 3' })
  await expect(failure).rejects.toMatchObject({ code: 'failed', message: 'The command failed with exit code 3.\nhalf\nstderr:\nbroken' })
})

test('a command over its time is ended and reported as a failure with what it printed', async () => {
  await using place = await createPlace()
  const failure = place.call(run, { command: 'echo begun; sleep 60', timeoutMs: 500 })
  await expect(failure).rejects.toMatchObject({ code: 'timed_out', message: expect.stringMatching(/ended after 500 ms[^]*begun/) })
})

test('long output stays in its limit, keeps its beginning and end, and says what was dropped', async () => {
  await using place = await createPlace()
  const { output: value, text } = await place.call(run, { command: 'echo first; seq 1 100000; echo last' }, { outputBytes: 5000 })
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(5000)
  expect(text).toMatch(/^first/)
  expect(text).toMatch(/last\n\[\d+,\d+ more bytes of output were not kept\.\]$/)
  expect(Number(value['droppedBytes'])).toBeGreaterThan(500_000)
})

const lackGrep = lacking('grep')
test.skipIf(lackGrep !== null)(`exit code 1 of a search or comparison is an answer, not a failure${lackGrep ?? ''}`, async () => {
  await using place = await createPlace()
  expect((await place.call(run, { command: 'echo a | grep b' })).text).toBe('Exit code 1 (for this program: nothing found, or differences).')
  for (const command of ['rg x', 'cd a && grep "a; b" f', 'LC_ALL=C grep x', '/usr/bin/egrep x', 'git grep x', 'diff a b', '(grep x y)'])
    expect([command, isFailure(command, 1)]).toEqual([command, false])
  for (const command of ['false', 'grep x; false', 'echo "grep x"', 'grepx', 'grep x | wc -l', 'rg x && make'])
    expect([command, isFailure(command, 1)]).toEqual([command, true])
  expect(isFailure('grep [', 2)).toBe(true)
  expect(isFailure('grep x', null)).toBe(true)
})

test('a background command is read piece by piece, listed and killed', async () => {
  await using place = await createPlace()
  const { output: started, text } = await place.call(run, { command: 'echo ready; read line; sleep 60', background: true })
  const { id } = started['background'] as { id: string }
  expect(text).toContain(`Started in the background as ${id}.`)
  const context = place.context()
  await expect.poll(async () => (await output.run({ id }, context)).text, { timeout: 5000 }).toContain('ready')
  expect((await place.call(list, {})).text).toContain(`${id} (`)
  await place.call(kill, { id })
  const { output: ended } = await place.call(output, { id, offset: 6 })
  expect(ended).toMatchObject({ text: '', more: false, process: { running: false } })
  await expect(place.call(output, { id: 'nope' })).rejects.toThrow(`There is no background command nope. This session has ${id}.`)
  await expect(place.call(kill, { id }, { owner: 'ses_2' })).rejects.toThrow('This session has none.')
})

test('background output longer than the limit is given in parts without a gap', async () => {
  await using place = await createPlace()
  const { output: started } = await place.call(run, { command: 'seq 1 3000; echo über', background: true })
  const { id } = started['background'] as { id: string }
  await expect.poll(() => place.processes.output('ses_1', id, 0)?.process.running, { timeout: 5000 }).toBe(false)
  let [all, offset, more] = ['', 0, true]
  while (more) {
    const part = (await place.call(output, { id, offset }, { outputBytes: 3000 })).output as { text: string; nextOffset: number; more: boolean }
    ;[all, offset, more] = [all + part.text, part.nextOffset, part.more]
  }
  expect(all).toBe(`${Array.from({ length: 3000 }, (_, index) => index + 1).join('\n')}\nüber\n`)
})

test('a command is judged by its command line', async () => {
  await using place = await createPlace()
  expect(await run.targets({ command: 'ls; rm x' }, { cwd: place.root, files: place.files })).toEqual([
    { kind: 'command', command: 'ls; rm x', cwd: place.root },
  ])
  expect(await place.preview(run, { command: 'make', description: 'build it' })).toEqual({ summary: 'Run (build it): make' })
})
