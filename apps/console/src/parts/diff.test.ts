import { expect, test } from 'vitest'
import { cutAt, longestRow, matchesIn, rowsOf } from './code-rows.ts'
import { compare, differing, readDiff, sideBySide } from './diff-model.ts'

const unified = `--- a/src/upload.ts
+++ b/src/upload.ts
@@ -10,3 +10,3 @@
 before
-setTimeout(done, 50)
+await once(stream, done)
 after
`
test('a unified diff is read into its files, lines and numbers', () => {
  const [file] = readDiff(unified) ?? []
  expect(file).toMatchObject({ name: 'src/upload.ts', added: 1, removed: 1 })
  expect(file?.parts).toMatchObject([
    { kind: 'gap', count: 9 },
    { kind: 'same', before: 10, after: 10 },
    { kind: 'removed', before: 11, pair: 'await once(stream, done)' },
    { kind: 'added', after: 11 },
    { kind: 'same', before: 12, after: 12 },
  ])
})
test('what is no diff is not read as one', () => {
  expect(readDiff('hello')).toBeUndefined()
  expect(readDiff('--- a\n+++ b\n@@ -1,9 +1,9 @@\n broken')).toBeUndefined()
})
test('lines that did not change are folded and can be shown', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`)
  const file = compare(lines.join('\n'), lines.with(20, 'changed').join('\n'), 'a.txt')
  const gaps = file?.parts.filter((part) => part.kind === 'gap')
  expect(gaps).toMatchObject([{ count: 17 }, { count: 16 }])
  expect(gaps?.[1]?.lines?.at(-1)).toMatchObject({ text: 'line 39', after: 40 })
})
test('the words that differ within a line are marked, in a line that is still the same at heart', () => {
  const [, , removed] = readDiff('--- a\n+++ b\n@@ -1,1 +1,1 @@\n-const answer = 41\n+const answer = 42\n')?.[0]?.parts ?? []
  expect(removed).toBeUndefined()
  expect(differing({ kind: 'added', text: 'const answer = 42', pair: 'const answer = 41' })).toEqual([{ start: 15, end: 17 }])
  expect(differing({ kind: 'added', text: 'foo()', pair: 'something else altogether' })).toEqual([])
})
test('side by side, what was stands beside what took its place', () => {
  const rows = sideBySide(readDiff(unified)?.[0]?.parts ?? [])
  expect(rows[2]).toMatchObject([{ text: 'setTimeout(done, 50)' }, { text: 'await once(stream, done)' }])
})
test('an endless line is cut into rows, never within a sign', () => {
  const rows = rowsOf([[[`${'a'.repeat(longestRow - 1)}😀${'b'.repeat(10)}`, undefined]]])
  expect(rows.map((row) => row.map(([text]) => text).join(''))).toEqual(['a'.repeat(longestRow - 1), `😀${'b'.repeat(10)}`])
})
test('a search finds every place and marks it within its colours', () => {
  const rows = rowsOf([
    [
      ['let ', 'keyword'],
      ['total = Total', undefined],
    ],
  ])
  const matches = matchesIn(rows, 'total')
  expect(matches).toEqual([
    { row: 0, start: 4, end: 9 },
    { row: 0, start: 12, end: 17 },
  ])
  expect(cutAt(rows[0] ?? [], matches).map(({ span: [text], mark }) => [text, mark])).toEqual([
    ['let ', undefined],
    ['total', 0],
    [' = ', undefined],
    ['Total', 1],
  ])
})
