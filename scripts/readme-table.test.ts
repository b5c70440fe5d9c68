import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { plantTree } from './checks/testing.ts'

const empty = '# A\n\n<!-- speed: made by scripts/readme-table.mjs -->\nold\n<!-- /speed -->\n\nThe rest.\n'
const measured = JSON.stringify({
  at: '2026-03-01T10:00:00.000Z',
  machine: '2 cores',
  rows: [
    { name: 'start to first answer', value: 312.4, unit: 'ms', limit: 400 },
    { name: 'durable commits', value: 1232, unit: 'a second', limit: 1000, atMost: false },
    { name: 'idle memory', value: 131, unit: 'MB', limit: 120, note: 'the vendors | take 40' },
  ],
})
test('without a measurement the README says that there is none', () => {
  using tree = plantTree({ 'README.md': empty })
  expect(tree.check('readme-table.mjs', '--check').status).toBe(1)
  expect(tree.check('readme-table.mjs').status).toBe(0)
  expect(readFileSync(path.join(tree.root, 'README.md'), 'utf8')).toMatch(
    /^# A\n\n<!-- .* -->\nThe benchmark has not been run yet: .*\n<!-- \/speed -->\n\nThe rest\.\n$/,
  )
  expect(tree.check('readme-table.mjs', '--check').status).toBe(0)
})
test('the table says what was measured, what was aimed at, and what was missed and why', () => {
  using tree = plantTree({ 'README.md': empty, 'out/latest.json': measured, 'docs/a.md': '' })
  expect(tree.check('readme-table.mjs', 'out/latest.json')).toEqual({ status: 0, output: '' })
  const readme = readFileSync(path.join(tree.root, 'README.md'), 'utf8')
  expect(readme).toContain('Measured 2026-03-01 on 2 cores.\n')
  expect(readme).toContain('| start to first answer | 312 ms | under 400 ms | yes |\n')
  expect(readme).toContain('| durable commits | 1,232 a second | over 1,000 a second | yes |\n')
  expect(readme).toContain('| idle memory | 131 MB | under 120 MB | **no**: the vendors \\| take 40 |\n')
  expect(readFileSync(path.join(tree.root, 'docs/benchmark.json'), 'utf8')).toBe(measured)
  expect(tree.check('readme-table.mjs', '--check').status).toBe(0)
  tree.plant({ 'README.md': readme.replace('312 ms', '112 ms') })
  expect(tree.check('readme-table.mjs', '--check').status).toBe(1)
})
test('a README without marks and a row without a figure are said', () => {
  using tree = plantTree({ 'README.md': '# A\n' })
  expect(tree.check('readme-table.mjs').output).toContain('README.md lacks the marks')
  tree.plant({
    'README.md': empty,
    'docs/benchmark.json': JSON.stringify({ at: '2026-03-01', machine: 'm', rows: [{ name: 'x', unit: 'ms', limit: 1 }] }),
  })
  expect(tree.check('readme-table.mjs')).toEqual({ status: 1, output: expect.stringContaining('needs name, value, unit and limit') })
})
test("the relay's table has a page of its own, with what the reference has and how each was measured", () => {
  const page = `# Speed\n\n${empty.slice(empty.indexOf('<!--'))}`
  using tree = plantTree({ 'README.md': empty, 'docs/relay-benchmark.md': page })
  expect(tree.check('readme-table.mjs').status).toBe(0)
  expect(readFileSync(path.join(tree.root, 'docs/relay-benchmark.md'), 'utf8')).toContain('The benchmark has not been run yet: `npm run bench:relay')
  tree.plant({
    'out/relay.json': JSON.stringify({
      at: '2026-03-02T10:00:00.000Z',
      machine: '2 cores',
      rows: [
        { name: 'logins', value: 2500, unit: 'a second', limit: 2000, atMost: false, note: '32 connections', reference: '47 a second', load: 1.24 },
      ],
      facts: [{ name: 'memory at the end', value: 201, unit: 'MB' }],
    }),
  })
  expect(tree.check('readme-table.mjs', '--relay', 'out/relay.json')).toEqual({ status: 0, output: '' })
  const filled = readFileSync(path.join(tree.root, 'docs/relay-benchmark.md'), 'utf8')
  expect(filled).toContain('| logins | 2,500 a second | over 2,000 a second | yes | 47 a second | 32 connections; load 1.2 |\n')
  expect(filled).toContain('| memory at the end | 201 MB |  |  |  |  |\n')
  expect(filled).toContain('The rest.')
  expect(tree.check('readme-table.mjs', '--check').status).toBe(0)
  tree.plant({ 'docs/relay-benchmark.md': filled.replace('2,500', '3,500') })
  expect(tree.check('readme-table.mjs', '--check')).toMatchObject({ status: 1, output: expect.stringContaining('docs/relay-benchmark.md') })
})
