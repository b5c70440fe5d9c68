import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { plantTree, repository } from './testing.ts'

/** Runs a test file under this repository's own vitest configuration in a folder of its own. */
function runTests(body: string, environment: Record<string, string>, ...args: string[]) {
  using tree = plantTree({ 'package.json': '{"type":"module"}', 'test/a.test.ts': `import { describe, test } from 'vitest'\n${body}` }, [
    'vitest.config.ts',
    'scripts/checks/skipped.ts',
    'scripts/checks/slow-first.ts',
  ])
  symlinkSync(path.join(repository, 'node_modules'), path.join(tree.root, 'node_modules'))
  const { PATH = '' } = process.env
  const command = [path.join(repository, 'node_modules/vitest/vitest.mjs'), 'run', ...args]
  const run = spawnSync(process.execPath, command, { cwd: tree.root, encoding: 'utf8', env: { PATH, NO_COLOR: '1', ...environment } })
  return { status: run.status, stdout: run.stdout, stderr: run.stderr }
}
const all = { STEWARD_TEST_ALL: '1' }
const body = `test('runs', () => {})
describe('a thing', () => {
  test.skip('is left out', () => {})
  test('lacks a program', ({ skip }) => skip('no bwrap here'))
})
test.todo('will be written')\n`

test('where everything is installed a skipped test fails the run and is named with its reason', () => {
  const { status, stderr } = runTests(body, all)
  expect(stderr).toContain('SKIPPED, which STEWARD_TEST_ALL forbids: test/a.test.ts > a thing > is left out\n')
  expect(stderr).toContain('SKIPPED, which STEWARD_TEST_ALL forbids: test/a.test.ts > a thing > lacks a program (no bwrap here)\n')
  expect(stderr).toContain('SKIPPED, which STEWARD_TEST_ALL forbids: test/a.test.ts > will be written\n')
  expect(status).toBe(1)
})
test('elsewhere a skipped test is named and the run passes', () => {
  const { status, stderr } = runTests(body, {})
  expect(stderr).toContain('skipped: test/a.test.ts > a thing > lacks a program (no bwrap here)\n')
  expect(status).toBe(0)
})
test('a whole group that is skipped is named test by test', () => {
  const { status, stderr } = runTests(`describe.skip('a thing', () => { test('is left out', () => {}) })`, all)
  expect(stderr).toContain('test/a.test.ts > a thing > is left out\n')
  expect(status).toBe(1)
})
test('a run in which nothing is skipped passes and ends with the summary of the runner', () => {
  const { status, stdout, stderr } = runTests(`test('runs', () => {})`, all)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .slice(-4)
      .map((line) => line.trim().split(' ')[0]),
  ).toEqual(['Test', 'Tests', 'Start', 'Duration'])
})
test('tests that a name filter leaves out are not skipped ones', () => {
  expect(runTests(`test('runs', () => {})\ntest('another', () => {})`, all, '-t', 'runs').status).toBe(0)
})
test('a test marked to run alone fails the run where everything must run', () => {
  expect(runTests(`test.only('runs', () => {})\ntest('another', () => {})`, all).status).toBe(1)
})
