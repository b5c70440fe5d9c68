import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** One fenced block of a page. `words` are what stands after the fence: the language, then what the test does with it. */
export interface Block {
  readonly words: readonly string[]
  readonly text: string
  readonly line: number
}
/** Every fenced block of a page, in order. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: { words: string[]; line: number; lines: string[] } | undefined
  for (const [place, line] of markdown.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line)
    if (!fence) open?.lines.push(line)
    else if (open) {
      blocks.push({ words: open.words, line: open.line, text: `${open.lines.join('\n')}\n` })
      open = undefined
    } else open = { words: (fence[1] ?? '').trim().split(/\s+/), line: place + 1, lines: [] }
  }
  if (open) throw new Error(`The block of line ${open.line} is never closed.`)
  return blocks
}
/** The pages a reader follows: those at the root and under docs/. */
export function pagesOf(root: string): string[] {
  const under = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => path.posix.join('docs', file))
  return [...readdirSync(root), ...under].filter((file) => file.endsWith('.md')).toSorted()
}
export const readPage = (root: string, page: string): Block[] => blocksOf(readFileSync(path.join(root, page), 'utf8'))

/** A pattern for what a block shows as output: `…` stands for any text of its line, a line with nothing but `…` for any lines. */
export function shownAs(text: string): RegExp {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '[\\s\\S]*?' : line.trim().split('…').map(literal).join('[^\\n]*?')))
  return new RegExp(`^\\s*${lines.join('\\s*\\n\\s*')}\\s*$`)
}
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ +/g, ' +')
