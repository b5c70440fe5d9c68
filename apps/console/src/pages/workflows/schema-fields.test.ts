import { expect, test } from 'vitest'
import { fieldsOf, schemaOf } from './schema-fields.ts'

const schema = {
  type: 'object',
  properties: { day: { type: 'string', minLength: 1, description: 'Since when.' }, many: { type: 'integer', default: 3 }, any: {} },
  required: ['day'],
  additionalProperties: false,
}
test('a schema becomes fields and comes back the same, with all that fields do not show', () => {
  const fields = fieldsOf(schema) ?? []
  expect(fields).toMatchObject([
    { name: 'day', kind: 'string', required: true, other: { minLength: 1 } },
    { name: 'many', kind: 'integer', fallback: '3', required: false },
    { name: 'any', kind: 'any' },
  ])
  expect(schemaOf(fields, schema)).toEqual(schema)
})
test('what fields cannot say is left to JSON', () => {
  expect(fieldsOf({ type: 'object', properties: { a: { type: ['string', 'null'] } } })).toBe(null)
  expect(fieldsOf({ anyOf: [{ type: 'object' }] })).toBe(null)
  expect(fieldsOf({ type: 'object', patternProperties: {} })).toBe(null)
})
test('without fields anything is taken', () => {
  expect(fieldsOf(null)).toEqual([])
  expect(schemaOf([], null)).toBe(null)
})
