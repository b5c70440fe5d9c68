import { readdirSync, readFileSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { plantTree, type PlantedTree } from './checks/testing.ts'

/** Stands for the builder: a page that names its script, and the script under the name that the source says. */
const builder = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const out = process.argv[process.argv.indexOf('--outDir') + 1]
const name = readFileSync('src/main.tsx', 'utf8')
mkdirSync(out + '/assets', { recursive: true })
writeFileSync(out + '/assets/' + name + '.js', '')
if (name === 'broken') process.exit(1)
writeFileSync(out + '/index.html', name)
`
const plant = () =>
  plantTree({
    'apps/console/build/plugin.ts': '',
    'apps/console/index.html': '',
    'apps/console/package.json': '{}',
    'apps/console/public/icon.svg': '<svg/>',
    'apps/console/src/main.tsx': 'one',
    'apps/console/src/extra.ts': '',
    'apps/console/tsconfig.json': '{}',
    'apps/console/vite.config.ts': '',
    'apps/console/worker/worker.ts': '',
    'packages/client/src/index.ts': '',
    'packages/contract/src/index.ts': '',
    'package-lock.json': '{}',
    'tsconfig.json': '{}',
    'node_modules/vite/bin/vite.js': builder,
    'node_modules/vite/package.json': '{ "type": "module" }',
  })
const output = ({ root }: PlantedTree) => {
  const folder = path.join(root, 'apps/console/dist')
  return [readFileSync(path.join(folder, 'index.html'), 'utf8'), ...readdirSync(path.join(folder, 'assets'))]
}
const built = { status: 0, output: 'Building the console (a few seconds) …\n' }
const kept = { status: 0, output: '' }

test('the console is built where it is missing, and again when something it is made from says something else, or is gone', () => {
  using tree = plant()
  expect(tree.check('console.mjs')).toEqual(built)
  expect(output(tree)).toEqual(['one', 'one.js'])
  expect(tree.check('console.mjs')).toEqual(kept)
  tree.plant({ 'apps/console/src/main.tsx': 'two' })
  expect(tree.check('console.mjs')).toEqual(built)
  expect(output(tree)).toEqual(['two', 'two.js'])
  for (const file of ['packages/contract/src/index.ts', 'package-lock.json']) {
    tree.plant({ [file]: 'other' })
    expect(tree.check('console.mjs'), file).toEqual(built)
  }
  tree.remove('apps/console/src/extra.ts')
  expect(tree.check('console.mjs')).toEqual(built)
  tree.remove('apps/console/dist/index.html')
  expect(tree.check('console.mjs')).toEqual(built)
  expect(tree.check('console.mjs', '--always').status).toBe(0)
})
test('what a checkout only touches, and tests, are no reason to build it again', () => {
  using tree = plant()
  tree.check('console.mjs')
  utimesSync(path.join(tree.root, 'apps/console/src/main.tsx'), new Date(), new Date())
  tree.plant({ 'apps/console/src/main.test.ts': 'test()' })
  expect(tree.check('console.mjs')).toEqual(kept)
})
test('a build that fails leaves what stood, and is tried again', () => {
  using tree = plant()
  tree.check('console.mjs')
  tree.plant({ 'apps/console/src/main.tsx': 'broken' })
  for (const _ of [1, 2]) expect(tree.check('console.mjs')).toEqual({ status: 1, output: expect.stringContaining('Building the console') })
  expect(output(tree)).toEqual(['one', 'one.js'])
  expect(readdirSync(path.join(tree.root, 'node_modules/.cache'))).toEqual(['console.txt'])
})
