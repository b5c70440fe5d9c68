import type { Json } from '../types.ts'
import { select, type Found } from './access.ts'
import { filterNamed, misuse } from './filters.ts'
import { limits, TemplateFault, type Expression, type FilterUse, type Operator, type PathExpression, type Scope } from './types.ts'
import { equal, isObject, isTruthy, kindOf, kindWords, own, sizeOf } from './values.ts'

/** What one rendering may still handle, in values and characters. */
export interface Meter {
  left: number
}
/** A meter of a rendering that begins. */
export const createMeter = (): Meter => ({ left: limits.work })
/** Charges a value to the meter. Throws TemplateFault when it is too large, or nested too deep to be worked with. */
export function charge(meter: Meter, value: Json, at: number): void {
  meter.left -= sizeOf(value, meter.left)
  if (meter.left < 0) throw new TemplateFault('The template handles too much, or something that is nested too deep. Take a smaller part of it.', at)
}

/**
 * The value of an expression. A path that leads nowhere is a fault, but null in three places: directly before the filter `default`, in a condition
 * (`lenient`), and wherever a question is asked of it: as an operand of a comparison, of `and`, `or` or `not`. A root that the scope does not have is
 * always a fault. `and`, `or` and `not` give true or false, and what need not be looked at is not. Comparing is exact: 1 is not '1'. `<` and its kin
 * compare two numbers or two texts; null is neither less nor more than anything, and contains nothing. Throws TemplateFault.
 */
export function evaluate(expression: Expression, scope: Scope, meter: Meter, lenient: boolean): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'path':
      return atPath(expression, scope, lenient)
    case 'not':
      return !isTruthy(evaluate(expression.of, scope, meter, true))
    case 'every':
      return expression.of.every((each) => isTruthy(evaluate(each, scope, meter, true)))
    case 'some':
      return expression.of.some((each) => isTruthy(evaluate(each, scope, meter, true)))
    case 'compare': {
      const [left, right] = [evaluate(expression.left, scope, meter, true), evaluate(expression.right, scope, meter, true)]
      charge(meter, left, expression.at)
      charge(meter, right, expression.at)
      return compare(left, expression.operator, right, expression.at)
    }
    case 'pipe': {
      const mayMiss = lenient || expression.filters[0]?.name === 'default'
      const start = evaluate(expression.of, scope, meter, mayMiss)
      return expression.filters.reduce((value, use) => filtered(value, use, scope, meter, lenient), start)
    }
  }
}
/** What a path leads to in a scope, or why it leads nowhere. Throws TemplateFault for a root that the scope does not have. */
function find({ root, segments, at }: PathExpression, scope: Scope): Found {
  if (!Object.hasOwn(scope, root)) throw new TemplateFault(unknownRoot(root, Object.keys(scope)), at)
  const start = own(scope, root)
  return start === undefined ? { missing: `\`${root}\` has no value here.` } : select(start, segments, root)
}
function atPath(path: PathExpression, scope: Scope, lenient: boolean): Json {
  const found = find(path, scope)
  if ('value' in found) return found.value
  if (lenient) return null
  throw new TemplateFault(`${found.missing} Give it a value, or add \`| default: …\`.`, path.at)
}
/** What is said of a name that means nothing. */
export function unknownRoot(root: string, known: readonly string[]): string {
  const list = known.slice(0, 20).map((name) => `\`${name}\``)
  const advice = list.length === 0 ? 'No names are known here.' : `Known here: ${list.join(', ')}.`
  return `There is no \`${root.slice(0, 60)}\` here. ${advice} A text stands in quotes.`
}
function filtered(value: Json, use: FilterUse, scope: Scope, meter: Meter, lenient: boolean): Json {
  const filter = filterNamed(use.name)
  const values = use.arguments.map((each) => evaluate(each, scope, meter, lenient))
  const wrong = misuse(
    use,
    [kindOf(value)],
    values.map((each) => [kindOf(each)]),
  )
  if (filter === undefined || wrong !== undefined) throw new TemplateFault(wrong ?? `There is no filter \`${use.name}\`.`, use.at)
  for (const each of [value, ...values]) charge(meter, each, use.at)
  const made = filter.apply(value, values, (message) => new TemplateFault(message, use.at))
  if (typeof made === 'string' && made.length > limits.madeText) throw new TemplateFault(`\`${use.name}\` makes a text that is too long.`, use.at)
  if (Array.isArray(made) && made.length > limits.madeList) throw new TemplateFault(`\`${use.name}\` makes a list that is too long.`, use.at)
  return made
}
function compare(left: Json, operator: Operator, right: Json, at: number): boolean {
  if (operator === '==') return equal(left, right)
  if (operator === '!=') return !equal(left, right)
  if (operator === 'contains') return contains(left, right, at)
  if (left === null || right === null) return false
  if (typeof left === 'number' && typeof right === 'number') return ordered(left, operator, right)
  if (typeof left === 'string' && typeof right === 'string') return ordered(left, operator, right)
  const kinds = `${kindWords[kindOf(left)]} and ${kindWords[kindOf(right)]}`
  throw new TemplateFault(`\`${operator}\` compares two numbers or two texts, not ${kinds}. Convert one with \`| number\` or \`| string\`.`, at)
}
function ordered<T extends number | string>(left: T, operator: Operator, right: T): boolean {
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}
function contains(whole: Json, part: Json, at: number): boolean {
  if (whole === null) return false
  if (Array.isArray(whole)) return whole.some((each) => equal(each, part))
  if (typeof part === 'string' && typeof whole === 'string') return whole.includes(part)
  if (typeof part === 'string' && isObject(whole)) return own(whole, part) !== undefined
  if (part === null) return false
  const kinds = `${kindWords[kindOf(part)]} in ${kindWords[kindOf(whole)]}`
  throw new TemplateFault(`\`contains\` looks for anything in a list, or for a text in a text or in the names of an object; not for ${kinds}.`, at)
}
