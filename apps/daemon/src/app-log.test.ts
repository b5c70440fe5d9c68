import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { keepGraveLines } from './app-log.ts'

test('a command that works without a daemon leaves its troubles in the log, and nothing where it has none', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'steward-log-'))
  const keep = keepGraveLines(home)
  keep('{"level":"info","msg":"all is well"}\n')
  expect(existsSync(path.join(home, 'logs'))).toBe(false)
  keep('{"level":"error","msg":"something broke"}\n')
  expect(readFileSync(path.join(home, 'logs', 'steward.log'), 'utf8')).toBe('{"level":"error","msg":"something broke"}\n')
  rmSync(home, { recursive: true, force: true })
})
