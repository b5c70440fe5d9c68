/** The text of a message as it comes: flashes at their offsets, then the final text in place of all. */
export interface SplicedText {
  readonly text: string
  /** Puts `text` at `offset` (UTF-16 units) and drops what stood from there on. False: it begins beyond what is known and was ignored; a re-connection brings the whole. */
  splice(offset: number, text: string): boolean
  finish(text: string): void
}
/** Builds the text of one message from its `token` (or `reasoning`) flashes. Repeated and overlapping flashes do no harm. */
export function spliceText(initial = ''): SplicedText {
  let text = initial
  let finished = false
  return {
    get text() {
      return text
    },
    splice(offset, piece) {
      if (finished || offset > text.length || offset < 0) return false
      // An old flash that came late must not shorten what is there already.
      if (text.startsWith(piece, offset)) return true
      text = text.slice(0, offset) + piece
      return true
    },
    finish(whole) {
      text = whole
      finished = true
    },
  }
}
