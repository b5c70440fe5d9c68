import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { blocksOf, pagesOf, readPage } from './blocks.ts'
import { changesCode, follow, isFollowed } from './follow.ts'
import { createWorkbench, repository } from './workbench.ts'

/** What no test can run in here: fetching the repository, and what would run this very test again. */
const byHand = [/^git clone /, /^cd steward$/, /^npm test$/, /^npm run check$/, /^\.ci\/run$/, /^npm run bench$/, /^npm run format$/]
const pages = pagesOf(repository)
test('there are pages to follow, the README and one for each thing that can be added among them', () => {
  const followed = pages.filter((page) => readPage(repository, page).some(isFollowed))
  const added = ['a-model', 'a-tool', 'an-event', 'an-operation'].map((what) => `docs/how-to/add-${what}.md`)
  expect(followed).toEqual(expect.arrayContaining(['README.md', ...added]))
  expect(followed.filter((page) => changesCode(readPage(repository, page)))).toEqual(['CONTRIBUTING.md', ...added])
})
test('every command in the documents is run by a test, or is one of the few that are done by hand', () => {
  for (const page of pages)
    for (const { words, text, line } of readPage(repository, page)) {
      if (words[0] !== 'sh' || words[1] === 'run') continue
      expect(words[1], `${page} line ${line} is neither "run" nor "by-hand"`).toBe('by-hand')
      for (const command of text.trim().split('\n'))
        expect(
          byHand.some((known) => known.test(command)),
          `${page} line ${line}: ${command}`,
        ).toBe(true)
    }
})
test('adding an operation touches the contract, its handler, its store and its tests, nothing else', () => {
  const blocks = readPage(repository, 'docs/how-to/add-an-operation.md')
  expect(blocks.filter(({ words: [, mark = ''] }) => mark.startsWith('new='))).toEqual([])
  const touched = blocks
    .filter(({ words: [, mark] }) => mark === 'apply')
    .flatMap(({ text }) => [...text.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file]) => file))
  expect(touched).toEqual([
    'packages/contract/src/daemon/agents.ts',
    'apps/daemon/src/domains/agents/store.ts',
    'apps/daemon/src/domains/agents/room.ts',
    'apps/daemon/src/domains/agents/room.test.ts',
    'apps/daemon/test/doors/cases.ts',
  ])
})
test('every link inside the documents leads to a file', () => {
  for (const page of pages) {
    const text = readFileSync(path.join(repository, page), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      expect(existsSync(path.join(repository, path.dirname(page), target)), `${page} links to ${target}`).toBe(true)
    }
  }
})
test('every file of the repository that a document names in code is there', () => {
  for (const page of pages.filter((one) => one !== 'CHANGELOG.md')) {
    const made = readPage(repository, page).flatMap(({ words, text }) => [
      ...words.filter((word) => word.startsWith('new=')).map((word) => word.slice('new='.length)),
      ...(words[1] === 'apply' ? [...text.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file]) => file) : []),
    ])
    const text = readFileSync(path.join(repository, page), 'utf8')
    for (const [, file = ''] of text.matchAll(/`((?:packages|apps|scripts|docs|test)\/[\w./-]+\.\w+)`/g)) {
      expect(made.includes(file) || existsSync(path.join(repository, file)), `${page} names ${file}`).toBe(true)
    }
  }
})
test('every dependency is named with what it saves, and no other', () => {
  const manifests = ['packages', 'apps'].flatMap((group) =>
    readdirSync(path.join(repository, group)).map((name) => path.join(repository, group, name, 'package.json')),
  )
  const dependencies = manifests
    .filter((file) => existsSync(file))
    .flatMap((file) => Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: object }).dependencies ?? {}))
    .filter((name) => !name.startsWith('@steward/'))
  const rows = readFileSync(path.join(repository, 'docs/adr/0009-dependencies.md'), 'utf8').matchAll(
    /^\| ([^|]+?) +\| (?:contract|kernel|daemon|mcp|relay|command line)/gm,
  )
  expect([...rows].flatMap(([, names = '']) => names.split(', ')).toSorted()).toEqual([...new Set(dependencies)].toSorted())
})
test('a page that is wrong is caught: a failing command, another output, a diff that does not fit', { timeout: 60_000 }, () => {
  using bench = createWorkbench()
  const page = (text: string) => () => follow(bench, blocksOf(text.replaceAll("'''", '```')))
  expect(page("'''sh run\necho one   two\necho three\n'''\n'''text output\none two\n…\n'''")).not.toThrow()
  expect(page("'''sh run\nfalse\ntrue\n'''")).toThrow(/line 1/)
  expect(page("'''sh run\necho one\n'''\n'''text output\ntwo\n'''")).toThrow(/line 4/)
  expect(page("'''diff apply\n--- a/package.json\n+++ b/package.json\n@@ -1,2 +1,2 @@\n nothing like it\n-in there\n+at all\n'''")).toThrow(/patch/)
  expect(() => blocksOf('```sh run\ntrue\n')).toThrow(/never closed/)
})
