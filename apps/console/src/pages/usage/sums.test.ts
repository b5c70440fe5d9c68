import { expect, test } from 'vitest'
import { cacheShare, daysBetween, noFigures, stretchOf, sumOf, tokensOf } from './sums.ts'

const row = (costUsd: number, inputTokens: number, cacheReadTokens = 0) => ({ ...noFigures, costUsd, inputTokens, cacheReadTokens, outputTokens: 1 })

test('rows are added up figure by figure, and the share of the cache is that of all that was read', () => {
  const sum = sumOf([row(0.25, 10, 30), row(1, 60)])
  expect(sum).toMatchObject({ costUsd: 1.25, inputTokens: 70, cacheReadTokens: 30, outputTokens: 2 })
  expect(tokensOf(sum)).toBe(102)
  expect(cacheShare(sum)).toBe(0.3)
  expect(cacheShare(noFigures)).toBeUndefined()
})
test('a range is whole days of UTC, today among them', () => {
  const now = Date.UTC(2026, 5, 30, 23, 59)
  expect(stretchOf('7d', undefined, undefined, now)).toEqual({ since: '2026-06-24T00:00:00.000Z', until: undefined })
  expect(stretchOf('chosen', '2026-06-01', '2026-06-02', now)).toEqual({ since: '2026-06-01T00:00:00.000Z', until: '2026-06-03T00:00:00.000Z' })
  expect(stretchOf('chosen', undefined, 'nonsense', now)).toEqual({ since: undefined, until: undefined })
  expect(stretchOf('all', undefined, undefined, now)).toEqual({ since: undefined, until: undefined })
})
test('days without usage have their place between those that have some', () => {
  expect(daysBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
  expect(daysBetween('2020-01-01', '2026-03-01')).toHaveLength(400)
})
