import { TemplateFault } from './types.ts'

export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'symbol' | 'end'
  /** A name or symbol as written, a number as written, a text without its quotes and escapes. */
  readonly value: string
  readonly at: number
  readonly end: number
}
const symbols: ReadonlySet<string> = new Set([
  '{{',
  '}}',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '<',
  '>',
  '!',
  '|',
  ':',
  ',',
  '(',
  ')',
  '[',
  ']',
  '.',
  '*',
])
const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
  ['\\', '\\'],
  ['/', '/'],
  ["'", "'"],
  ['"', '"'],
])
/** What a sticky pattern matches exactly there, or ''. */
function matched(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

/** The token of an expression that starts at `from` or after the white space there. Throws TemplateFault for what is no token. */
export function tokenAt(text: string, from: number): Token {
  const at = from + (text.charAt(from).trim() === '' ? matched(/\s*/y, text, from).length : 0)
  if (at >= text.length) return { kind: 'end', value: '', at, end: at }
  const first = text.charAt(at)
  if (first === "'" || first === '"') return quoted(text, at, first)
  const symbol = [text.slice(at, at + 2), first].find((one) => symbols.has(one))
  if (symbol !== undefined) return { kind: 'symbol', value: symbol, at, end: at + symbol.length }
  const number = matched(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y, text, at)
  if (number !== '') return { kind: 'number', value: number, at, end: at + number.length }
  const name = matched(/[\p{L}_$][\p{L}\p{N}_$-]*/uy, text, at)
  if (name !== '') return { kind: 'name', value: name, at, end: at + name.length }
  throw new TemplateFault(`${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))} means nothing in an expression.${adviceFor(first)}`, at)
}
function adviceFor(character: string): string {
  if (character === '=') return ' Write == to compare.'
  if (character === '{') return " To write {{ itself, write {{ '{{' }}."
  if ('+-/%'.includes(character)) return ' There is no arithmetic in templates.'
  return ''
}
function quoted(text: string, at: number, quote: string): Token {
  let value = ''
  let here = at + 1
  for (;;) {
    const character = text.charAt(here)
    if (character === '') throw new TemplateFault(`The text that begins here has no closing ${quote}.`, at)
    if (character === quote) return { kind: 'text', value, at, end: here + 1 }
    if (character !== '\\') {
      value += character
      here += 1
      continue
    }
    const escaped = escapeAt(text, here)
    value += escaped.value
    here = escaped.end
  }
}
function escapeAt(text: string, at: number): { value: string; end: number } {
  const letter = text.charAt(at + 1)
  const plain = escapes.get(letter)
  if (plain !== undefined) return { value: plain, end: at + 2 }
  const code = letter === 'u' ? matched(/[0-9a-fA-F]{4}/y, text, at + 2) : ''
  if (code === '')
    throw new TemplateFault(String.raw`This is no escape. Known are \n \r \t \b \f \\ \/ \' \" and \u with four hexadecimal digits.`, at)
  return { value: String.fromCharCode(Number.parseInt(code, 16)), end: at + 6 }
}
