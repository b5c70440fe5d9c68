/** A line that may yet become a fence, a heading, a list, a rule or an underline: it says nothing so far. */
const undecided = /(?:^|\n)[ \t>]*(?:`{1,2}|~{1,2}|#{1,6}|[-=*+_]{1,3}|\d{1,9}[.)]?|[-*+] \[?[ x]?)$/
const fence = /^ {0,3}(`{3,}|~{3,})/

/** Closes what is open at the end of a block that is still being written, so that it looks as it will: nothing flickers while it comes. */
export function mend(block: string): string {
  const open = openFence(block)
  if (open !== undefined) return withoutPartialFence(block, open)
  const decided = mendTable(block.replace(undecided, ''))
  const start = inlineStart(decided)
  return decided.slice(0, start) + mendInline(decided.slice(start))
}
function openFence(block: string): string | undefined {
  let open: string | undefined
  for (const line of block.split('\n')) {
    const mark = fence.exec(line)?.[1]
    if (mark === undefined) continue
    if (open === undefined) open = mark
    else if (mark.startsWith(open) && line.trim() === mark) open = undefined
  }
  return open
}
/** The last line of an open fence may be the beginning of its end. */
function withoutPartialFence(block: string, open: string): string {
  const at = block.lastIndexOf('\n')
  const last = block.slice(at + 1).trim()
  return at !== -1 && last !== '' && open.startsWith(last) ? block.slice(0, at) : block
}
/** A head of a table without its line of dashes, or with half of it, is a table already. */
function mendTable(block: string): string {
  const lines = block.split('\n')
  let head = lines.length - 1
  if (head > 0 && /^[ \t]*\|?[ \t:|-]*$/.test(lines[head] ?? '') && (lines[head] ?? '') !== '') head--
  const row = lines[head] ?? ''
  if (!/^ {0,3}\|.*\|/.test(row) || (lines[head - 1] ?? '').includes('|')) return block
  const columns = row.replaceAll('\\|', '').trim().replace(/\|$/, '').split('|').length - 1
  return [...lines.slice(0, head + 1), `|${'---|'.repeat(columns)}`].join('\n')
}
/** Where the last paragraph, item, heading or cell of a block begins. */
function inlineStart(block: string): number {
  let start = 0
  for (const { index, 0: found } of block.matchAll(/\n[ \t]*\n|\n[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]|\n[ \t]*[|#>]/g)) start = index + found.length
  return start
}
const isSpace = (sign: string) => sign === '' || /\s/.test(sign)
const isWord = (sign: string) => /[\p{L}\p{N}]/u.test(sign)

function mendInline(text: string): string {
  const open: string[] = []
  let bracket = -1
  for (let at = 0; at < text.length;) {
    const sign = text.charAt(at)
    if (sign === '\\') at += 2
    else if (sign === '`') {
      const ticks = /^`+/.exec(text.slice(at))?.[0] ?? sign
      const end = text.indexOf(ticks, at + ticks.length)
      // A code that is not closed: what follows is in it.
      if (end === -1) return at + ticks.length === text.length ? close(text.slice(0, at), open) : close(text + ticks, open)
      at = end + ticks.length
    } else if (sign === '[') {
      bracket = at
      at++
    } else if (sign === ']') {
      const next = text.charAt(at + 1)
      if (next === '' && bracket !== -1) return close(withoutBracket(text, bracket, at), open)
      if (next === '(') {
        const end = text.indexOf(')', at)
        if (end === -1) return close(withoutBracket(text, bracket, at), open)
        at = end
      }
      bracket = -1
      at++
    } else if (sign === '*' || sign === '_' || (sign === '~' && text.startsWith('~~', at))) {
      const mark = text.startsWith(sign + sign, at) ? sign + sign : sign
      const before = text.charAt(at - 1)
      const after = text.charAt(at + mark.length)
      if (open.at(-1) === mark && !isSpace(before)) open.pop()
      else if (after === '') return close(text.slice(0, at), open)
      else if (!isSpace(after) && !(sign === '_' && isWord(before))) open.push(mark)
      at += mark.length
    } else at++
  }
  return close(bracket === -1 ? text : withoutBracket(text, bracket, text.length), open)
}
/** A link of which only the beginning is there is its words. */
function withoutBracket(text: string, start: number, end: number): string {
  if (start === -1) return text
  const image = text.charAt(start - 1) === '!' ? 1 : 0
  return text.slice(0, start - image) + text.slice(start + 1, end)
}
const close = (text: string, open: readonly string[]): string => {
  if (open.length === 0) return text
  const bare = text.trimEnd()
  return bare + open.toReversed().join('') + text.slice(bare.length)
}
