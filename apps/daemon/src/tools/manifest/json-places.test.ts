import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPlaces } from './json-places.ts'

const fault = (text: string) => {
  const read = readPlaces(text)
  return 'message' in read ? `${read.line}: ${read.message}` : null
}
test('places are found by the line of their key, and what is missing by that of what is around it', () => {
  const read = readPlaces('{\n "a": 1,\n "tools": [\n  {"id": "x",\n   "headers": {"X.Y": "a",\n "Idempotency-Key": "b"}},\n  [1,\n 2]\n ]\n}')
  if ('message' in read) throw new Error(read.message)
  const lines = ['', 'a', 'tools', 'tools[0]', 'tools[0].id', 'tools[0].headers["X.Y"]', 'tools[0].headers.Idempotency-Key', 'tools[1][1]']
  expect(lines.map(read.lineOf)).toEqual([1, 2, 3, 4, 4, 5, 6, 8])
  expect(['tools[0].name', 'tools[0].headers.None.deeper[3]', 'nothing.at[0].all', 'a]', 'tools[7]'].map(read.lineOf)).toEqual([4, 5, 1, 1, 3])
})
test.each([
  ['', '1: The text ends too early: a value is missing.'],
  ['{\n"a": 1', '2: The text ends too early: a comma or } is missing.'],
  ['{\n"a": 1\n"b": 2}', '2: Behind this a comma or } is missing.'],
  ['[\n1,\n2,\n]', '3: There is a comma too many before the ].'],
  ['{\n// note\n"a": 1}', '2: JSON has no comments. Take them out, or write them as a description.'],
  ["{\n'a': 1}", '2: JSON writes texts in double quotes.'],
  ['{"a" 1}', '1: Here a colon is expected, not "1".'],
  ['{a: 1}', '1: Here a key in double quotes is expected, not "a".'],
  ['{"a": "one\ntwo"}', '1: A text is not closed by a double quote in its line.'],
  ['{"a": "\\d"}', '1: A backslash stands before a character that needs none. Write it as \\\\.'],
  ['{"a": 01}', '1: Behind this a comma or } is missing.'],
  ['{"a": undefined}', '1: Here a value is expected, not "u".'],
  ['{} {}', '1: Here the end of the text is expected, not "{".'],
  ['{"a": 1,\n"a": 2}', '2: The key "a" stands twice in the same object.'],
  ['{"a": {"\\u0061": 1, "a": 2}}', '1: The key "a" stands twice in the same object.'],
  ['{\n"__proto__": {}}', '2: The key "__proto__" is not taken.'],
  ['{"\\u005f_proto__": 1}', '1: The key "__proto__" is not taken.'],
  ['['.repeat(5000), '1: The text is nested deeper than 100 levels.'],
])('%j is told with its line', (text, told) => {
  expect(fault(text)).toBe(told)
})
test('it takes what JSON.parse takes and nothing else, whatever is broken', () => {
  const broken = fc
    .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', ':', '\\', '\n', '0', '-', '.', 'e', 'true', '\u0001', ' '))
    .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + (at % 2)))
  fc.assert(
    fc.property(fc.oneof(fc.json({ maxDepth: 4 }), broken, fc.string()), (text) => {
      const told = fault(text)
      if (told?.includes('stands twice') || told?.includes('__proto__')) return
      let parses = true
      try {
        JSON.parse(text)
      } catch {
        parses = false
      }
      expect(told === null, `${JSON.stringify(text)}: ${told}`).toBe(parses)
    }),
    { numRuns: 2000 },
  )
})
