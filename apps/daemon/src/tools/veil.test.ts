import { describe, expect, test } from 'vitest'
import { createVeil } from './veil.ts'

const same = <T>(value: T): T => value
const secret = { type: 'string', writeOnly: true }
const cover = (inputs: object, schema: object, templated = false) => createVeil(same).cover(inputs as never, schema as never, templated) as unknown

describe('what a schema marks as secret is covered', () => {
  test.each<[string, object, object, object]>([
    ['by writeOnly', { a: 'open', b: 'closed' }, { properties: { a: { type: 'string' }, b: secret } }, { a: 'open', b: '[redacted]' }],
    ['by its format', { b: 'closed' }, { properties: { b: { format: 'password' } } }, { b: '[redacted]' }],
    [
      'whatever it is',
      { b: { deep: ['closed'] }, c: 12345 },
      { properties: { b: { writeOnly: true }, c: { writeOnly: true } } },
      { b: '[redacted]', c: '[redacted]' },
    ],
    [
      'inside an object',
      { a: { b: 'closed', c: 'open' } },
      { properties: { a: { properties: { b: secret } } } },
      { a: { b: '[redacted]', c: 'open' } },
    ],
    ['in a list', { a: ['closed', 'shut'] }, { properties: { a: { items: secret } } }, { a: ['[redacted]', '[redacted]'] }],
    ['at a place of a list', { a: ['open', 'closed'] }, { properties: { a: { prefixItems: [{}, secret] } } }, { a: ['open', '[redacted]'] }],
    ['behind a reference', { a: 'closed' }, { properties: { a: { $ref: '#/$defs/pin' } }, $defs: { pin: secret } }, { a: '[redacted]' }],
    ['in one of several forms', { a: 'closed' }, { properties: { a: { anyOf: [{ type: 'null' }, secret] } } }, { a: '[redacted]' }],
    ['in a part of the whole', { a: 'closed' }, { allOf: [{ properties: { a: secret } }] }, { a: '[redacted]' }],
    [
      'under names that are not known',
      { x: 'closed', y: 'open' },
      { properties: { y: {} }, additionalProperties: secret },
      { x: '[redacted]', y: 'open' },
    ],
  ])('%s', (_, inputs, schema, shown) => {
    expect(cover(inputs, schema)).toEqual(shown)
  })
  test('and the rest is given back as it was, the same', () => {
    const inputs = { a: 'open', list: [1, { b: null }] }
    expect(cover(inputs, { properties: { a: {}, secret } })).toBe(inputs)
    expect(createVeil(same).cover(inputs, undefined)).toBe(inputs)
    expect(cover({ b: null }, { properties: { b: secret } })).toEqual({ b: null })
  })
  test('also where a schema leads back into itself', () => {
    const schema = {
      $defs: { node: { properties: { pin: secret, next: { $ref: '#/$defs/node' } }, anyOf: [{ $ref: '#/$defs/node' }, { $ref: '#' }] } },
      $ref: '#/$defs/node',
    }
    expect(cover({ pin: 'closed', next: { pin: 'shut', next: {} } }, schema)).toEqual({ pin: '[redacted]', next: { pin: '[redacted]', next: {} } })
  })
  test('but not text that says where the secret will come from', () => {
    const schema = { properties: { b: secret } }
    expect(cover({ b: '{{inputs.pin}}' }, schema, true)).toEqual({ b: '{{inputs.pin}}' })
    expect(cover({ b: '{{inputs.pin}}' }, schema)).toEqual({ b: '[redacted]' })
  })
})
test('a secret that was seen is taken out of whatever comes afterwards, in the forms in which it travels', () => {
  const veil = createVeil(<T>(value: T): T => (typeof value === 'string' ? (value.replace('known', '[known]') as T) : value))
  expect(veil.hide('before pass word')).toBe('before pass word')
  veil.cover({ b: 'pass word' }, { properties: { b: secret } })
  const output = { said: 'I got "pass word"', list: ['pass+word', 'pass%20word', Buffer.from('pass word').toString('base64'), 7] }
  expect(veil.hide(output)).toEqual({ said: 'I got "[redacted]"', list: ['[redacted]', '[redacted]', '[redacted]', 7] })
  expect(veil.hide('known')).toBe('[known]')
  const clean = { nothing: ['here'] }
  expect(veil.hide(clean)).toBe(clean)
})
