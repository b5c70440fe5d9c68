import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateCorpus, toLines, type CorpusNote, type CorpusQuery } from '../../../test/corpora/memory/generate.ts'
import { createMemoryHarness } from '../../../test/memory-harness.ts'
import { createKeep } from './keep.ts'
import { createMemorySearchStore } from './search-store.ts'
import { createMemoryStore } from './store.ts'
import { termsOf } from './terms.ts'

const place = (name: string) => new URL(`../../../test/corpora/memory/${name}.jsonl`, import.meta.url)
const linesOf = <T>(name: string) =>
  readFileSync(place(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
const top = 10
const gain = (grades: readonly number[]) => grades.slice(0, top).reduce((sum, grade, at) => sum + (2 ** grade - 1) / Math.log2(at + 2), 0)
/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002): 1 is the best order there is. */
const ndcg = ({ grades }: CorpusQuery, ids: readonly string[]) =>
  gain(ids.map((id) => grades[id] ?? 0)) / gain(Object.values(grades).toSorted((one, other) => other - one))
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const words = (text: string) => text.toLowerCase().match(/\w+/g) ?? []
/** Plain term frequency: how often the words given stand in the note. */
const byFrequency = (notes: readonly CorpusNote[], query: readonly string[]): string[] => {
  const wanted = new Set(query)
  const scored = notes.map(({ id, text }) => ({ id, score: words(text).filter((word) => wanted.has(word)).length }))
  return scored
    .toSorted((one, other) => other.score - one.score)
    .slice(0, top)
    .map(({ id }) => id)
}

test('the corpus is what its generator makes: 2,000 notes and at least 60 graded queries', async () => {
  const { notes, queries } = generateCorpus()
  // Written anew with `npm test -- -u apps/daemon/src/domains/memory/relevance`.
  await expect(toLines(notes)).toMatchFileSnapshot(place('notes').pathname)
  await expect(toLines(queries)).toMatchFileSnapshot(place('queries').pathname)
  expect(new Set(notes.map(({ text }) => text)).size).toBe(2_000)
  expect(queries.length).toBeGreaterThanOrEqual(60)
  for (const { grades } of queries) expect(Object.keys(grades).length).toBeGreaterThanOrEqual(3)
})
test('searches order 2,000 notes better than plain term frequency does', async () => {
  const [notes, queries] = [linesOf<CorpusNote>('notes'), linesOf<CorpusQuery>('queries')]
  const rooms = await createMemoryHarness()
  try {
    const keep = createKeep(createMemoryStore(rooms.db), createMemorySearchStore(rooms.db), { redact: (value) => value, indexed: () => undefined })
    rooms.commit((emit) => {
      const common = { kind: 'note', source: { kind: 'user' }, agentId: null, sessionId: null, expiresAt: null } as const
      for (const { id, text, tags, at } of notes) keep.save(emit, { ...common, id, text, tags, createdAt: at })
    })
    const ours: number[] = []
    const plain: number[] = []
    const telling: number[] = []
    for (const query of queries) {
      const { items } = await rooms.ask('memory.search', { query: query.query, limit: top })
      ours.push(
        ndcg(
          query,
          items.map(({ id }) => id),
        ),
      )
      plain.push(ndcg(query, byFrequency(notes, words(query.query))))
      telling.push(
        ndcg(
          query,
          byFrequency(
            notes,
            termsOf(query.query).map(({ word }) => word),
          ),
        ),
      )
    }
    const [found, counted, without] = [mean(ours), mean(plain), mean(telling)].map((value) => value.toFixed(3))
    console.log(`nDCG@${top} over ${queries.length} queries: ours ${found}, plain term frequency ${counted} (${without} without idle words)`)
    expect(mean(ours)).toBeGreaterThan(mean(plain))
    expect(mean(ours)).toBeGreaterThan(mean(telling))
    expect(mean(ours)).toBeGreaterThan(0.7)
  } finally {
    await rooms.close()
  }
})
