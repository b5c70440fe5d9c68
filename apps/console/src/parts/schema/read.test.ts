import { expect, test } from 'vitest'
import { isTemplate, localTime, readJson, readNumber, utcTime } from './read.ts'

test('numbers are read as people write them, and what is none (yet) stays as it is', () => {
  expect(['12', ' 1.5 ', '-3', '1e3', '', '-', '1.', '0x10', 'many', 'Infinity'].map(readNumber)).toEqual([
    12,
    1.5,
    -3,
    1000,
    undefined,
    '-',
    1,
    '0x10',
    'many',
    'Infinity',
  ])
})
test('a time goes to the picker and back', () => {
  expect(utcTime(localTime('2026-03-01T09:30:00.000Z'))).toBe('2026-03-01T09:30:00.000Z')
  expect(localTime('soon')).toBe('')
  expect(utcTime('')).toBeUndefined()
})
test('JSON that cannot be read says why', () => {
  expect(readJson(' ')).toEqual({ value: undefined })
  expect(readJson('{"a": [1]}')).toEqual({ value: { a: [1] } })
  expect(readJson('{"a": ')).toHaveProperty('fault')
})
test('a template is one with both its braces', () => {
  expect(['{{inputs.x}}', 'from {{a}} to {{b}}', '{{', 'x', 3].map(isTemplate)).toEqual([true, true, false, false, false])
})
