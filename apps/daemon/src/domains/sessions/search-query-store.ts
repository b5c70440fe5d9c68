import { plain, type Database } from '../../platform/storage/database.ts'
import { excerptOf, searchTerms } from './search-terms.ts'

export interface Found {
  readonly sessionId: string
  readonly messageId: string | null
  readonly title: string
  readonly excerpt: string
  readonly at: string
}
/** What is found are rows whose session and message are still there: the reader that tidies the index may be behind. */
const living = `JOIN sessions s ON s.id = r.session_id LEFT JOIN messages m ON m.id = r.message_id WHERE (r.message_id IS NULL OR m.id IS NOT NULL)`
const columns = 'r.session_id AS sessionId, r.message_id AS messageId, s.title, r.at'
const likes = (count: number) => ` AND r.text LIKE ? ESCAPE '\\'`.repeat(count)
const mostShort = 8

/** Reads the search index: best match first (bm25), newest first where every word is too short for trigrams. */
export function createSearchQueries(db: Database) {
  const prepared = new Map<string, ReturnType<Database['prepare']>>()
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? db.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  return {
    search(query: string, limit: number, offset: number): Found[] {
      const { words, match, patterns: all } = searchTerms(query)
      const patterns = all.slice(0, mostShort)
      if (words.length === 0) return []
      if (match === null) {
        const sql = `SELECT ${columns}, r.text FROM search_rows r ${living}${likes(patterns.length)} ORDER BY r.rowid DESC LIMIT ? OFFSET ?`
        const rows = statement(sql).all(...patterns, limit, offset) as unknown as (Omit<Found, 'excerpt'> & { text: string })[]
        return rows.map(({ text, ...row }) => ({ ...row, excerpt: excerptOf(text, words) }))
      }
      // The rank is found without the excerpts, which are cut for the shown page alone.
      const ranked = `SELECT r.rowid FROM search JOIN search_rows r ON r.rowid = search.rowid ${living} AND search MATCH ?${likes(patterns.length)} ORDER BY bm25(search), r.rowid DESC LIMIT ? OFFSET ?`
      const places = statement(ranked).all(match, ...patterns, limit, offset) as unknown as { rowid: number }[]
      const shown =
        statement(`SELECT ${columns}, snippet(search, 0, '‹', '›', '…', 64) AS excerpt FROM search JOIN search_rows r ON r.rowid = search.rowid
        JOIN sessions s ON s.id = r.session_id WHERE search MATCH ? AND search.rowid = ?`)
      return places.flatMap(({ rowid }) => {
        const row = shown.get(match, rowid)
        return row ? [plain<Found>(row)] : []
      })
    },
  }
}
