import { expect, test } from 'vitest'
import { parseJson } from '../src/json.ts'

const nested = (levels: number, inner: string) => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`

test('64 levels are taken and one more is refused, whatever stands in strings', () => {
  const brackets = JSON.stringify('[{'.repeat(500))
  const quotes = JSON.stringify('\\"[\\\\"{'.repeat(200))
  expect(parseJson(nested(63, `[${brackets},${quotes}]`))).toBeInstanceOf(Array)
  for (const inner of ['[]', `[${brackets}]`, `[${quotes}, "\\\\"]`]) expect(() => parseJson(nested(64, inner))).toThrow('more than 64 levels')
  expect(() => parseJson(`{"a\\\\":${nested(64, '1')}}`)).toThrow('more than 64 levels')
})
test('text that ends inside a string is no JSON, not a level', () => {
  for (const text of ['"', '"\\', '"\\"', `["${'\\\\'.repeat(50)}\\"`]) expect(() => parseJson(text)).toThrow('The body is not JSON')
})
