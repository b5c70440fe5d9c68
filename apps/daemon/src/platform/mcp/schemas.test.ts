import { expect, test } from 'vitest'
import { schemaCheck } from '../../engine/json-schema.ts'
import { boundedSchema, inputsBy, safeCheck } from './schemas.ts'

const fits = (schema: object, value: unknown, patterns = false): boolean => {
  const bounded = boundedSchema(schema)
  return bounded !== null && inputsBy(bounded, schemaCheck, patterns).safeParse(value).success
}

test('inputs are checked by the schema, and its copy is left as the server gave it', () => {
  const schema = boundedSchema({
    type: 'object',
    properties: { n: { $ref: '#/$defs/count' } },
    required: ['n'],
    $defs: { count: { type: 'integer' } },
  })!
  const before = JSON.stringify(schema)
  const inputs = inputsBy(schema, schemaCheck, true)
  expect(inputs.safeParse({ n: 1 }).success).toBe(true)
  expect(inputs.safeParse({ n: 'x' }).error?.issues[0]?.message).toMatch(/^n: /)
  expect(inputs.safeParse([]).error?.issues[0]?.message).toBe('The input must be an object.')
  expect(JSON.stringify(schema)).toBe(before)
})

test('patterns count for trusted servers only; without them the rest still counts', () => {
  const schema = {
    type: 'object',
    properties: { pattern: { type: 'string', pattern: '^a$' }, kind: { const: { pattern: 'x' } } },
    patternProperties: { '^x-': { type: 'number' } },
    additionalProperties: false,
  }
  expect([fits(schema, { pattern: 'b' }, true), fits(schema, { pattern: 'b' }, false)]).toEqual([false, true])
  expect(fits(schema, { pattern: 1 }, false)).toBe(false)
  expect(fits(schema, { kind: { pattern: 'x' } }, false)).toBe(true)
  expect(fits(schema, { kind: { pattern: 'y' } }, false)).toBe(false)
  expect(fits(schema, { 'x-a': 1 }, false)).toBe(true)
})

test('a schema that refers to itself is checked as deep as the value goes', () => {
  const tree = { type: 'object', properties: { leaf: { type: 'string' }, child: { $ref: '#' } } }
  expect(fits(tree, { child: { child: { leaf: 'x' } } })).toBe(true)
  expect(fits(tree, { child: { child: { leaf: 1 } } })).toBe(false)
})

test('what cannot be checked is left to the server', () => {
  for (const schema of [
    { $ref: '#' },
    { $ref: '#/$defs/none' },
    { $ref: 'https://example.com/schema' },
    { properties: { a: { $id: 'https://example.com/a', $ref: '#/b' } } },
    { properties: { a: { pattern: '(' } } },
    { properties: 7 },
  ])
    expect([schema, safeCheck(boundedSchema(schema)!, schemaCheck, true)({ a: 'x' })]).toEqual([schema, []])
})

test('schemas that are none, too deep or too long are refused', () => {
  const deep = JSON.parse(`${'{"not":'.repeat(70)}{}${'}'.repeat(70)}`) as unknown
  for (const schema of [null, 'x', [], true, deep, { description: 'x'.repeat(200_000) }]) expect(boundedSchema(schema)).toBeNull()
})
