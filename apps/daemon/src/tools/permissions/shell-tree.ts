import { fileURLToPath } from 'node:url'
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
const keepsSpaces = new Set(['string_content', 'heredoc_body', 'heredoc_content', 'raw_string'])

/** Makes a value when it is first asked for and keeps it; a failure is not kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

const bashParser = once(async (): Promise<Parser> => {
  const { Language, Parser } = await import('web-tree-sitter')
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(fileURLToPath(new URL('../../../vendor/tree-sitter-bash.wasm', import.meta.url))))
  return parser
})

function copy(cursor: TreeCursor, line: string): ShellTree | null {
  let broken = false
  const open: { type: string; named: boolean; start: number; end: number; children: Piece[] }[] = []
  for (;;) {
    const type = cursor.nodeType
    const end = cursor.endIndex
    let start = cursor.startIndex
    // The opening backtick's token takes the blanks before it along.
    if (!keepsSpaces.has(type)) while (start < end && ' \t\n'.includes(line.charAt(start))) start++
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
 * or takes the parser longer than 250 ms.
 * Throws only when the grammar's file cannot be loaded.
 */
export async function shellTree(line: string): Promise<ShellTree | null> {
  const parser = await bashParser()
  const end = performance.now() + LONGEST_MS
  const tree = parser.parse(line, null, { progressCallback: () => performance.now() > end })
  if (!tree) {
    parser.reset()
    return null
  }
  const cursor = tree.walk()
  try {
    return copy(cursor, line)
  } finally {
    cursor.delete()
    tree.delete()
  }
}
