import { expect, test } from 'vitest'
import { rank, shares, weightOf, type Candidate } from './rank.ts'

const now = Date.parse('2026-06-01T00:00:00.000Z')
const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString()
const made = (memoryId: string, text: string, more: Partial<Candidate> = {}): Candidate => ({
  memoryId,
  text,
  tags: [],
  updatedAt: daysAgo(0),
  bm25: 1,
  ...more,
})
const terms = [
  { word: 'deploy', weight: 1 },
  { word: 'staging', weight: 3 },
]
const order = (candidates: readonly Candidate[]) => rank(terms, candidates, now).map(({ candidate }) => candidate.memoryId)

test('the parts of a score come to one, and only what has all of them reaches it', () => {
  expect(Object.values(shares).reduce<number>((sum, share) => sum + share, 0)).toBeCloseTo(1)
  const [best] = rank(terms, [made('a', 'deploy to staging', { tags: ['deploy', 'staging'] })], now)
  expect(best?.score).toBeCloseTo(1)
  const [old] = rank(terms, [made('a', 'nothing', { updatedAt: daysAgo(9_000), bm25: 0 })], now)
  expect(old?.score).toBeCloseTo(0)
})
test('of two that match alike the newer stands first, and half of the recency is lost in 90 days', () => {
  const pair = [made('old', 'deploy', { updatedAt: daysAgo(90) }), made('new', 'deploy')]
  expect(order(pair)).toEqual(['new', 'old'])
  const [first, second] = rank(terms, pair, now)
  expect(first!.score - second!.score).toBeCloseTo(shares.recency / 2)
})
test('a better match outweighs being new', () => {
  expect(order([made('weak', 'deploy', { bm25: 0.3 }), made('strong', 'deploy staging', { updatedAt: daysAgo(2_000) })])).toEqual(['strong', 'weak'])
})
test('a rare word counts more than a common one, in any of its forms', () => {
  expect(order([made('common', 'deployed'), made('rare', 'stagings')])).toEqual(['rare', 'common'])
})
test('tags lift a memory whose text says no more than another', () => {
  expect(order([made('a', 'deploy staging'), made('b', 'deploy staging', { tags: ['staging'] })])).toEqual(['b', 'a'])
})
test('a memory counts once, by its best piece, and equal ones have a fixed order', () => {
  const pieces = [made('doc', 'staging', { bm25: 0.2 }), made('doc', 'deploy staging', { bm25: 0.9 }), made('z', 'x'), made('y', 'x')]
  expect(order(pieces)).toEqual(['doc', 'y', 'z'])
  expect(order(pieces.toReversed())).toEqual(['doc', 'y', 'z'])
  expect(rank(terms, [], now)).toEqual([])
})
test('a word weighs more the fewer pieces it stands in', () => {
  expect(weightOf(1, 1_000)).toBeGreaterThan(weightOf(100, 1_000))
  expect(weightOf(1_000, 1_000)).toBeGreaterThanOrEqual(0)
  expect(weightOf(0, 0)).toBeGreaterThanOrEqual(0)
})
