import { bestFirst, type Ranked } from './rank.ts'
import type { FoundPiece } from './search-store.ts'
import type { NearPiece } from './vector-store.ts'

/** What is less alike is left out, whatever else there is: unrelated texts come near this with the common models. */
const leastSimilarity = 0.3
/** How much words and meaning count. They come to 1. */
const shares = { words: 0.5, meaning: 0.5 } as const

/**
 * One order of what was found by words and what was found by meaning, best first, one piece for each memory:
 *
 *     score = 0.5 · score by words / best score by words + 0.5 · (similarity − 0.3) / (best similarity − 0.3)
 *
 * What only one of the two has found has nothing from the other. Equal scores go to the newer one, then by id.
 */
export function fuse(byWords: readonly Ranked<FoundPiece>[], near: readonly NearPiece[]): Ranked<FoundPiece>[] {
  const bestWords = Math.max(0, ...byWords.map(({ score }) => score))
  const alike = near.filter(({ similarity }) => similarity > leastSimilarity)
  const bestAlike = Math.max(0, ...alike.map(({ similarity }) => similarity - leastSimilarity))
  const found = new Map<string, Ranked<FoundPiece>>()
  for (const { candidate, score } of byWords)
    found.set(candidate.memoryId, { candidate, score: bestWords === 0 ? 0 : (shares.words * score) / bestWords })
  const met = new Set<string>()
  for (const { similarity, ...candidate } of alike.toSorted((one, other) => other.similarity - one.similarity)) {
    if (met.has(candidate.memoryId)) continue
    met.add(candidate.memoryId)
    const known = found.get(candidate.memoryId)
    const score = (shares.meaning * (similarity - leastSimilarity)) / bestAlike
    found.set(candidate.memoryId, known ? { ...known, score: known.score + score } : { candidate, score })
  }
  return [...found.values()].toSorted(bestFirst)
}
