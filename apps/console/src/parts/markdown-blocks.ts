import { Lexer, type Token } from 'marked'

/** So many of the last blocks are read again when a text has grown: what comes may still belong to them. */
const unsettled = 2

/** Top-level tokens of a text, without what is in them. */
const tokensOf = (text: string): readonly Token[] => new Lexer({ gfm: true }).blockTokens(text, [])

/**
 * Splits a Markdown text that grows at its end into its blocks, which together are the text: only the last of them are read again, the others stay
 * the same strings. A text that has changed otherwise is read anew.
 */
export function createSplitter(): (text: string) => readonly string[] {
  let before = ''
  let known: readonly string[] = []
  return (text) => {
    if (text === before) return known
    const blocks = text.startsWith(before) ? known.slice(0, -unsettled) : []
    let read = blocks.reduce((length, block) => length + block.length, 0)
    let blank = 0
    for (const { raw, type } of tokensOf(text.slice(read))) {
      // The reader's own copy may differ from the text by blanks at the end of an item; its length does not.
      const source = text.slice(read - blank, read + raw.length)
      read += raw.length
      // Blank lines belong to what they follow; those at the very beginning to the first block.
      if (type !== 'space') {
        blocks.push(source)
        blank = 0
      } else if (blocks.length > 0) blocks.push((blocks.pop() ?? '') + source)
      else blank += raw.length
    }
    before = text
    // A reader that lost something has no blocks to keep: the whole is one.
    known = read === text.length ? blocks : [text]
    return known
  }
}
/** The definitions of links among blocks, which hold for all of them. */
export const definitionsIn = (blocks: readonly string[]): string => blocks.filter((block) => /^\s{0,3}\[[^\]]+\]:/.test(block)).join('')

/** The tokens of one block, with links that are defined elsewhere. Throws on what nests too deeply. */
export function readBlock(block: string, definitions: string): readonly Token[] {
  return new Lexer({ gfm: true }).lex(definitions === '' ? block : `${block}\n\n${definitions}`)
}
