/** Longest piece of a text that is searched by itself, and how much of its end the next piece repeats; UTF-16 units. */
export const pieceLength = 1_600
export const pieceOverlap = 200
/** A better edge is looked for in so much of the end of a piece. */
const searched = 600
const edges = [/\n\s*\n/g, /[.!?…][)"'»”’\]]*\s+|[。！？]\s*|\n/g, /\s+/g] as const

export interface Piece {
  /** Where it starts in the text, UTF-16 units. */
  readonly at: number
  readonly text: string
}
const isInside = (text: string, at: number): boolean => {
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}
/** The place after the last (or first) edge between `from` and `to`: of a paragraph, else of a sentence, else of a word; undefined where there is none. */
function edgeIn(text: string, from: number, to: number, which: 'first' | 'last'): number | undefined {
  const part = text.slice(from, to)
  for (const edge of edges) {
    const places = [...part.matchAll(edge)].map((match) => from + match.index + match[0].length)
    const found = which === 'last' ? places.at(-1) : places[0]
    if (found !== undefined) return found
  }
  return undefined
}
/**
 * Cuts a text into pieces of at most 1,600 UTF-16 units that overlap by at most 200, at the ends of paragraphs, sentences or words where there are
 * any. Every unit of the text is in a piece, no surrogate pair is split, and a text that is short enough is one piece.
 */
export function chunk(text: string): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; ;) {
    const last = at + pieceLength >= text.length
    const limit = last ? text.length : at + pieceLength
    const cut = last ? limit : (edgeIn(text, limit - searched, limit, 'last') ?? limit)
    const end = !last && isInside(text, cut) ? cut - 1 : cut
    pieces.push({ at, text: text.slice(at, end) })
    if (last) return pieces
    const next = edgeIn(text, end - pieceOverlap, end, 'first') ?? end - pieceOverlap
    at = isInside(text, next) ? next + 1 : next
  }
}
