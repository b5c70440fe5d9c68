import { expect, test } from 'vitest'
import { rankPaths } from './rank-paths.ts'

const paths = [
  'README.md',
  'src/composer/composer.tsx',
  'src/composer/draft.ts',
  'src/code.tsx',
  'test/composer.test.ts',
  'docs/decomposed.md',
  'src/my-composer.ts',
]

test('the name of a file counts more than its folders, the beginning of a word more than its middle', () => {
  expect(rankPaths(paths, 'composer', 10)).toEqual([
    'test/composer.test.ts',
    'src/composer/composer.tsx',
    'src/my-composer.ts',
    'src/composer/draft.ts',
  ])
  expect(rankPaths(paths, 'readme.md', 1)).toEqual(['README.md'])
})
test('a part of the path, with its slashes, finds what lies there', () => {
  expect(rankPaths(paths, 'composer/dr', 10)).toEqual(['src/composer/draft.ts'])
  expect(rankPaths(paths, './src/code', 10)).toEqual(['src/code.tsx'])
})
test('letters may be left out, but not turned round', () => {
  expect(rankPaths(paths, 'scd', 10)[0]).toBe('src/composer/draft.ts')
  expect(rankPaths(paths, 'zzz', 10)).toEqual([])
  expect(rankPaths(['ab'], 'ba', 10)).toEqual([])
  expect(rankPaths(['ab'], 'ab', 10)).toEqual(['ab'])
})
test('without a query the files nearest to the root come first, and no more than asked for', () => {
  expect(rankPaths(paths, '', 2)).toEqual(['README.md', 'docs/decomposed.md'])
})
