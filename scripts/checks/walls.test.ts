import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { linkPackage, plantTree, repository, type PlantedTree } from './testing.ts'

const config = createRequire(import.meta.url)(path.join(repository, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] }
const manifest = (name: string, exports: Record<string, string>) => JSON.stringify({ name, version: '1.0.0', type: 'module', exports })
const value = 'export const value = 1\n'
const uses = (from: string) => `import { value } from '${from}'\nexport const used = value\n`
const src = 'apps/daemon/src'
const relay = 'apps/relay/src'
const page = 'apps/console/src'
/** A house in which every import is allowed, those at the edge of a rule above all. */
const clean = {
  'packages/contract/package.json': manifest('@steward/contract', {
    '.': './src/index.ts',
    './daemon': './src/daemon/index.ts',
    './relay': './src/relay/index.ts',
  }),
  'packages/contract/src/relay/index.ts': uses('../index.ts'),
  'packages/contract/src/index.ts': value,
  'packages/contract/src/daemon/index.ts': uses('../index.ts'),
  'packages/contract/src/index.test.ts': uses('node:fs'),
  'packages/kernel/package.json': manifest('@steward/kernel', { '.': './src/index.ts' }),
  'packages/kernel/src/index.ts': `${uses('@steward/contract')}export { value }\n`,
  'packages/kernel/test/doors.test.ts': uses('@steward/client'),
  'packages/client/package.json': manifest('@steward/client', { '.': './src/index.ts', './node': './src/node/index.ts' }),
  'packages/client/src/index.ts': `${uses('@steward/contract')}export { value }\n`,
  'packages/client/src/node/index.ts': uses('node:net'),
  'packages/testkit/package.json': manifest('@steward/testkit', { '.': './src/index.ts' }),
  'packages/testkit/src/index.ts': value,
  'apps/daemon/package.json': manifest('@steward/daemon', { '.': './src/index.ts' }),
  [`${src}/index.ts`]: value,
  [`${src}/app.ts`]: `import { used } from './domains/b/room.ts'\nexport const value = used\n`,
  [`${src}/domains/a/store.ts`]: uses('../../platform/ids.ts'),
  [`${src}/domains/b/store.ts`]: value,
  [`${src}/domains/b/room.ts`]: uses('./store.ts'),
  [`${src}/domains/b/room.test.ts`]: `${uses('@steward/testkit')}import '../a/store.ts'\nimport '../../app.ts'\n`,
  [`${src}/engine/types.ts`]: value,
  [`${src}/tools/tool.ts`]: uses('../engine/types.ts'),
  [`${src}/tools/testing/place.ts`]: `${uses('../../platform/ids.ts')}export { value }\n`,
  [`${src}/platform/ids.ts`]: `${uses('../engine/types.ts')}import 'node:sqlite'\nimport 'ai'\nexport { value }\n`,
  'apps/cli/package.json': manifest('@steward/cli', { '.': './src/main.ts' }),
  'apps/cli/src/main.ts': `${uses('@steward/daemon')}import '@steward/gateway'\nimport '@steward/relay'\n`,
  'apps/gateway/package.json': manifest('@steward/gateway', { '.': './src/index.ts' }),
  'apps/gateway/src/index.ts': `${uses('@steward/kernel')}import '@steward/client'\nexport { value }\n`,
  'apps/relay/package.json': manifest('@steward/relay', { '.': './src/index.ts' }),
  [`${relay}/index.ts`]: `import { used } from './app.ts'\nexport const value = used\n`,
  [`${relay}/app.ts`]: `${uses('./domains/a/handlers.ts')}import '@steward/contract/relay'\nimport './doors/socket.ts'\n`,
  [`${relay}/connection.ts`]: `import type { value } from 'socket.io'\nexport type Wire = typeof value\n`,
  [`${relay}/schema.ts`]: `import type { value } from 'kysely'\nexport type Id = typeof value\n`,
  [`${relay}/doors/socket.ts`]: `${uses('socket.io')}import '../domains/a/handlers.ts'\n`,
  [`${relay}/domains/a/handlers.ts`]: `import { used } from './keys-store.ts'\nexport const value = used\n`,
  [`${relay}/domains/a/keys-store.ts`]: uses('kysely'),
  [`${relay}/domains/b/store.ts`]: `${uses('kysely')}export { value }\n`,
  [`${relay}/changes/log.ts`]: `${uses('kysely')}import '../platform/postgres.ts'\n`,
  [`${relay}/platform/postgres.ts`]: `${uses('pg')}import 'node:sqlite'\nexport { value }\n`,
  'apps/console/package.json': manifest('@steward/console', {}),
  'apps/console/worker/worker.ts': value,
  [`${page}/main.tsx`]: uses('./router.tsx'),
  [`${page}/router.tsx`]: `${uses('./pages/a/page.tsx')}export { value }\n`,
  [`${page}/platform/daemon.ts`]: `${uses('@steward/client')}import '@steward/contract/daemon'\nexport { value }\n`,
  [`${page}/text/a.ts`]: value,
  [`${page}/text/index.ts`]: `${uses('./a.ts')}export { value }\n`,
  [`${page}/parts/button.tsx`]: `${uses('../text/index.ts')}export { value }\n`,
  [`${page}/shared/card.tsx`]: `${uses('../parts/button.tsx')}import '../platform/daemon.ts'\nexport { value }\n`,
  [`${page}/pages/a/page.tsx`]: `${uses('./list.tsx')}import '../../shared/card.tsx'\nexport { value }\n`,
  [`${page}/pages/a/list.tsx`]: `${uses('../../parts/button.tsx')}export { value }\n`,
  [`${page}/pages/b/page.tsx`]: value,
  'apps/console/test/page.test.ts': `${uses('@steward/testkit')}import 'node:fs'\nimport '../src/pages/a/page.tsx'\n`,
  'node_modules/ai/package.json': manifest('ai', { '.': './index.js' }),
  'node_modules/ai/index.js': value,
  'node_modules/@ai-sdk/openai/package.json': manifest('@ai-sdk/openai', { '.': './index.js' }),
  'node_modules/@ai-sdk/openai/index.js': value,
  ...Object.fromEntries(
    ['kysely', 'pg', 'socket.io'].flatMap((name) => [
      [`node_modules/${name}/package.json`, manifest(name, { '.': './index.js' })],
      [`node_modules/${name}/index.js`, value],
    ]),
  ),
  '.gitignore': 'node_modules/\n',
}
/** One offence for each rule: the file that commits it, and its text. */
const offences: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'no-circles': [`${src}/engine/around.ts`, uses('./circle.ts')],
  'nothing-unresolved': [`${src}/tools/lost.ts`, uses('./nowhere.ts')],
  'contract-is-the-ground': ['packages/contract/src/up.ts', uses('@steward/kernel')],
  'contract-runs-anywhere': ['packages/contract/src/machine.ts', uses('node:fs')],
  'kernel-knows-no-noun': ['packages/kernel/src/noun.ts', `import type { used } from '@steward/contract/daemon'\nexport type Noun = typeof used\n`],
  'client-stands-alone': ['packages/client/src/inner.ts', uses('@steward/kernel')],
  'client-runs-in-browsers': ['packages/client/src/machine.ts', uses('node:net')],
  'no-test-kit-in-production': ['packages/kernel/src/stand-in.ts', uses('@steward/testkit')],
  'no-tests-in-production': [`${src}/tested.ts`, uses('./tools/testing/place.ts')],
  'apps-are-apart': ['apps/relay/src/neighbour.ts', uses('../../daemon/src/index.ts')],
  'gateway-stands-before-the-daemon': ['apps/gateway/src/inside.ts', `${uses('../../daemon/src/index.ts')}import 'node:sqlite'\n`],
  'cli-takes-the-front-door': ['apps/cli/src/side-door.ts', uses('../../daemon/src/app.ts')],
  'rooms-do-not-enter-each-other': [`${src}/domains/a/room.ts`, uses('../b/store.ts')],
  'engine-is-pure': [`${src}/engine/reach.ts`, uses('../platform/ids.ts')],
  'engine-knows-no-machine': [`${src}/engine/machine.ts`, uses('node:fs')],
  'tools-get-the-platform-handed-in': [`${src}/tools/reach.ts`, uses('../platform/ids.ts')],
  'platform-is-the-bottom': [`${src}/platform/reach.ts`, uses('../domains/b/store.ts')],
  'sqlite-stays-in-platform': [`${src}/domains/a/sql.ts`, uses('node:sqlite')],
  'vendors-stay-in-platform': [`${src}/domains/a/vendor.ts`, `${uses('ai')}import '@ai-sdk/openai'\n`],
  'relay-reads-nothing-it-carries': [`${relay}/curious.ts`, uses('@steward/contract/daemon')],
  'relay-rooms-do-not-enter-each-other': [`${relay}/domains/a/neighbour.ts`, uses('../b/store.ts')],
  'relay-rooms-know-no-doors': [`${relay}/domains/a/door.ts`, uses('../../doors/socket.ts')],
  'relay-platform-is-the-bottom': [`${relay}/platform/reach.ts`, uses('../domains/b/store.ts')],
  'relay-queries-stay-in-stores': [`${relay}/domains/a/query.ts`, uses('kysely')],
  'relay-vendors-stay-in-platform': [`${relay}/domains/a/vendor.ts`, uses('pg')],
  'relay-doors-alone-speak-the-wire': [`${relay}/domains/a/wire.ts`, uses('socket.io')],
  'console-speaks-to-doors-alone': [`${page}/inside.ts`, `${uses('@steward/kernel')}import '@steward/client/node'\n`],
  'console-runs-in-browsers': [`${page}/machine.ts`, uses('node:fs')],
  'console-pages-are-apart': [`${page}/pages/a/neighbour.tsx`, uses('../b/page.tsx')],
  'console-router-alone-sees-pages': [`${page}/shared/reach.tsx`, uses('../pages/b/page.tsx')],
  'console-parts-know-no-operation': [`${page}/parts/reach.tsx`, uses('../platform/daemon.ts')],
  'console-platform-is-the-bottom': [`${page}/platform/reach.ts`, uses('../parts/button.tsx')],
  'console-text-is-words': [`${page}/text/reach.ts`, uses('../platform/daemon.ts')],
  'only-main-sees-the-app': [`${src}/domains/a/wiring.ts`, uses('../../app.ts')],
}
function plantHouse(files: Readonly<Record<string, string>> = {}): PlantedTree {
  const tree = plantTree({ ...clean, ...files }, ['.dependency-cruiser.cjs', 'tsconfig.json'])
  for (const name of ['contract', 'kernel', 'client', 'testkit']) linkPackage(tree.root, `@steward/${name}`, `packages/${name}`)
  for (const name of ['daemon', 'gateway', 'relay', 'cli', 'console']) linkPackage(tree.root, `@steward/${name}`, `apps/${name}`)
  return tree
}
test('every wall has an offence that proves it', () => {
  expect(Object.keys(offences).toSorted()).toEqual(config.forbidden.map(({ name }) => name).toSorted())
})
test('a house that keeps its walls is green', () => {
  using tree = plantHouse()
  expect(tree.check('checks/walls.mjs')).toEqual({ status: 0, output: expect.stringMatching(/^43 files seen, \d+ imports, 0 offences\n$/) })
})
test('each wall names the file that goes through it', () => {
  const planted = Object.fromEntries([
    ...Object.values(offences),
    [`${src}/engine/circle.ts`, `import { used } from './around.ts'\nexport const value = () => used\n`],
  ])
  using tree = plantHouse(planted)
  const { status, output } = tree.check('checks/walls.mjs')
  expect(status).toBe(1)
  for (const [rule, [file]] of Object.entries(offences)) expect(output, rule).toContain(`${rule}: ${file} → `)
})
test('files that the checker does not see make it red', () => {
  using tree = plantHouse({ '.dependency-cruiser.cjs': `module.exports = { options: { exclude: { path: '^packages/' } } }\n` })
  const { status, output } = tree.check('checks/walls.mjs')
  expect(output).toMatch(/The wall checker did not see \d+ of 43 files: packages\/client\/src\/index\.ts/)
  expect(status).toBe(1)
  using empty = plantTree({ 'packages/a/readme.txt': 'no source here' }, ['.dependency-cruiser.cjs', 'tsconfig.json'])
  expect(empty.check('checks/walls.mjs').status).toBe(1)
})
test('in this repository the checker sees every source file', { timeout: 120_000 }, () => {
  const run = spawnSync(process.execPath, ['scripts/checks/walls.mjs'], { cwd: repository, encoding: 'utf8' })
  const files = ['packages', 'apps']
    .flatMap((folder) => readdirSync(path.join(repository, folder), { recursive: true, encoding: 'utf8' }))
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !file.includes('node_modules'))
  expect(run.stderr).not.toContain('did not see')
  expect(Number(/^(\d+) files seen/m.exec(run.stdout)?.[1])).toBe(files.length)
})
