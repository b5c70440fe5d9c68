import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { freePort, spawnLines, tempDir, until } from './index.ts'

test('a temporary folder is there while it is in use and gone afterwards', async () => {
  let where = ''
  {
    await using dir = await tempDir()
    where = dir.path
    expect(existsSync(where)).toBe(true)
  }
  expect(existsSync(where)).toBe(false)
})

test('a free port is one that a server can listen on', async () => {
  expect(await freePort()).toBeGreaterThan(1023)
})

test('waiting gives what the condition gives, and says what it waited for when it never does', async () => {
  let looks = 0
  expect(await until(() => (++looks > 2 ? 'there' : ''))).toBe('there')
  await expect(until(() => false, { timeoutMs: 20, what: 'the moon' })).rejects.toThrow('Waited 20 ms in vain for the moon.')
})

test('a line of a child is found whether it came before or comes later, and its absence is told with the output', async () => {
  const output = spawnLines(spawn(process.execPath, ['-e', 'console.log("early"); setTimeout(() => console.error("late 42"), 20)']))
  expect((await output.line(/late (\d+)/))[1]).toBe('42')
  expect((await output.line(/early/))[0]).toBe('early')
  await expect(output.line(/never/)).rejects.toThrow(/the child has ended[\s\S]*late 42/)
  expect(await output.exited).toEqual({ code: 0, signal: null })
})
