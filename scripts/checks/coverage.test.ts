import { expect, test } from 'vitest'
import { plantTree } from './testing.ts'

const half = `/** Says how many. */
export function count(n: number): string {
  // Most people have one.
  if (n === 1) return 'one'
  const words = [
    'many',
    'a lot',
  ]
  return String(words[n % 2])
}
export function never(): string {
  const text: string = 'nobody calls this'
  return text
}
export interface Shape {
  readonly of: string
}
`
const script = (calls: string) => `import { count, never } from './half.ts'\nvoid never\n${calls}\n`
const check = (calls: string, ...more: string[]) => {
  using tree = plantTree({ 'half.ts': half, 'run.ts': script(calls), 'idle.ts': 'export const idle = 1\n' })
  return tree.check('checks/coverage.mjs', '--of', 'half.ts', ...more, '--', 'run.ts')
}
test('lines that no test runs are named and make the check red; types and comments are no lines of code', () => {
  const { status, output } = check('count(1)')
  expect(output).toMatch(/^half\.ts +22\.2 % {2}5 6 7 9 11 12 13$/m)
  expect(output).toContain('Less than 80 % of the lines of half.ts are run by tests.')
  expect(status).toBe(1)
})
test('what several calls run is put together, and enough is green', () => {
  const { status, output } = check('count(1)\ncount(2)\nnever()')
  expect(output).toMatch(/^half\.ts +100\.0 %$/m)
  expect(status).toBe(0)
})
test('a file that is never loaded is red, and so are tests that fail', () => {
  const idle = check('count(1)\ncount(2)\nnever()', '--of', 'idle.ts')
  expect(idle.output).toMatch(/^idle\.ts +0\.0 % {2}1$/m)
  expect(idle.status).toBe(1)
  const failed = check('count(1)\ncount(2)\nnever()\nthrow new Error("no")')
  expect(failed.output).toContain('The tests failed')
  expect(failed.status).toBe(1)
})
