import { fileURLToPath } from 'node:url'
import type * as TreeSitter from 'web-tree-sitter'
import type { Parser, TreeCursor } from 'web-tree-sitter'

/** A syntax node copied out of the parser's memory; positions are UTF-16 units of the line. */
export interface Piece {
  readonly type: string
  readonly named: boolean
  readonly start: number
  readonly end: number
  readonly children: readonly Piece[]
}
export interface ShellTree {
  readonly root: Piece
  /** The parser had to guess somewhere. */
  readonly broken: boolean
}

const DEEPEST = 400
/** An honest line of 64 KB takes 70 ms; one made to let the parser guess without end would take half a minute. */
const LONGEST_MS = 250

type Library = typeof TreeSitter

/** The library keeps one instance per module: a fresh one needs a fresh module. */
const importLibrary = (generation: number): Promise<Library> =>
  generation === 0 ? import('web-tree-sitter') : import(`${import.meta.resolve('web-tree-sitter')}?${generation}`)

async function loadParser(library: Promise<Library>): Promise<Parser> {
  const { Language, Parser } = await library
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(fileURLToPath(new URL('../../../vendor/tree-sitter-bash.wasm', import.meta.url))))
  return parser
}

/** Loads the parser when it is first asked for and keeps it. A failure is not kept; a parser that has aborted is of no use any more, `replace` loads another. */
function createParserCell() {
  let held: Promise<Parser> | undefined
  let generation = 0
  return {
    get(): Promise<Parser> {
      held ??= loadParser(importLibrary(generation)).catch((error: unknown) => {
        held = undefined
        throw error
      })
      return held
    },
    replace(): void {
      held = undefined
      generation++
    },
  }
}
const bashParser = createParserCell()

function copy(cursor: TreeCursor, line: string): ShellTree | null {
  let broken = false
  const open: { type: string; named: boolean; start: number; end: number; children: Piece[] }[] = []
  for (;;) {
    const type = cursor.nodeType
    const end = cursor.endIndex
    let start = cursor.startIndex
    // The opening backtick's token takes the blanks before it along.
    const tick = /^[ \t\n]+(?=`)/.exec(line.slice(start, Math.min(end, start + 100)))
    if (tick && !type.startsWith('heredoc_') && type !== 'string_content') start += tick[0].length
    if (type === 'ERROR' || cursor.nodeIsMissing) broken = true
    const piece = { type, named: cursor.nodeIsNamed, start, end, children: [] }
    open.at(-1)?.children.push(piece)
    open.push(piece)
    if (open.length > DEEPEST) return null
    if (cursor.gotoFirstChild()) continue
    for (;;) {
      const closed = open.pop()
      if (closed && open.length === 0) return { root: closed, broken }
      if (cursor.gotoNextSibling()) break
      cursor.gotoParent()
    }
  }
}

/**
 * Parses a line with the bash grammar, which is loaded at the first call. Null when the line nests too deeply
 * takes the parser longer than 250 ms
 * or makes it abort.
 * Throws only when the grammar's file cannot be loaded.
 */
export async function shellTree(line: string): Promise<ShellTree | null> {
  const parser = await bashParser.get()
  const end = performance.now() + LONGEST_MS
  try {
    const tree = parser.parse(line, null, { progressCallback: () => performance.now() > end })
    if (!tree) {
      parser.reset()
      return null
    }
    const cursor = tree.walk()
    const copied = copy(cursor, line)
    cursor.delete()
    tree.delete()
    return copied
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RuntimeError') throw error
    bashParser.replace()
    return null
  }
}
