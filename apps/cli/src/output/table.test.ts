import { expect, test } from 'vitest'
import { widthOf } from './clean.ts'
import { forPeople } from './answer.ts'
import { record, table } from './table.ts'

const row = (title: string) => ({
  id: 'ses_0mwq0yqcx0quqb2n0fyo27',
  title,
  note: 'x'.repeat(200),
  costUsd: 0.0123,
  inputTokens: 12_345,
  archived: false,
})

test('a table fits the width, with ids whole and long texts cut', () => {
  const lines = table([row('short'), row(`a long ${'word '.repeat(30)}`)], 80).split('\n')
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80)
  expect(lines[1]).toContain('ses_0mwq0yqcx0quqb2n0fyo27')
  expect(lines[2]).toContain('…')
  expect(lines[0]).toMatch(/^ID\s+TITLE/)
})
test('ids stay whole even where nothing else has room', () => {
  expect(table([row('a')], 10)).toContain('ses_0mwq0yqcx0quqb2n0fyo27')
})
test('wide letters keep the columns straight', () => {
  const [, first, second] = table(
    [
      { id: 'a', name: '日本語', age: 1 },
      { id: 'b', name: 'abc', age: 2 },
    ],
    40,
  ).split('\n')
  expect(widthOf(first!.slice(0, first!.indexOf('1')))).toBe(second!.indexOf('2'))
})
test('money, tokens, bytes and durations are written for people', () => {
  const text = record({
    costUsd: 0.01234,
    inputTokens: 1_234_567,
    bytes: 9_400_000,
    uptimeMs: 73_000,
    usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 },
  })
  expect(text).toContain('$0.0123')
  expect(text).toContain('1,234,567')
  expect(text).toContain('9.4 MB')
  expect(text).toContain('1 min 13 s')
  expect(text).toContain('3 tokens, $0')
})
test('a title with terminal codes cannot drive the terminal', () => {
  const text = table([{ id: 'a', title: 'x\u001b[2J\u001b]0;owned\u0007\u202ey' }], 80)
  for (const code of ['\u001b', '\u0007', '\u202e']) expect(text).not.toContain(code)
})
test('an empty list and an empty answer are said in words, and more pages are named', () => {
  expect(forPeople({ items: [], nextCursor: null }, 80)).toBe('There are none.')
  expect(forPeople(null, 80)).toBe('Done.')
  expect(forPeople({ items: [{ id: 'a' }], nextCursor: 'c1' }, 80)).toContain('--cursor c1')
})
