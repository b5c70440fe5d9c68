import { expect, test } from 'vitest'
import { startOf, withEntry } from './defaults.ts'

test('a form begins with defaults, fixed values and the objects that must be there', () => {
  const schema = {
    type: 'object',
    properties: {
      path: { type: 'string' },
      limit: { type: 'integer', default: 20 },
      kind: { const: 'file' },
      place: { $ref: '#/$defs/place' },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
      maybe: { type: 'object', properties: { a: { default: 1 } } },
    },
    required: ['path', 'kind', 'place', 'tags'],
    $defs: { place: { type: 'object', properties: { city: { type: 'string', default: 'Bern' } }, required: ['city'] } },
  }
  expect(startOf(schema)).toEqual({ limit: 20, kind: 'file', place: { city: 'Bern' }, tags: [null, null] })
})
test('a schema that contains itself begins somewhere', () => {
  const tree = { $ref: '#/$defs/tree', $defs: { tree: { type: 'object', properties: { child: { $ref: '#/$defs/tree' } }, required: ['child'] } } }
  expect(JSON.stringify(startOf(tree)).length).toBeLessThan(200)
  expect(startOf({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } })).toBeUndefined()
})
test('an entry that is taken out is gone, one that changes keeps its place', () => {
  expect(withEntry({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 })
  expect(Object.keys(withEntry({ a: 1, b: 2 }, 'a', 3))).toEqual(['a', 'b'])
  expect(Object.keys(withEntry({}, '__proto__', 3))).toEqual(['__proto__'])
})
