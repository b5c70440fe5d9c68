import { expect, test } from 'vitest'
import { reserve } from './budget.ts'
import { estimateMessages, estimateText } from './tokens.ts'

test('a text in any script is not estimated at less than it costs', () => {
  expect(estimateText('')).toBe(0)
  expect(estimateText('a'.repeat(35))).toBe(10)
  expect(estimateText('你好世界')).toBe(4)
})

test('a picture costs what pictures cost, not its bytes as text', () => {
  const picture = { type: 'file', fileId: 'f', name: 'p.png', mediaType: 'image/png', data: 'A'.repeat(4_000_000) } as const
  expect(estimateMessages([{ role: 'user', content: [picture] }])).toBeLessThan(5000)
})

const model = { contextTokens: 10_000, maxOutputTokens: 5000, price: { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 } }

test('input is reserved at the dearest input price and the longest answer leaves room for the input', () => {
  expect(reserve(model, 8000, null)).toEqual({ maxOutputTokens: 2000, inputUsd: 0.01, reservedUsd: 0.014 })
})

test('nothing is reserved beyond what is left, and a free model needs nothing', () => {
  expect(reserve(model, 1000, 0.00125 + 255 * 2e-6)).toBeNull()
  expect(reserve(model, 1000, 0.00125 + 256.5 * 2e-6)).toMatchObject({ maxOutputTokens: 256 })
  expect(reserve({ ...model, price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } }, 1000, 0)).toMatchObject({
    maxOutputTokens: 5000,
    reservedUsd: 0,
  })
})
