import { expect, test } from 'vitest'
import { plantTree } from './testing.ts'

test('SQL is let be in stores, migrations and the platform, and in comments', () => {
  using tree = plantTree({
    'apps/daemon/src/domains/a/store.ts': 'db.prepare(`SELECT id\n FROM a`)',
    'apps/daemon/src/domains/a/call-store.ts': `db.prepare('DELETE FROM a')`,
    'apps/daemon/src/platform/log.ts': `db.exec('PRAGMA synchronous=FULL')`,
    'apps/daemon/src/migrations/chat.ts': 'const up = `CREATE TABLE a (id)`',
    'apps/relay/src/domains/a/store.ts': `queries.selectFrom('a').execute()`,
    'apps/relay/src/changes/log.ts': `tx.insertInto('changes').execute()`,
    'apps/daemon/src/domains/a/room.ts': `// SELECT id FROM a\n/** UPDATE a SET b */\nexport const words = 'select one from the list'`,
  })
  expect(tree.check('checks/sql.mjs')).toEqual({ status: 0, output: '1 of 7 files judged, 0 with SQL where it may not be\n' })
})
for (const [kind, text] of Object.entries({
  'a query over two lines': 'db.prepare(`SELECT id,\n name FROM a`)',
  'an insert': `db.prepare('INSERT OR IGNORE INTO a VALUES (1)')`,
  'an update': `db.prepare("UPDATE a SET b = 1")`,
  'a removal': `db.prepare('DELETE FROM a')`,
  'a table': `db.exec('CREATE TABLE a (id)')`,
  'a built query': `queries.selectFrom('a').selectAll()`,
  'a pragma': `db.exec('PRAGMA synchronous=OFF')`,
}))
  test(`${kind} outside a store is named`, () => {
    using tree = plantTree({ 'apps/daemon/src/domains/a/room.ts': text, 'apps/daemon/src/restore.ts': 'export {}' })
    expect(tree.check('checks/sql.mjs')).toEqual({
      status: 1,
      output: expect.stringContaining('SQL outside a store: apps/daemon/src/domains/a/room.ts\n'),
    })
  })
test('a tree without source is red for SQL, size, settings and the map', () => {
  using tree = plantTree({ 'ARCHITECTURE.md': '', 'packages/contract/src/daemon/settings.ts': 'export const settingKeys = {}' })
  tree.remove('ARCHITECTURE.md')
  expect(tree.check('checks/settings.mjs').status).toBe(1)
  tree.remove('packages/contract/src/daemon/settings.ts')
  for (const check of ['sql', 'size', 'settings', 'map']) expect(tree.check(`checks/${check}.mjs`).status, check).not.toBe(0)
})

const map = (...rows: string[]) => ['# The map', '| folder | what |', '|---|---|', ...rows.map((row) => `| ${row} | words |`)].join('\n')
test('a map that names every folder, or a folder and below, is green', () => {
  using tree = plantTree({
    'apps/a/src/x.ts': '',
    'apps/a/test/corpora/y.ts': '',
    'ARCHITECTURE.md': map('`apps/a/src/`', '`apps/a/test/` and below'),
  })
  expect(tree.check('checks/map.mjs')).toEqual({ status: 0, output: '2 rows for 2 folders\n' })
})
test('a folder that the map lacks, one that is gone, one that holds nothing and one named twice are each named', () => {
  using tree = plantTree({
    'apps/a/src/x.ts': '',
    'apps/a/src/deep/x.ts': '',
    'docs/x.md': '',
    'ARCHITECTURE.md': map('`apps/a/src/`', '`apps/gone/`', '`apps/a/`', '`docs/`', '`docs/`'),
  })
  const { status, output } = tree.check('checks/map.mjs')
  expect(status).toBe(1)
  expect(output).toContain('ARCHITECTURE.md does not name apps/a/src/deep/\n')
  expect(output).toContain('ARCHITECTURE.md names apps/gone/, which holds no file\n')
  expect(output).toContain('ARCHITECTURE.md names apps/a/, which holds no file\n')
  expect(output).toContain('ARCHITECTURE.md names docs/ twice\n')
})

const contract = `export const settingKeys = { 'runs.steps': {}, plain: {} }`
test('settings that the daemon reads are green', () => {
  using tree = plantTree({
    'packages/contract/src/daemon/settings.ts': contract,
    'apps/daemon/src/app.ts': `settings.get('plain')\nsetting('runs.steps')`,
  })
  expect(tree.check('checks/settings.mjs')).toEqual({ status: 0, output: '2 settings, 0 that nothing reads\n' })
})
test('a setting that only a test or a comment reads is named', () => {
  using tree = plantTree({
    'packages/contract/src/daemon/settings.ts': contract,
    'apps/daemon/src/app.ts': `// setting('runs.steps')\nsetting('plain')`,
    'apps/daemon/src/app.test.ts': `setting('runs.steps')`,
  })
  expect(tree.check('checks/settings.mjs')).toEqual({ status: 1, output: expect.stringContaining('The setting runs.steps is read nowhere') })
})

const lines = (count: number) => 'x\n'.repeat(count)
test('a file of 300 lines passes, one of 301 is named, and one that says why it is long passes', () => {
  using tree = plantTree({
    'apps/a/full.ts': lines(300),
    'packages/a/short.ts': lines(10),
    'test/table.ts': `// Long: one table that is read from top to bottom.\n${lines(400)}`,
  })
  expect(tree.check('checks/size.mjs')).toEqual({ status: 0, output: '3 files, median 300 lines, 90th percentile 401, longest 401, 0 too long\n' })
  tree.plant({ 'apps/a/over.ts': lines(301), 'apps/a/mute.ts': `// Long:\n${lines(301)}` })
  const { status, output } = tree.check('checks/size.mjs')
  expect(status).toBe(1)
  expect(output).toContain('apps/a/over.ts has 301 lines: split it')
  expect(output).toContain('apps/a/mute.ts has 302 lines: split it')
})
