import type { Piece } from './shell-tree.ts'
import type { Word } from './shell-reading.ts'

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  '?': '?',
}
const ansiEscape = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c(.)|(.))/gs
/** Where one shell ends a quoted string and another does not, or where a value would end early, no value can be given. */
function decodeAnsiC(body: string): string | null {
  if (body.includes("\\'")) return null
  let bad = false
  const value = body.replace(ansiEscape, (whole, octal?: string, hex?: string, u4?: string, u8?: string, control?: string, other?: string) => {
    const digits = hex ?? u4 ?? u8
    const code = octal ? Number.parseInt(octal, 8) & 255 : digits ? Number.parseInt(digits, 16) : control ? control.charCodeAt(0) & 31 : -1
    if (code === 0 || code > 0x10ffff || ((octal ?? hex) && code > 127)) bad = true
    if (code >= 0) return bad ? '' : String.fromCodePoint(code)
    return simpleEscapes[other ?? ''] ?? whole
  })
  return bad ? null : value
}

const beginsExpansion = /[A-Za-z_0-9{([@*#?$!-]/
const breaksWord = /[\s;&|<>()]/
const severalWords = /^\$(?:[@*]|\{[^}]*[@*])/

/**
 * Reads the word between two positions by the shell's own quoting rules (POSIX 2.2, bash `$'…'`, `$"…"`), apart from the grammar: `expansions` are the
 * expansions that the grammar found in it, by their start. Answers a sentence instead of a word where the two do not agree.
 */
export function readWord(line: string, start: number, end: number, expansions: ReadonlyMap<number, Piece>): Word | string {
  let value = ''
  let literal = true
  let open = false
  let at = start
  const unknown = (text: string, splits: boolean) => {
    literal = false
    if (value === '' || splits) open = true
    value += text
  }
  /** Steps over an expansion that starts here. False when none does. */
  const expansion = (quoted: boolean): boolean => {
    const piece = expansions.get(at)
    if (!piece || piece.end > end) return false
    const text = line.slice(piece.start, piece.end)
    unknown(text, (!quoted && piece.type !== 'arithmetic_expansion' && piece.type !== 'process_substitution') || severalWords.test(text))
    at = piece.end
    return true
  }
  const unread = () => line[at] === '`' || (line[at] === '$' && beginsExpansion.test(line[at + 1] ?? ''))
  while (at < end) {
    const c = line.charAt(at)
    const next = line.charAt(at + 1)
    if (expansion(false)) continue
    if (c === "'" || (c === '$' && next === "'")) {
      const from = at + (c === '$' ? 2 : 1)
      let close = line.indexOf("'", from)
      if (c === '$') while (close > 0 && /(?:^|[^\\])(?:\\\\)*\\$/.test(line.slice(from, close))) close = line.indexOf("'", close + 1)
      if (close < 0 || close >= end) return 'a quoted string does not end where the grammar says'
      const body = line.slice(from, close)
      const read = c === '$' ? decodeAnsiC(body) : body
      if (read === null) return "a $'…' string that shells read differently"
      value += read
      at = close + 1
    } else if (c === '"' || (c === '$' && next === '"')) {
      if (c === '$') {
        literal = false
        open ||= value === ''
        at++
      }
      at++
      while (at < end && line[at] !== '"') {
        if (expansion(true)) continue
        if (unread()) return 'an expansion that the grammar did not see'
        const escaped = line[at] === '\\' && '$`"\\\n'.includes(line.charAt(at + 1))
        if (escaped) at++
        if (!escaped || line[at] !== '\n') value += line[at]
        at++
      }
      if (at >= end) return 'a quoted string does not end where the grammar says'
      at++
    } else if (c === '\\') {
      if (at + 1 >= end || next === '\n') return 'a backslash at the end of a word'
      value += next
      at += 2
    } else if (unread()) {
      return 'an expansion that the grammar did not see'
    } else if (breaksWord.test(c)) {
      return 'a word that goes on after a blank or an operator'
    } else {
      const rest = line.slice(at + 1, end)
      if (c === '*' || c === '?' || (c === '[' && rest.includes(']'))) unknown(c, false)
      else if (c === '{' && (rest.includes(',') || rest.includes('..'))) unknown(c, true)
      else if (c === '~' && (at === start || line[at - 1] === '=' || line[at - 1] === ':')) {
        literal = false
        value += c
      } else value += c
      at++
    }
  }
  if (!literal && value.startsWith('-')) open = true
  return { text: line.slice(start, end), value, literal, open }
}
