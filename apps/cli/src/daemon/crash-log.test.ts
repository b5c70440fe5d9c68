import { closeSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '@steward/testkit'
import { homeAt } from '../home.ts'
import { openCrashLog } from './crash-log.ts'

test('what an earlier daemon said stays; when it is long it is put aside, whole', async () => {
  await using dir = await tempDir('steward-crash-')
  const home = homeAt(dir.path)
  const say = (text: string) => {
    const fd = openCrashLog(home)
    writeSync(fd, text)
    closeSync(fd)
  }
  say('the first words\n')
  say('and more\n')
  expect(readFileSync(home.crashLog, 'utf8')).toBe('the first words\nand more\n')
  expect(statSync(home.crashLog).mode & 0o777).toBe(0o600)
  const long = 'x'.repeat(1_100_000)
  writeFileSync(home.crashLog, long)
  say('anew\n')
  expect(readFileSync(home.crashLog, 'utf8')).toBe('anew\n')
  const folder = path.dirname(home.crashLog)
  const [aside] = readdirSync(folder).filter((name) => /^crash\.\d{8}T\d{9}Z\.log$/.test(name))
  expect(readFileSync(path.join(folder, aside!), 'utf8')).toBe(long)
})
