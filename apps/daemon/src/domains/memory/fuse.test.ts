import { expect, test } from 'vitest'
import { fuse } from './fuse.ts'
import type { FoundPiece } from './search-store.ts'

const piece = (memoryId: string, updatedAt = '2026-01-01T00:00:00.000Z'): FoundPiece => ({
  memorySeq: 1,
  memoryId,
  text: memoryId,
  tags: [],
  updatedAt,
  kind: 'note',
  bm25: 0,
})
const worded = (id: string, score: number) => ({ candidate: piece(id), score })
const near = (id: string, similarity: number, updatedAt?: string) => ({ ...piece(id, updatedAt), similarity })
const order = (...given: Parameters<typeof fuse>) => fuse(...given).map(({ candidate }) => candidate.memoryId)

test('what words and meaning both find comes before what only one of them finds', () => {
  expect(order([worded('a', 0.9), worded('both', 0.8)], [near('c', 0.9), near('both', 0.85)])).toEqual(['both', 'a', 'c'])
})
test('what is hardly alike is no finding, and the nearest piece speaks for its memory', () => {
  expect(order([], [near('far', 0.2)])).toEqual([])
  expect(fuse([], [near('a', 0.5), near('a', 0.9), near('b', 0.7)])).toMatchObject([
    { candidate: { memoryId: 'a' }, score: 0.5 },
    { candidate: { memoryId: 'b' }, score: expect.closeTo(0.5 * (0.4 / 0.6)) as number },
  ])
})
test('words alone keep their order, and equal scores go to the newer', () => {
  expect(order([worded('a', 0.9), worded('b', 0.4)], [])).toEqual(['a', 'b'])
  expect(order([], [near('old', 0.8), near('new', 0.8, '2026-02-01T00:00:00.000Z')])).toEqual(['new', 'old'])
})
