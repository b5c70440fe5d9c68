import { bare, standsIn } from './terms.ts'

/** One piece that the index found. `bm25` is greater for a better match, at least 0. */
export interface Candidate {
  readonly memoryId: string
  readonly text: string
  readonly tags: readonly string[]
  readonly updatedAt: string
  readonly bm25: number
}
/** A word of the query and how rare it is; 0 for a word that stands everywhere. */
export interface Weighted {
  readonly word: string
  readonly weight: number
}
export interface Ranked<C extends Candidate> {
  readonly candidate: C
  /** From 0 to 1. */
  readonly score: number
}
/** What each part adds to a score at most. They come to 1. */
export const shares = { bm25: 0.6, coverage: 0.25, recency: 0.1, tags: 0.05 } as const
/** After so long a memory has half of its recency. */
const halfLifeDays = 90
const dayMs = 86_400_000

/** The order of hits: by score, then the newer one, then by id, so that it is always the same. */
export const bestFirst = (one: Ranked<Candidate>, other: Ranked<Candidate>): number =>
  other.score - one.score ||
  other.candidate.updatedAt.localeCompare(one.candidate.updatedAt) ||
  one.candidate.memoryId.localeCompare(other.candidate.memoryId)
/** How rare a word is, as BM25 counts it: of `total` pieces it stands in `found`. */
export const weightOf = (found: number, total: number): number => Math.log(1 + (total - found + 0.5) / (found + 0.5))
/** Which share of the weight of the query's words stands in a text, 0 to 1. */
function coverageOf(terms: readonly Weighted[], plain: string): number {
  let all = 0
  let covered = 0
  for (const { word, weight } of terms) {
    all += weight
    if (standsIn(word, plain)) covered += weight
  }
  return all === 0 ? 0 : covered / all
}
/**
 * Ranks what the index found, best first, one piece for each memory:
 *
 *     score = 0.60 · bm25 / best bm25 + 0.25 · coverage + 0.10 · recency + 0.05 · tags
 *
 * `coverage` is the share of the query's words, by rarity, that stand in the piece or its tags; `recency` halves every 90 days; `tags` is the share
 * of the query's words that stand in the memory's tags. Equal scores go to the newer one, then by id, so that the order is always the same.
 */
export function rank<C extends Candidate>(terms: readonly Weighted[], candidates: readonly C[], now: number): Ranked<C>[] {
  const best = Math.max(0, ...candidates.map(({ bm25 }) => bm25))
  const score = ({ bm25, text, tags, updatedAt }: C): number => {
    const tagWords = bare(tags.join('\n'))
    const age = Math.max(0, now - Date.parse(updatedAt)) / dayMs
    return (
      shares.bm25 * (best === 0 ? 0 : Math.max(0, bm25) / best) +
      shares.coverage * coverageOf(terms, `${bare(text)}\n${tagWords}`) +
      shares.recency * 2 ** (-age / halfLifeDays) +
      shares.tags * coverageOf(terms, tagWords)
    )
  }
  const ofMemory = new Map<string, Ranked<C>>()
  for (const candidate of candidates) {
    const ranked = { candidate, score: score(candidate) }
    const known = ofMemory.get(candidate.memoryId)
    if (!known || ranked.score > known.score) ofMemory.set(candidate.memoryId, ranked)
  }
  return [...ofMemory.values()].toSorted(bestFirst)
}
