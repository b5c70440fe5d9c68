import { plain, type Database } from '../../platform/storage/database.ts'
import { signsOf, toBlob } from '../../platform/storage/vectors.ts'
import { scopeRange, toPiece, type FoundPiece } from './search-store.ts'

/** A piece as it was found, and how near its meaning is: the cosine, -1 to 1. */
export interface NearPiece extends FoundPiece {
  readonly similarity: number
}
interface NearQuery {
  readonly vector: readonly number[]
  readonly model: string
  readonly scope: number
  readonly now: string
  readonly limit: number
}
/** So many pieces, the nearest by the signs of their vectors, are compared by the vectors themselves. */
const mostCompared = 240

/** Writes and reads the vectors of pieces. The only file that knows the tables memory_vectors, memory_signs and memory_unembedded. Needs `loadVectors`. */
export function createVectorStore(db: Database) {
  const other = db.prepare('SELECT 1 FROM memory_vectors WHERE model <> ? LIMIT 1')
  const drop = db.prepare('DELETE FROM memory_vectors WHERE model <> ?')
  const queue = db.prepare(
    'INSERT OR IGNORE INTO memory_unembedded (piece) SELECT p.rowid FROM memory_pieces p LEFT JOIN memory_vectors v ON v.piece = p.rowid WHERE v.piece IS NULL',
  )
  const waiting = db.prepare(
    'SELECT u.piece, p.text FROM memory_unembedded u JOIN memory_pieces p ON p.rowid = u.piece ORDER BY u.piece DESC LIMIT ?',
  )
  const put = db.prepare(
    'INSERT INTO memory_vectors (piece, model, vector) SELECT rowid, ?, ? FROM memory_pieces WHERE rowid = ? AND text = ? ON CONFLICT (piece) DO UPDATE SET model = excluded.model, vector = excluded.vector',
  )
  const sign = db.prepare('INSERT INTO memory_signs (piece, signs) VALUES (?, ?) ON CONFLICT (piece) DO UPDATE SET signs = excluded.signs')
  const done = db.prepare('DELETE FROM memory_unembedded WHERE piece = ?')
  const bySigns = `SELECT piece FROM memory_signs WHERE piece BETWEEN ? AND ? AND length(signs) = ? ORDER BY vec_distance_hamming(vec_bit(signs), vec_bit(?)) LIMIT ?`
  const near = db.prepare(`SELECT m.seq AS memorySeq, m.id AS memoryId, p.text, m.tags, m.updated_at AS updatedAt, m.kind,
    1 - vec_distance_cosine(v.vector, ?) AS similarity
    FROM (${bySigns}) best JOIN memory_vectors v ON v.piece = best.piece JOIN memory_pieces p ON p.rowid = v.piece JOIN memories m ON m.seq = p.memory_seq
    WHERE v.model = ? AND length(v.vector) = ? AND (m.expires_at IS NULL OR m.expires_at > ?) ORDER BY similarity DESC LIMIT ?`)
  return {
    /** Takes away the vectors of other models: their pieces wait for new ones. To be run in a commit. */
    useModel(model: string): void {
      if (!other.get(model)) return
      drop.run(model)
      queue.run()
    },
    /** What waits for its vector, the newest first. */
    waiting: (limit: number) => waiting.all(limit).map((row) => plain<{ piece: number; text: string }>(row)),
    /** Keeps the vector of a piece, if it still says that. To be run in a commit. */
    put(piece: number, text: string, model: string, vector: readonly number[]): void {
      if (put.run(model, toBlob(vector), piece, text).changes > 0) sign.run(piece, signsOf(vector))
      done.run(piece)
    },
    /** The pieces of one scope nearest in meaning, best first. */
    near({ vector, model, scope, now, limit }: NearQuery): NearPiece[] {
      const blob = toBlob(vector)
      const signs = signsOf(vector)
      const rows = near.all(blob, ...scopeRange(scope), signs.length, signs, mostCompared, model, blob.length, now, limit)
      return rows.map((row) => ({ ...toPiece<Omit<NearPiece, 'bm25'>>(row), bm25: 0 }))
    },
  }
}
export type VectorStore = ReturnType<typeof createVectorStore>
