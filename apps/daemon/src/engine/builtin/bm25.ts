/** Okapi BM25 (Robertson and Zaragoza, 2009) over weighted words, with k1 = 1.2 and b = 0.5. */
const K1 = 1.2
const B = 0.5

export interface Ranking {
  /** How telling a word is; 0 for a word that no document has. */
  idf(word: string): number
  /** Documents with any of the words, best first, at most `limit`. `allowed` leaves documents out. */
  search(query: ReadonlyMap<string, number>, limit: number, allowed?: (document: number) => boolean): { document: number; score: number }[]
}

/** Indexes documents given as maps of word to weighted count. Building is linear in the words; a search reads only the words asked for. */
export function rankBy(documents: readonly ReadonlyMap<string, number>[]): Ranking {
  const lengths = documents.map((words) => [...words.values()].reduce((sum, count) => sum + count, 0))
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, documents.length) || 1
  const postings = new Map<string, { document: number; count: number }[]>()
  for (const [document, words] of documents.entries()) {
    for (const [word, count] of words) {
      const list = postings.get(word)
      if (list) list.push({ document, count })
      else postings.set(word, [{ document, count }])
    }
  }
  function idf(word: string): number {
    const found = postings.get(word)?.length ?? 0
    return found === 0 ? 0 : Math.log(1 + (documents.length - found + 0.5) / (found + 0.5))
  }
  return {
    idf,
    search(query, limit, allowed = () => true) {
      const scores = new Map<number, number>()
      for (const [word, weight] of query) {
        const telling = idf(word) * weight
        for (const { document, count } of postings.get(word) ?? []) {
          if (!allowed(document)) continue
          const norm = K1 * (1 - B + (B * (lengths[document] ?? 0)) / average)
          scores.set(document, (scores.get(document) ?? 0) + (telling * count * (K1 + 1)) / (count + norm))
        }
      }
      return [...scores]
        .map(([document, score]) => ({ document, score }))
        .toSorted((a, b) => b.score - a.score || a.document - b.document)
        .slice(0, limit)
    },
  }
}
