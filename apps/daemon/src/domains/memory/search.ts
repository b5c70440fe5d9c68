import { rank, weightOf, type Ranked } from './rank.ts'
import type { FoundPiece, MemorySearchStore } from './search-store.ts'
import { termsOf, type Term } from './terms.ts'

/** A word that stands in more pieces than this is common: it does not find, it only ranks. */
const common = 2_000
/** The words that find stand in about so many pieces together, at most. */
const mostMatched = 6_000
const mostFinding = 8
/** So many pieces, the best by BM25, are ranked by everything. */
const mostRanked = 80
const quoted = (tag: string) => `"${tag.replaceAll('"', '""').replaceAll('\0', ' ')}"`

export interface MemoryQuery {
  readonly query: string
  /** The scopes that are seen; no other is read. */
  readonly scopes: readonly number[]
  readonly now: number
  readonly kind?: string | undefined
  /** All of these must be among a memory's tags. */
  readonly tags?: readonly string[] | undefined
}
interface Counted extends Term {
  readonly found: number
  readonly weight: number
}
interface Expression {
  readonly match: string
  readonly weighed: number
}
/**
 * What to look up, to be tried one after another until something is found: the rarest words, each alone enough, by BM25. Where all words are
 * common, which BM25 cannot tell apart, the newest pieces with all of them, then with any. Where no word is known, words that begin so.
 */
function expressions(terms: readonly Counted[]): Expression[] {
  const byRarity = terms.filter(({ found }) => found > 0).toSorted((one, other) => one.found - other.found)
  const finding: string[] = []
  let matched = 0
  for (const { match, found } of byRarity) {
    if (found > common || finding.length === mostFinding || (finding.length > 0 && matched + found > mostMatched)) break
    finding.push(match)
    matched += found
  }
  if (finding.length > 0) return [{ match: finding.join(' OR '), weighed: mostMatched }]
  const most = byRarity.slice(0, 4).map(({ match }) => match)
  if (most.length > 0) return [' AND ', ' OR '].map((link) => ({ match: most.join(link), weighed: 0 }))
  const beginnings = terms.filter(({ word }) => word.length > 2).slice(0, mostFinding)
  return beginnings.length === 0 ? [] : [{ match: beginnings.map(({ match }) => `${match} *`).join(' OR '), weighed: mostMatched }]
}
/** Whether a piece is of the kind and has the tags that are asked for. */
export const isWanted = (piece: FoundPiece, { kind, tags = [] }: Pick<MemoryQuery, 'kind' | 'tags'>): boolean =>
  (kind === undefined || piece.kind === kind) && tags.every((tag) => piece.tags.includes(tag))
/** Makes the search by words: of operations, tools and recall alike: finds pieces in the index and ranks them by `rank`, best first. At most 80 pieces are ranked. */
export function createMemorySearch(store: MemorySearchStore) {
  return ({ query, scopes, now, kind, tags = [] }: MemoryQuery): Ranked<FoundPiece>[] => {
    const terms = termsOf(query)
    if (terms.length === 0) return []
    const total = store.total()
    const counted = terms.map((term): Counted => {
      const found = store.count(term.match, common + 1)
      return { ...term, found, weight: weightOf(found > common ? Math.max(found, total / 4) : found, total) }
    })
    const within = tags.map((tag) => `tags : ${quoted(tag)}`)
    const at = new Date(now).toISOString()
    const filtered = kind !== undefined || tags.length > 0
    for (const { match, weighed } of expressions(counted)) {
      const whole = [`(${match})`, ...within].join(' AND ')
      const limit = filtered ? mostRanked * 5 : mostRanked
      const found = scopes.flatMap((scope) => store.find({ match: whole, scope, now: at, weighed, limit }))
      const wanted = found.filter((piece) => isWanted(piece, { kind, tags }))
      const best = wanted.toSorted((one, other) => other.bm25 - one.bm25).slice(0, mostRanked)
      if (best.length > 0) return rank(counted, best, now)
    }
    return []
  }
}
