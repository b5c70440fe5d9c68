import { expect, test } from 'vitest'
import type { Json } from '../types.ts'
import { valueOf } from './render.ts'

const people: Json = [
  { name: 'b', age: 2, tags: ['x'] },
  { name: 'a', age: 10 },
]
const scope = {
  v: {
    people,
    list: [3, 1, 2, 1],
    mixed: [1, 'a'],
    object: { a: 1, b: [2] },
    text: ' Añ😀 b ',
    same: [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
  },
}

test.each<[string, Json]>([
  ["v.none | default: 'x'", 'x'],
  ["'' | default: 'x'", ''],
  ['v.object | json', '{"a":1,"b":[2]}'],
  ['v.object.b | json: 1', '[\n 2\n]'],
  ["'a' | json", '"a"'],
  ["'a' | string", 'a'],
  ['1.5 | string', '1.5'],
  ["' 1.5e2 ' | number", 150],
  ["'TRUE' | boolean", true],
  ['0 | boolean', false],
  ['v.text | upper', ' AÑ😀 B '],
  ['v.text | trim | lower', 'añ😀 b'],
  ['v.text | trim | length', 5],
  ['v.object | length', 2],
  ['null | length', 0],
  ['v.list | first', 3],
  ['v.list | last', 1],
  ['v.list | slice: 1 | slice: 0, -1', [1, 2]],
  ['v.text | trim | slice: 1, 3', 'ñ😀'],
  ['v.list | join', '3, 1, 2, 1'],
  ["v.mixed | join: '-'", '1-a'],
  ["'a,b,' | split: ','", ['a', 'b', '']],
  ["'a.b.c' | replace: '.', '$&'", 'a$&b$&c'],
  ['v.object | keys', ['a', 'b']],
  ['v.object | values', [1, [2]]],
  ['v.list | sort', [1, 1, 2, 3]],
  ["v.people | sort: 'age' | map: 'name'", ['b', 'a']],
  ["v.people | sort: 'name' | map: 'age'", [10, 2]],
  ["v.people | map: 'tags[0]'", ['x']],
  ['v.list | unique', [3, 1, 2]],
  ['v.same | unique', [{ a: 1, b: 2 }]],
  ['v.list | reverse', [1, 2, 1, 3]],
  ["'2026-01-31' | date", '2026-01-31T00:00:00.000Z'],
  ["'2026-01-31T23:30:00-02:00' | date: 'YYYY-MM-DD HH:mm'", '2026-02-01 01:30'],
  ["'2026-01-31T23:30' | date: 'DD.MM.YYYY'", '31.01.2026'],
  ["0 | date: 'YYYYMMDD HHmmss.SSS'", '19700101 000000.000'],
  ["'a b&ü/' | urlencode", 'a%20b%26%C3%BC%2F'],
  [String.raw`'\ud800' | urlencode`, '%EF%BF%BD'],
  ["'Añ' | base64", 'QcOx'],
])('%s gives %j', (expression, expected) => expect(valueOf(expression, scope)).toEqual(expected))

test.each([
  "'12a' | number",
  "'0x10' | number",
  "'maybe' | boolean",
  'v.mixed | sort',
  "v.people | sort: 'tags'",
  "v.people | map: 'a b'",
  "'2026-13-01' | date",
  "'yesterday' | date",
  '1e300 | date',
  'v.object | json: 99',
  'null | upper',
  "v.list | map: '__proto__' | first | upper",
])('%s is refused with a sentence', (expression) => {
  expect(() => valueOf(expression, scope)).toThrow(expect.objectContaining({ name: 'TemplateFault', message: expect.stringMatching(/^[A-Z`].*\.$/) }))
})
