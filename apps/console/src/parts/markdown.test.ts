import { expect, test } from 'vitest'
import { decoded, otherHost, safeAddress } from './links.ts'
import { createSplitter } from './markdown-blocks.ts'
import { mend } from './markdown-mend.ts'

const long = `# Title

A paragraph with **bold** words.

- one
- two

  still two

| a | b |
| - | - |
| 1 | 2 |

\`\`\`ts
const x = 1

const y = 2
\`\`\`

> quoted

The end [link][1].

[1]: https://example.com
`
test('the blocks of a text that grows by single letters are those of the whole text', () => {
  const split = createSplitter()
  for (let end = 1; end < long.length; end++) expect(split(long.slice(0, end)).join('')).toBe(long.slice(0, end))
  expect(split(long)).toEqual(createSplitter()(long))
})
test('blocks that are done stay the same while a text grows', () => {
  const split = createSplitter()
  const text = 'one\n\ntwo\n\nthree\n\nfour'
  const before = split(text)
  const after = split(`${text} and more`)
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3))
  expect(after[3]).toBe('four and more')
})
test.each([
  ['a **bold', 'a **bold**'],
  ['a **', 'a '],
  ['a *b **c', 'a *b **c***'],
  ['2 * 3', '2 * 3'],
  ['snake_case_name', 'snake_case_name'],
  ['run `npm te', 'run `npm te`'],
  ['run `', 'run '],
  ['see [the docs](https://exa', 'see the docs'],
  ['see [the do', 'see the do'],
  ['see [the docs](https://example.com) now', 'see [the docs](https://example.com) now'],
  ['![alt](https://exa', 'alt'],
  ['text\n--', 'text'],
  ['- a\n- ', '- a'],
  ['| a | b |', '| a | b |\n|---|---|'],
  ['| a | b |\n|--', '| a | b |\n|---|---|'],
  ['| a | b |\n|---|---|\n| **x', '| a | b |\n|---|---|\n| **x**'],
  ['```ts\nconst a\n``', '```ts\nconst a'],
  ['```ts\nconst **a', '```ts\nconst **a'],
])('what is open at the end of %j is closed for the eye', (block, expected) => {
  expect(mend(block)).toBe(expected)
})
test('links lead to http, https and mailto only', () => {
  expect(safeAddress('https://example.com/a')?.host).toBe('example.com')
  expect(safeAddress('mailto:a@example.com')).toBeDefined()
  for (const address of [
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//example.com',
    'src/a.ts',
  ])
    expect(safeAddress(address)).toBeUndefined()
})
test('a link whose words name another host says where it leads', () => {
  expect(otherHost('https://bank.example/login', new URL('https://evil.example'))).toBe('evil.example')
  expect(otherHost('bank.example', new URL('https://xn--bnk-6na.example'))).toBe('xn--bnk-6na.example')
  expect(otherHost('www.bank.example', new URL('https://bank.example/x'))).toBeUndefined()
  expect(otherHost('the docs', new URL('https://bank.example/x'))).toBeUndefined()
  expect(otherHost('README.md', new URL('https://example.com/readme'))).toBeUndefined()
})
test('character references are read once', () => {
  expect(decoded('&lt;b&gt; &amp;lt; &#x41;&#66; &unknown;')).toBe('<b> &lt; AB &unknown;')
})
