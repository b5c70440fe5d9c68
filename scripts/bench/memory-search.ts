import { rmSync } from 'node:fs'
import path from 'node:path'
import { createMemorySearchStore } from '../../apps/daemon/src/domains/memory/search-store.ts'
import { createMemorySearch } from '../../apps/daemon/src/domains/memory/search.ts'
import { createMemoryStore } from '../../apps/daemon/src/domains/memory/store.ts'
import { createVectorStore } from '../../apps/daemon/src/domains/memory/vector-store.ts'
import { memoryTables } from '../../apps/daemon/src/migrations/agents-memory.ts'
import { openDatabase, transaction, type Database } from '../../apps/daemon/src/platform/storage/database.ts'
import { loadVectors } from '../../apps/daemon/src/platform/storage/vectors.ts'
import { timed, type Figure } from './figures.ts'
import { temporaryFolder } from './place.ts'

const pieces = 100_000
const perMemory = 5
const wordsPerPiece = 230
const vocabulary = 40_000
const syllables = 'ba de fi go lu mo ni pa re so tu va xe za ki ho'.split(' ')

/** The same numbers from 0 to 1 at every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
/** The word of a rank; the first ones stand in nearly every piece, the last ones in a few (Zipf's law). */
const wordAt = (rank: number): string => [rank >> 12, (rank >> 8) & 15, (rank >> 4) & 15, rank & 15].map((at) => syllables[at & 15]).join('')
const rankBy = (chance: number): number => Math.min(vocabulary - 1, Math.floor(vocabulary ** chance) - 1)
const textBy = (next: () => number, words: number): string => Array.from({ length: words }, () => wordAt(rankBy(next()))).join(' ')

/** 100,000 pieces of documents of about 1,800 characters, half of them global and half of one agent. */
function fill(db: Database): readonly number[] {
  const store = createMemoryStore(db)
  const index = createMemorySearchStore(db)
  const next = numbers(1)
  const scopes = transaction(db, () => [null, 'agt_bench'].map((agentId) => store.scopeOf({ agentId, sessionId: null })))
  for (let n = 0; n < pieces / perMemory; n += 100) {
    transaction(db, () => {
      for (let at = n; at < n + 100; at++) {
        const scope = scopes[at % 2] ?? 1
        const day = new Date(Date.UTC(2025, 0, 1) + at * 600_000).toISOString()
        const fields = { id: `mem_${at}`, kind: 'document', text: 'bench', tags: [], source: { kind: 'import' }, hash: `${at}` } as const
        const seq = store.insert({ ...fields, tags: [], scope, agentId: null, sessionId: null, createdAt: day, updatedAt: day, expiresAt: null })
        const texts = Array.from({ length: perMemory }, () => ({ text: textBy(next, wordsPerPiece), words: undefined }))
        index.put(seq, scope, '', texts)
      }
    })
  }
  return scopes
}
const vectorLength = 768
const vectorBy = (next: () => number): number[] => Array.from({ length: vectorLength }, () => next() - 0.5)
/** The same by meaning: the vectors of all pieces, 768 numbers each. */
async function measureMeaning(db: Database, scopes: readonly number[]): Promise<Figure> {
  await loadVectors(db)
  const vectors = createVectorStore(db)
  const next = numbers(3)
  for (let waiting = vectors.waiting(500); waiting.length > 0; waiting = vectors.waiting(500))
    transaction(db, () => {
      for (const { piece, text } of waiting) vectors.put(piece, text, 'bench', vectorBy(next))
    })
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const now = new Date().toISOString()
  const spread = await timed(30, async () => {
    const vector = vectorBy(next)
    for (const scope of scopes)
      if (vectors.near({ vector, model: 'bench', scope, now, limit: 80 }).length === 0) throw new Error('A search found nothing.')
  })
  return { name: `search of ${pieces.toLocaleString('en-US')} pieces of memory: by meaning`, value: spread.p50, ...spread, unit: 'ms' }
}
/** A search among 100,000 pieces of memories: the search itself, as operations, tools and recall call it. */
export async function measureMemorySearch(): Promise<Figure[]> {
  const folder = temporaryFolder()
  const db = openDatabase(path.join(folder, 'memory.db'))
  try {
    memoryTables(db)
    const scopes = fill(db)
    // As the daemon's upkeep does every few seconds.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const search = createMemorySearch(createMemorySearchStore(db))
    const next = numbers(2)
    const word = (from: number, to: number) => wordAt(from + Math.floor(next() * (to - from)))
    const among = async (query: () => string) =>
      timed(30, async () => {
        if (search({ query: query(), scopes, now: Date.now() }).length === 0) throw new Error('A search found nothing.')
      })
    const kinds = {
      'two rare words': () => `${word(2_000, 10_000)} ${word(2_000, 10_000)}`,
      'three words of any kind': () => textBy(next, 3),
      'two words of every second piece': () => `${word(10, 40)} ${word(40, 80)}`,
      'a sentence of 12 words': () => textBy(next, 12),
      'a message of 200 words': () => textBy(next, 200),
    }
    const figures: Figure[] = []
    for (const [name, query] of Object.entries(kinds)) {
      const spread = await among(query)
      figures.push({
        name: `search of ${pieces.toLocaleString('en-US')} pieces of memory: ${name}`,
        value: spread.p50,
        ...spread,
        unit: 'ms',
        limit: 30,
      })
    }
    return [...figures, await measureMeaning(db, scopes)]
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
