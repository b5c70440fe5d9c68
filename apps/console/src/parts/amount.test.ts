import { expect, test } from 'vitest'
import { readAmount, sentAmount } from './amount.ts'

test.each([
  ['', null],
  ['  ', null],
  ['2.5', 2.5],
  ['2,50', 2.5],
  ['$ 2', 2],
  ['.5', 0.5],
  ['0', 0],
  ['-1', -1],
  ['1,000.50', '1,000.50'],
  ['minus one', 'minus one'],
  ['1e9', '1e9'],
  ['Infinity', 'Infinity'],
])('%j is read as %j: what is no amount is never taken for none', (written, amount) => expect(readAmount(written)).toBe(amount))
test('minutes are sent as milliseconds, and what is no amount as it was written', () => {
  expect(sentAmount('1.5', 60_000)).toBe(90_000)
  expect(JSON.stringify({ timeoutMs: sentAmount('soon', 60_000) })).toBe('{"timeoutMs":"soon"}')
})
