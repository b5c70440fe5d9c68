import type { Span } from './highlight.ts'

/** A longer line is cut into rows: a browser takes seconds to lay out a line of a megabyte. */
export const longestRow = 1_000
/** So many matches of a search are counted. */
const mostMatches = 5_000
export type Row = readonly Span[]
export interface Match {
  readonly row: number
  readonly start: number
  readonly end: number
}
/** Lines as rows that a browser can lay out. */
export function rowsOf(lines: readonly Row[]): readonly Row[] {
  if (lines.every((line) => line.reduce((length, [text]) => length + text.length, 0) <= longestRow)) return lines
  return lines.flatMap((line) => {
    const rows: Span[][] = [[]]
    let room = longestRow
    for (const [text, kind] of line) {
      let rest = text
      while (rest.length > room) {
        // Never between the halves of one sign.
        const at = /[\ud800-\udbff]/.test(rest.charAt(room - 1)) ? room - 1 : room
        if (at > 0) rows.at(-1)?.push([rest.slice(0, at), kind])
        rest = rest.slice(at)
        rows.push([])
        room = longestRow
      }
      if (rest !== '') rows.at(-1)?.push([rest, kind])
      room -= rest.length
    }
    return rows
  })
}
/** Where a text stands in rows, in any case, at most five thousand times. An empty one stands nowhere. */
export function matchesIn(rows: readonly Row[], sought: string): readonly Match[] {
  const found: Match[] = []
  const needle = sought.toLowerCase()
  if (needle === '') return found
  for (const [row, spans] of rows.entries()) {
    const text = spans
      .map(([part]) => part)
      .join('')
      .toLowerCase()
    for (let start = text.indexOf(needle); start !== -1; start = text.indexOf(needle, start + needle.length)) {
      found.push({ row, start, end: start + needle.length })
      if (found.length === mostMatches) return found
    }
  }
  return found
}
/** A row cut where marks begin and end; each piece says the index of its mark, if it lies in one. Marks are in order and do not overlap. */
export function cutAt(
  row: Row,
  marks: readonly Pick<Match, 'start' | 'end'>[],
): readonly { readonly span: Span; readonly mark: number | undefined }[] {
  const found: { span: Span; mark: number | undefined }[] = []
  let at = 0
  let next = 0
  for (const [text, kind] of row) {
    const end = at + text.length
    let from = at
    while (from < end) {
      while (next < marks.length && (marks[next]?.end ?? 0) <= from) next++
      const mark = marks[next]
      const inside = mark !== undefined && mark.start <= from
      const to = mark === undefined ? end : Math.min(end, inside ? mark.end : mark.start)
      found.push({ span: [text.slice(from - at, to - at), kind], mark: inside ? next : undefined })
      from = to
    }
    at = end
  }
  return found
}
