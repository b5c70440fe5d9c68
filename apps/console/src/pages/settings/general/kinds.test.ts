import { expect, test } from 'vitest'
import { fromText, kindOf, toText } from './kinds.ts'

test('each kind of schema has its control', () => {
  expect(kindOf({ type: 'boolean' })).toEqual({ is: 'yes-no' })
  expect(kindOf({ type: 'string', enum: ['a', 'b'] })).toEqual({ is: 'choice', options: ['a', 'b'] })
  expect(kindOf({ type: 'integer', minimum: 1, maximum: 9 })).toEqual({ is: 'number', whole: true, least: 1, most: 9, nullable: false })
  expect(kindOf({ anyOf: [{ type: 'number', minimum: 0 }, { type: 'null' }] })).toMatchObject({ is: 'number', whole: false, nullable: true })
  expect(kindOf({ anyOf: [{ anyOf: [{ type: 'string' }, { type: 'string' }] }, { type: 'string' }] })).toEqual({ is: 'text', nullable: false })
  expect(kindOf({ type: 'array', items: { type: 'string' } })).toEqual({ is: 'lines' })
  expect(kindOf({ type: 'object' })).toEqual({ is: 'json' })
  expect(kindOf(undefined)).toEqual({ is: 'json' })
})
test('what is entered becomes the value that was meant, or is told as wrong', () => {
  const whole = kindOf({ type: 'integer' })
  expect(fromText(whole, ' 4 ')).toEqual({ value: 4 })
  expect(fromText(whole, '4.5')).toEqual({ wrong: 'whole' })
  expect(fromText(whole, '')).toEqual({ wrong: 'number' })
  expect(fromText(kindOf({ anyOf: [{ type: 'number' }, { type: 'null' }] }), '')).toEqual({ value: null })
  expect(fromText(kindOf({ type: 'array', items: { type: 'string' } }), 'a\n\n b ')).toEqual({ value: ['a', 'b'] })
  expect(fromText(kindOf({ type: 'object' }), '{"http":"debug"}')).toEqual({ value: { http: 'debug' } })
  expect(fromText(kindOf({ type: 'object' }), '{')).toEqual({ wrong: 'notJson' })
})
test('a value stands in its control as it can be entered again', () => {
  for (const [schema, value] of [
    [{ type: 'array', items: { type: 'string' } }, ['a', 'b']],
    [{ type: 'object' }, { a: 1 }],
    [{ type: 'integer' }, 3],
    [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, null],
  ] as const)
    expect(fromText(kindOf(schema), toText(kindOf(schema), value))).toEqual({ value })
})
