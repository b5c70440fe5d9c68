import { expect, test } from 'vitest'
import { highlightLines } from './highlight.ts'

test('highlighted lines hold the whole code, stretch by stretch', () => {
  const code = 'const a = `one\ntwo`\n\n// done'
  const lines = highlightLines(code, 'ts')
  expect(lines?.map((line) => line.map(([text]) => text).join('')).join('\n')).toBe(code)
  expect(lines?.[0]?.[0]).toEqual(['const', 'keyword'])
  expect(lines?.[1]?.[0]).toEqual(['two`', 'string'])
})
test('an unknown language is not guessed', () => {
  expect(highlightLines('x', 'klingon')).toBeUndefined()
})
