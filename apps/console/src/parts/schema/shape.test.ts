import { expect, test } from 'vitest'
import { mayBeNull, resolve, shapeOf, type Schema } from './shape.ts'

const kind = (schema: Schema) => shapeOf(schema, schema).kind

test.each([
  [{ type: 'string' }, 'text'],
  [{ type: ['integer', 'null'] }, 'number'],
  [{ type: ['string', 'number'] }, 'either'],
  [{ enum: ['a'] }, 'choice'],
  [{ oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }] }, 'choice'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'text'],
  [{ anyOf: [{ type: 'string' }, { type: 'object', properties: { a: {} } }] }, 'either'],
  [{ type: 'object', properties: { a: {} } }, 'object'],
  [{ properties: { a: {} } }, 'object'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, 'map'],
  [{ type: 'object' }, 'json'],
  [{ type: 'array', items: { type: 'string' } }, 'list'],
  [{ type: 'array', prefixItems: [{}, {}] }, 'json'],
  [{}, 'json'],
  [{ const: 3 }, 'fixed'],
  [{ $ref: '#/$defs/a', $defs: { a: { type: 'boolean' } } }, 'flag'],
])('%j is entered as %s', (schema, expected) => {
  expect(kind(schema)).toBe(expected)
})
test('a reference keeps what stands beside it, and parts are taken together', () => {
  const root = { $defs: { 'a/b': { type: 'string', description: 'there' } } }
  expect(resolve({ $ref: '#/$defs/a~1b', description: 'here' }, root)).toEqual({ type: 'string', description: 'here' })
  const all = shapeOf({ allOf: [{ properties: { a: {} }, required: ['a'] }, { properties: { b: {} } }] }, {})
  expect(all.kind === 'object' && all.properties.map(({ name, required }) => [name, required])).toEqual([
    ['a', true],
    ['b', false],
  ])
})
test('a secret is one', () => {
  expect(shapeOf({ type: 'string', writeOnly: true }, {})).toMatchObject({ secret: true })
})
test('what may be null is known through its variants', () => {
  expect(
    [{ type: ['string', 'null'] }, { anyOf: [{ type: 'null' }] }, { enum: [null, 1] }, { type: 'string' }].map((schema) => mayBeNull(schema, {})),
  ).toEqual([true, true, true, false])
})
