import { expect, test } from 'vitest'
import { problemsOf, variantOf } from './check.ts'

const of = (schema: object, value: unknown, templates = false) => problemsOf(schema as Record<string, unknown>, value, { templates })

test('what is missing is said where it is missing, also deep down', () => {
  const place = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  const schema = {
    type: 'object',
    properties: { path: { type: 'string' }, places: { type: 'array', items: place }, note: { type: 'string' } },
    required: ['path', 'places'],
  }
  expect(of(schema, { places: [{ city: 'Bern' }, {}] })).toEqual({ path: 'This is needed.', 'places.1.city': 'This is needed.' })
  expect(of(schema, { path: '', places: [] })).toEqual({})
})
test.each([
  [{ type: 'string', minLength: 1 }, '', 'This is needed.'],
  [{ type: 'string', minLength: 3 }, 'ab', 'This must have at least 3 characters.'],
  [{ type: 'string', maxLength: 3 }, 'abcd', 'This must have at most 3 characters; it has 4.'],
  [{ type: 'string', maxLength: 1 }, '🙂', undefined],
  [{ type: 'string', pattern: '^a+$' }, 'b', 'This must match the pattern ^a+$.'],
  [{ type: 'string', pattern: '(' }, 'b', undefined],
  [{ type: 'string', format: 'uri' }, 'example', 'This must be a whole address, such as https://example.com/path.'],
  [{ type: 'string', format: 'email' }, 'ada', 'This must be an email address, such as ada@example.com.'],
  [{ type: 'string', format: 'date-time' }, 'soon', 'This must be a time, such as 2026-03-01T09:30:00Z.'],
  [{ type: 'string' }, 3, 'This must be a text.'],
  [{ type: 'number' }, '1,5', 'This must be a number.'],
  [{ type: 'integer' }, 1.5, 'This must be a whole number.'],
  [{ type: 'integer', minimum: 1 }, 0, 'This must be at least 1.'],
  [{ type: 'number', exclusiveMaximum: 1 }, 1, 'This must be less than 1.'],
  [{ type: 'number', multipleOf: 0.1 }, 0.3, undefined],
  [{ type: 'integer', maximum: Number.MAX_SAFE_INTEGER }, 7, undefined],
  [{ enum: ['a', 'b'] }, 'c', 'This must be one of a, b.'],
  [{ const: 'a' }, 'b', 'This must be "a".'],
  [{ type: ['string', 'null'] }, null, undefined],
  [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'x', 'This must be a number.'],
  [{ type: 'array', items: {}, minItems: 1 }, [], 'There must be at least one entry.'],
  [{ type: 'array', items: { type: 'string' }, uniqueItems: true }, ['a', 'a'], 'Each entry must differ from the others.'],
  [{ type: 'object' }, 'x', 'This must be an object with named values.'],
  [{ type: 'boolean' }, 'yes', 'This must be yes or no.'],
])('%j takes %j as it should', (schema, value, sentence) => {
  expect(of(schema, value)['']).toBe(sentence)
})
test('a default is no gap, a template stands for anything', () => {
  expect(of({ type: 'object', properties: { a: { type: 'number', default: 1 } }, required: ['a'] }, {})).toEqual({})
  expect(of({ type: 'number' }, '{{inputs.x}}', true)).toEqual({})
  expect(of({ type: 'number' }, '{{inputs.x}}')).not.toEqual({})
})
test('of several kinds the one that is meant is judged', () => {
  const file = { type: 'object', properties: { kind: { const: 'file' }, path: { type: 'string' } }, required: ['kind', 'path'] }
  const web = { type: 'object', properties: { kind: { const: 'web' }, url: { type: 'string', format: 'uri' } }, required: ['kind', 'url'] }
  expect(variantOf([file, web], { kind: 'web' }, {}, false)).toBe(1)
  expect(of({ oneOf: [file, web] }, { kind: 'web', url: 'x' })).toHaveProperty('url')
  expect(of({ type: ['string', 'number'] }, 3)).toEqual({})
})
test('a schema that makes no sense judges nothing', () => {
  for (const schema of [{}, { type: 7 }, { properties: 'x' }, { $ref: 'https://elsewhere' }, { enum: {} }, { oneOf: [null] }, { items: true }])
    expect(of(schema, { a: 1 })).toEqual({})
})
