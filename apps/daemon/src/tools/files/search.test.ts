import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlace, type Place } from '../testing/place.ts'
import type { Processes } from '../tool.ts'
import { glob } from './glob.ts'
import { globMatcher } from './glob-pattern.ts'
import { grep } from './grep.ts'
import { list } from './list.ts'

const fill = async (place: Place, files: Record<string, string>) => {
  for (const [name, content] of Object.entries(files)) await place.files.write(join(place.root, name), Buffer.from(content))
}
const project = {
  '.gitignore': 'dist/\n*.log\n',
  '.github/ci.yml': 'on: push\n',
  'src/a.ts': 'export const a = 1\n',
  'src/deep/b.ts': 'export const b = 2\n',
  'src/noise.log': 'export const log = 0\n',
  'dist/out.ts': 'export const out = 0\n',
  'node_modules/x/index.ts': 'export const x = 0\n',
  'README.md': '# Project\n',
}

test('globs match names at any depth, paths, alternatives and hidden files', () => {
  const cases: [string, string, boolean][] = [
    ['*.ts', 'src/deep/b.ts', true],
    ['src/*.ts', 'src/deep/b.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['**/*.{js,ts}', 'src/a.ts', true],
    ['*.yml', '.github/ci.yml', true],
    ['.github/**', '.github/ci.yml', true],
    ['README', 'README.md', false],
    ['[ab].ts', 'src/b.ts', true],
  ]
  for (const [pattern, path, expected] of cases) expect([pattern, path, globMatcher(pattern)(path)]).toEqual([pattern, path, expected])
  for (const pattern of ['!x', '../x', 'a/../../x', '*a*a*a*a*a*b', '{1..999999}', '{a,b}{a,b}{a,b}{a,b}{a,b}'])
    expect(() => globMatcher(pattern)).toThrow(/The pattern/)
})

test('files are found by pattern, without what .gitignore and the usual list leave out', async () => {
  await using place = await createPlace()
  await fill(place, project)
  expect(((await place.call(glob, { pattern: '**' })).output['files'] as string[]).toSorted()).toEqual([
    '.github/ci.yml',
    '.gitignore',
    'README.md',
    'src/a.ts',
    'src/deep/b.ts',
  ])
  expect((await place.call(glob, { pattern: '*.ts', path: 'src' })).output).toMatchObject({ total: 2, truncated: false })
  expect((await place.call(glob, { pattern: 'dist/**', includeIgnored: true })).output).toMatchObject({ files: ['dist/out.ts'] })
  expect((await place.call(glob, { pattern: '*.nothing' })).text).toBe('No file matches *.nothing.')
})

test('of many files the newest 200 come first, wherever they lie, and the rest is counted', async () => {
  await using place = await createPlace()
  await mkdir(join(place.root, 'a'))
  await mkdir(join(place.root, 'z'))
  const names = Array.from({ length: 300 }, (_, index) => `${index % 2 === 0 ? 'a' : 'z'}/${String((index * 7919) % 300).padStart(3, '0')}.txt`)
  for (const [index, name] of names.entries()) {
    await writeFile(join(place.root, name), 'x')
    await utimes(join(place.root, name), 1_700_000_000 + index, 1_700_000_000 + index)
  }
  const { output, text } = await place.call(glob, { pattern: '*.txt' })
  expect(output).toMatchObject({ total: 300, truncated: true, complete: true })
  expect(output['files']).toEqual(names.toReversed().slice(0, 200))
  expect(text).toContain('[The newest 200 of 300 files.')
})

test('a search names path, line and text, in order of path, and leaves ignored files out', async () => {
  await using place = await createPlace()
  await fill(place, project)
  const { output, text } = await place.call(grep, { pattern: 'const \\w+' })
  expect(text).toBe('src/a.ts\n1: export const a = 1\n\nsrc/deep/b.ts\n1: export const b = 2')
  expect(output).toEqual({
    lines: [
      { path: 'src/a.ts', line: 1, text: 'export const a = 1', match: true },
      { path: 'src/deep/b.ts', line: 1, text: 'export const b = 2', match: true },
    ],
    matches: 2,
    files: 2,
    truncated: false,
  })
  expect((await place.call(grep, { pattern: 'const', glob: 'src/**' })).output).toMatchObject({ matches: 2 })
  expect((await place.call(grep, { pattern: 'const', glob: '*.log' })).text).toBe('Nothing matches.')
  expect((await place.call(grep, { pattern: 'const', includeIgnored: true, glob: '*.ts' })).output).toMatchObject({ matches: 4 })
  expect((await place.call(grep, { pattern: 'project', ignoreCase: true, type: 'md' })).output).toMatchObject({ matches: 1 })
  expect((await place.call(grep, { pattern: 'const', path: 'src/a.ts' })).output).toMatchObject({ files: 1 })
})

test('a search shows context, takes plain text, and explains a broken expression', async () => {
  await using place = await createPlace()
  await fill(place, { 'a.txt': '1\n2\nx(\n4\n5\n6\n7\nx(\n' })
  const { text } = await place.call(grep, { pattern: 'x(', literal: true, context: 1 })
  expect(text).toBe('a.txt\n2- 2\n3: x(\n4- 4\n--\n7- 7\n8: x(')
  await expect(place.call(grep, { pattern: 'x(' })).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('unclosed group') })
  await expect(place.call(grep, { pattern: 'x', path: 'nowhere' })).rejects.toThrow('There is no file or folder nowhere.')
})

test('long lines are cut around the match, and limits are stated', async () => {
  await using place = await createPlace()
  await fill(place, { 'long.txt': `${'é'.repeat(5000)}NEEDLE${'ü'.repeat(5000)}\n`, 'many.txt': 'hit\n'.repeat(500) })
  const long = (await place.call(grep, { pattern: 'NEEDLE' })).output['lines'] as { text: string }[]
  expect(long[0]?.text).toMatch(/^…é{50,}NEEDLEü{50,}…$/)
  expect(long[0]?.text.length).toBeLessThanOrEqual(302)
  const many = await place.call(grep, { pattern: 'hit', maxMatches: 30 })
  expect(many.output).toMatchObject({ matches: 30, truncated: true })
  expect(many.text).toContain('[Only the first 30 matches (at most 100 of one file).')
  expect((await place.call(grep, { pattern: 'hit' })).output).toMatchObject({ matches: 100, truncated: true })
  const small = await place.call(grep, { pattern: 'hit' }, { outputBytes: 2000 })
  expect(Buffer.byteLength(small.text)).toBeLessThanOrEqual(2000)
  expect(Buffer.byteLength(JSON.stringify(small.output))).toBeLessThanOrEqual(2000)
})

test('a folder is listed without ignored files, and a tree to its depth', async () => {
  await using place = await createPlace()
  await fill(place, project)
  await mkdir(join(place.root, 'empty'))
  await symlink('README.md', join(place.root, 'link'))
  const { text } = await place.call(list, {})
  expect(text).toBe('./\n.github/\n.gitignore (12 bytes)\nREADME.md (10 bytes)\nempty/\nlink (symlink)\nsrc/')
  const tree = (await place.call(list, { path: 'src', depth: 2 })).output['entries'] as { path: string }[]
  expect(tree.map(({ path }) => path)).toEqual(['a.ts', 'deep', 'deep/b.ts'])
  expect((await place.call(list, { includeIgnored: true })).text).toContain('dist/')
  await expect(place.call(list, { path: 'README.md' })).rejects.toThrow('README.md is no folder.')
  await expect(place.call(list, { path: 'nowhere' })).rejects.toThrow('There is no folder nowhere.')
})

test('a listing stops at 1,000 entries, shows the upper levels first, and says so', async () => {
  await using place = await createPlace()
  await mkdir(join(place.root, 'a'))
  for (let index = 0; index < 1005; index++) await writeFile(join(place.root, 'a', `${index}`), '')
  await writeFile(join(place.root, 'zebra'), '')
  const { output, text } = await place.call(list, { depth: 2 })
  expect(output['entries']).toHaveLength(1000)
  expect(output).toMatchObject({ truncated: true })
  expect(text).toContain('\nzebra (0 bytes)')
  expect(text).toContain('[Only the first 1,000 entries')
})

test('a search in a folder above STEWARD_HOME finds nothing in it', async () => {
  await using place = await createPlace()
  const { createFiles } = await import('../../platform/files/files.ts')
  await fill(place, { '.steward/token': 'planted-secret', 'a.txt': 'planted-secret' })
  const files = createFiles({ roots: [place.root], home: join(place.root, '.steward') })
  expect((await place.call(grep, { pattern: 'planted', includeIgnored: true }, { files })).output).toMatchObject({
    matches: 1,
    lines: [{ path: 'a.txt' }],
  })
  expect((await place.call(glob, { pattern: '**', includeIgnored: true }, { files })).output).toMatchObject({ files: ['a.txt'] })
  expect((await place.call(list, { depth: 3 }, { files })).text).not.toContain('token')
})

test('a search that could not be started is a failure, never "nothing matches"', async () => {
  await using place = await createPlace()
  await fill(place, project)
  const processes = {
    ...place.processes,
    run: ((request, signal) =>
      place.processes.run({ ...request, command: ['sh', '-c', 'echo "sandbox: no such program" >&2; exit 1'] }, signal)) satisfies Processes['run'],
  }
  for (const search of [
    () => place.call(grep, { pattern: 'const' }, { processes }),
    () => place.call(glob, { pattern: '*' }, { processes }),
    () => place.call(list, {}, { processes }),
  ])
    await expect(search()).rejects.toMatchObject({ code: 'failed', message: 'The search could not be started: sandbox: no such program' })
})
