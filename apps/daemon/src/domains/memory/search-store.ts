import { plain, type Database } from '../../platform/storage/database.ts'

/** A scope is this many rowids of pieces wide (see the migration). */
const scopeWidth = 2 ** 32
/** The first and the last rowid of a scope's pieces. */
export const scopeRange = (scope: number): [number, number] => [scope * scopeWidth, (scope + 1) * scopeWidth - 1]
export interface FoundPiece {
  readonly memorySeq: number
  readonly memoryId: string
  readonly text: string
  readonly tags: readonly string[]
  readonly updatedAt: string
  readonly kind: string
  /** Greater is better. */
  readonly bm25: number
}
/** A row of a piece as it was found; its tags stand as JSON. */
export function toPiece<P extends { readonly tags: readonly string[] }>(row: unknown): P {
  const piece = plain<{ tags: string }>(row)
  return { ...piece, tags: JSON.parse(piece.tags) as string[] } as unknown as P
}
export interface PieceQuery {
  /** An FTS5 expression. */
  readonly match: string
  readonly scope: number
  readonly now: string
  /** Of so many of the newest pieces that match, BM25 is found; 0: of none, the newest are taken. */
  readonly weighed: number
  readonly limit: number
}

/** Writes and reads the pieces of memories and their index. The only file that knows the tables memory_pieces and memory_search. */
export function createMemorySearchStore(db: Database) {
  const newest = db.prepare('SELECT max(rowid) AS place FROM memory_pieces WHERE rowid BETWEEN ? AND ?')
  const insert = db.prepare('INSERT INTO memory_pieces (rowid, memory_seq, text, words, tags) VALUES (?, ?, ?, ?, ?)')
  const clear = db.prepare('DELETE FROM memory_pieces WHERE memory_seq = ?')
  const count = db.prepare('SELECT count(*) AS n FROM (SELECT 1 FROM memory_search WHERE memory_search MATCH ? LIMIT ?)')
  const total = db.prepare('SELECT count(*) AS n FROM memory_pieces')
  const found = `SELECT m.seq AS memorySeq, m.id AS memoryId, p.text, m.tags, m.updated_at AS updatedAt, m.kind, best.weight AS bm25 FROM`
  const joined = `JOIN memory_pieces p ON p.rowid = best.place JOIN memories m ON m.seq = p.memory_seq
    WHERE m.expires_at IS NULL OR m.expires_at > ? ORDER BY best.weight DESC, best.place DESC`
  const matching = 'FROM memory_search WHERE memory_search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?'
  const best = db.prepare(`${found} (SELECT place, weight FROM
    (SELECT rowid AS place, -bm25(memory_search, 1.0, 1.5) AS weight ${matching}) ORDER BY weight DESC LIMIT ?) best ${joined}`)
  const latest = db.prepare(`${found} (SELECT rowid AS place, 0.0 AS weight ${matching}) best ${joined}`)
  const numberOf = (row: unknown) => (row as { n: number }).n
  return {
    /** Puts these pieces in the place of those that the memory had. `words` where the index is given something else than the text. */
    put(memorySeq: number, scope: number, tags: string, pieces: readonly { readonly text: string; readonly words: string | undefined }[]) {
      clear.run(memorySeq)
      const [from, to] = scopeRange(scope)
      let place = Number((newest.get(from, to) as { place: number | null }).place ?? from)
      for (const { text, words } of pieces) insert.run(++place, memorySeq, text, words ?? null, tags)
    },
    /** In how many pieces of all scopes something stands, counted up to `most`. */
    count: (match: string, most: number): number => numberOf(count.get(match, most)),
    total: (): number => numberOf(total.get()),
    /** The best pieces of one scope, best first. */
    find({ match, scope, now, weighed, limit }: PieceQuery): FoundPiece[] {
      const values = [match, ...scopeRange(scope)]
      const rows = weighed === 0 ? latest.all(...values, limit, now) : best.all(...values, weighed, limit, now)
      return rows.map(toPiece<FoundPiece>)
    },
  }
}
export type MemorySearchStore = ReturnType<typeof createMemorySearchStore>
