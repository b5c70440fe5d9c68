/** What a user's words ask of the index. `match` is an FTS5 expression, null where no word is long enough for trigrams; `patterns` are for LIKE with `\` as escape. */
export interface SearchTerms {
  readonly words: readonly string[]
  readonly match: string | null
  readonly patterns: readonly string[]
}
const trigram = 3
const before = 40
const after = 80
const escapeLike = (word: string) => word.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

/** Splits a query into words that must all occur. Each is quoted, so that no sign in it is syntax (https://sqlite.org/fts5.html#full_text_query_syntax). */
export function searchTerms(query: string): SearchTerms {
  const words = [
    ...new Set(
      query
        .replaceAll('\0', ' ')
        .split(/\s+/)
        .filter((word) => word !== ''),
    ),
  ]
  const long = words.filter((word) => [...word].length >= trigram)
  return {
    words,
    match: long.length === 0 ? null : long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '),
    patterns: words.filter((word) => !long.includes(word)).map((word) => `%${escapeLike(word)}%`),
  }
}
/** A piece of a text around the first of the words that occurs in it, marked with ‹ and ›. */
export function excerptOf(text: string, words: readonly string[]): string {
  const lower = text.toLowerCase()
  const hits =
    lower.length === text.length
      ? words.map((word) => ({ at: lower.indexOf(word.toLowerCase()), length: word.length })).filter(({ at }) => at >= 0)
      : []
  const [first = { at: 0, length: 0 }] = hits.toSorted((one, other) => one.at - other.at)
  const start = Math.max(0, first.at - before)
  const end = Math.min(text.length, first.at + first.length + after)
  const mark = first.length === 0 ? '' : `‹${text.slice(first.at, first.at + first.length)}›`
  const piece = text.slice(start, first.at) + mark + text.slice(first.at + first.length, end)
  return `${start > 0 ? '…' : ''}${piece}${end < text.length ? '…' : ''}`.toWellFormed()
}
