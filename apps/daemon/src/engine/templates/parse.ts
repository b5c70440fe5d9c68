import { tokenAt, type Token } from './tokens.ts'
import { limits, TemplateFault, type Expression, type FilterUse, type Operator, type Segment, type TextPart } from './types.ts'

const comparisons: ReadonlySet<string> = new Set<Operator>(['==', '!=', '<', '<=', '>', '>=', 'contains'])
const literals: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])
const words = new Set(['and', 'or', 'not', 'contains'])

/**
 * Parses a text with templates. The language, all of it:
 *
 *     template   = '{{' either '}}'                       a literal {{ is written {{ '{{' }}
 *     either     = both { ('or' | '||') both }
 *     both       = negation { ('and' | '&&') negation }
 *     negation   = ('not' | '!') negation | comparison
 *     comparison = piped [ ('==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains') piped ]
 *     piped      = primary { '|' name [ ':' primary { ',' primary } ] }
 *     primary    = number | text | 'true' | 'false' | 'null' | path | '(' either ')'
 *     path       = name { '.' name | '.*' | '[' integer ']' | '[' text ']' | '[*]' }
 *
 * A filter binds tighter than a comparison: `inputs.files | length > 0`. A name begins with a letter, `_` or `$` and goes on with letters, digits,
 * `_`, `$` and `-`. Texts stand in ' or " and know the escapes of JSON. `[-1]` counts from the end of a list; `[*]` and `.*` stand for every element
 * and give a list. Throws TemplateFault for anything else, for a text of more than 20,000 characters and for more than 50 levels.
 */
export function parseText(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let here = text.indexOf('{{')
  if (here >= 0) assertLength(text)
  let copied = 0
  while (here >= 0) {
    if (here > copied) parts.push(text.slice(copied, here))
    const parser = createParser(text, here + 2)
    const expression = parser.either()
    copied = parser.close(here)
    parts.push({ expression })
    here = text.indexOf('{{', copied)
  }
  if (copied < text.length) parts.push(text.slice(copied))
  return parts
}
/** Parses a condition or another bare expression, with or without one `{{ }}` around it. Throws TemplateFault. */
export function parseExpression(text: string): Expression {
  assertLength(text)
  const parser = createParser(text, 0)
  const opening = parser.takeIf('{{')
  const expression = parser.either()
  const end = opening === undefined ? parser.next().at : parser.close(opening.at)
  const rest = tokenAt(text, end)
  if (rest.kind === 'end') return expression
  throw new TemplateFault(
    `${shown(rest)} is not expected here. Write a condition as one expression, with at most one {{ }} around all of it.`,
    rest.at,
  )
}
/** Parses the path that a filter like `map` takes: `name`, `a.b[0]`, `['a key']`. Undefined for what is none. */
export function parsePath(text: string): readonly Segment[] | undefined {
  try {
    const expression = parseExpression(text.startsWith('[') ? `it${text}` : `it.${text}`)
    return expression.kind === 'path' ? expression.segments : undefined
  } catch (error) {
    if (error instanceof TemplateFault) return undefined
    throw error
  }
}
function assertLength(text: string): void {
  if (text.length <= limits.text) return
  throw new TemplateFault(`A text with templates has at most ${limits.text} characters; this one has ${text.length}. Split it.`, limits.text)
}
const shown = ({ kind, value }: Token): string => (kind === 'end' ? 'The end of the text' : `\`${value.slice(0, 40)}\``)

/** A parser by recursive descent. It holds the token that comes next. */
function createParser(text: string, from: number) {
  let token = tokenAt(text, from)
  let depth = 0
  const next = () => token
  const take = (): Token => {
    const taken = token
    token = tokenAt(text, taken.end)
    return taken
  }
  const is = (value: string): boolean => (token.kind === 'symbol' || token.kind === 'name') && token.value === value
  const takeIf = (...values: readonly string[]): Token | undefined => (values.some(is) ? take() : undefined)
  const unexpected = (wanted: string): TemplateFault => new TemplateFault(`${shown(token)} is not expected here; ${wanted}.`, token.at)
  const need = (value: string): Token => {
    const taken = takeIf(value)
    if (taken === undefined) throw unexpected(`\`${value}\` is`)
    return taken
  }
  /** Goes past `}}` without reading on: what follows is text, or nothing. Gives where it ends. */
  const close = (opening: number): number => {
    if (is('}}')) return token.end
    if (token.kind === 'end') throw new TemplateFault('The {{ that stands here is not closed by }}.', opening)
    throw unexpected('an operator, a filter or }} is')
  }
  const deeper = <T>(parse: () => T): T => {
    depth += 1
    if (depth > limits.expressionDepth)
      throw new TemplateFault(`An expression has at most ${limits.expressionDepth} levels. Make it simpler.`, token.at)
    const parsed = parse()
    depth -= 1
    return parsed
  }
  const joined = (kind: 'every' | 'some', operators: readonly string[], operand: () => Expression): Expression => {
    const { at } = token
    const first = operand()
    const of = [first]
    while (takeIf(...operators) !== undefined) of.push(operand())
    return of.length === 1 ? first : { kind, of, at }
  }
  const either = (): Expression => joined('some', ['or', '||'], both)
  const both = (): Expression => joined('every', ['and', '&&'], negation)
  const negation = (): Expression => {
    const sign = takeIf('not', '!')
    return sign === undefined ? comparison() : { kind: 'not', of: deeper(negation), at: sign.at }
  }
  const comparison = (): Expression => {
    const left = piped()
    const sign = comparisons.has(token.value) && token.kind !== 'text' ? take() : undefined
    if (sign === undefined) return left
    const right = piped()
    if (comparisons.has(token.value) && token.kind !== 'text') throw unexpected('compare two values at a time and join comparisons with `and`')
    return { kind: 'compare', operator: operatorOf(sign), left, right, at: sign.at }
  }
  const piped = (): Expression => {
    const { at } = token
    const of = primary()
    const filters: FilterUse[] = []
    while (takeIf('|') !== undefined) filters.push(filter())
    return filters.length === 0 ? of : { kind: 'pipe', of, filters, at }
  }
  const filter = (): FilterUse => {
    if (token.kind !== 'name') throw unexpected('the name of a filter is')
    const name = take()
    if (next().kind === 'text' || next().kind === 'number') throw unexpected(`a colon stands before what a filter takes: \`${name.value}: …\``)
    return { name: name.value, arguments: takeIf(':') === undefined ? [] : primaries(), at: name.at }
  }
  const primaries = (): Expression[] => {
    const values = [primary()]
    while (takeIf(',') !== undefined) values.push(primary())
    return values
  }
  const primary = (): Expression => {
    const { at } = token
    if (takeIf('(') !== undefined) {
      const inner = deeper(either)
      need(')')
      return inner
    }
    if (token.kind === 'text') return { kind: 'literal', value: take().value, at }
    if (token.kind === 'number') return { kind: 'literal', value: numberOf(take()), at }
    if (token.kind !== 'name' || words.has(token.value)) throw unexpected('a value is, such as `inputs.name`, a number or a text in quotes')
    const root = take()
    const literal = literals.get(root.value)
    if (literal !== undefined) return { kind: 'literal', value: literal, at }
    return { kind: 'path', root: root.value, segments: segments(), at }
  }
  const segments = (): Segment[] => {
    const found: Segment[] = []
    for (;;) {
      if (takeIf('.') !== undefined) found.push(named())
      else if (takeIf('[') !== undefined) found.push(bracketed())
      else return found
    }
  }
  const named = (): Segment => {
    if (takeIf('*') !== undefined) return null
    if (token.kind === 'name') return take().value
    throw unexpected("the name of a property is; write others as ['a name'] and places in lists as [0]")
  }
  const bracketed = (): Segment => {
    const segment = takeIf('*') === undefined ? key() : null
    need(']')
    return segment
  }
  const key = (): Segment => {
    if (token.kind === 'text') return take().value
    if (token.kind === 'number' && Number.isSafeInteger(Number(token.value))) return Number(take().value)
    throw unexpected("brackets hold a whole number, a text in quotes or *: [0], ['a name'], [*]")
  }
  return { next, takeIf, close, either }
}
function operatorOf({ value, at }: Token): Operator {
  if (value === '==' || value === '!=' || value === '<' || value === '<=' || value === '>' || value === '>=' || value === 'contains') return value
  throw new TemplateFault('This is no comparison.', at)
}
function numberOf({ value, at }: Token): number {
  const number = Number(value)
  if (Number.isFinite(number)) return number
  throw new TemplateFault('This number is too large.', at)
}
