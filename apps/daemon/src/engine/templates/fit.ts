import type { JsonSchema, Problem } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { literalProblems, standaloneOf, type Effort } from './literals.ts'
import { hasTemplates } from './render.ts'
import { kindsOf, listAt, mayFit } from './schema-kinds.ts'
import { isObject, kindOf, kindWords, own, placeIn, type JsonObject } from './values.ts'

/** A text, judged by itself: what is wrong in its templates, and the schema of what it gives when nothing is. */
export interface JudgedText {
  readonly faults: readonly string[]
  readonly schema?: JsonSchema
}
export interface Fitting {
  readonly judge: (text: string) => JudgedText
  readonly effort: Effort
  /** Schemas that may still be looked at. */
  left: number
}

/** What can never fit a schema in a value with templates, with its place. The value is not nested too deep. Never throws. */
export function fitProblems(value: Json, target: JsonSchema, path: string, fitting: Fitting): Problem[] {
  return fit(value, hasTemplates(value) ? standaloneOf(target, fitting.effort) : target, path, fitting)
}
function fit(value: Json, target: Json, path: string, fitting: Fitting): Problem[] {
  fitting.left -= 1
  if (target === false) return [{ path, message: 'is not expected here.' }]
  if (!isObject(target) || fitting.left < 0) return []
  if (!hasTemplates(value)) return literal(target, value, path, fitting)
  if (typeof value === 'string') return text(value, target, path, fitting)
  if (!kindsOf(target).includes(kindOf(value))) return [{ path, message: `wants ${wordsOf(target)}, but this is ${kindWords[kindOf(value)]}.` }]
  const inner = Array.isArray(value) ? elements(value, target, path, fitting) : isObject(value) ? properties(value, target, path, fitting) : []
  const every = listAt(target, 'allOf').flatMap((each) => fit(value, each, path, fitting))
  const some = ['anyOf', 'oneOf'].flatMap((keyword) => fewest(listAt(target, keyword).map((each) => fit(value, each, path, fitting))))
  return [...inner, ...every, ...some]
}
/** Where one of several schemas must fit: what is wrong by the one that comes closest. */
function fewest(options: readonly Problem[][]): Problem[] {
  const [first = [], ...others] = options
  return others.reduce((best, each) => (each.length < best.length ? each : best), first)
}
function literal(target: JsonSchema, value: Json, path: string, { effort }: Fitting): Problem[] {
  return literalProblems(target, value, effort).map((problem) => ({
    path: problem.path === '' || problem.path.startsWith('[') ? `${path}${problem.path}` : `${path}.${problem.path}`,
    message: problem.message,
  }))
}
function text(value: string, target: JsonSchema, path: string, fitting: Fitting): Problem[] {
  const { schema } = fitting.judge(value)
  if (schema === undefined) return []
  const constant = own(schema, 'const')
  if (constant !== undefined) return literal(target, constant, path, fitting)
  return mayFit(schema, target) ? [] : [{ path, message: misfitWords(schema, target) }]
}
/** What is said of something that gives another kind of value than is wanted. */
export function misfitWords(given: JsonSchema, wanted: JsonSchema): string {
  const isMadeText = given['type'] === 'string' && kindsOf(wanted).every((kind) => kind !== 'string')
  return `wants ${wordsOf(wanted)}, but this gives ${wordsOf(given)}.${isMadeText ? ' A template with other text around it always gives a text.' : ''}`
}
const wordsOf = (schema: JsonSchema): string => {
  const words = kindsOf(schema).map((kind) => kindWords[kind])
  return words.length === 0 ? 'nothing at all' : words.join(' or ')
}
function properties(value: JsonObject, target: JsonSchema, path: string, fitting: Fitting): Problem[] {
  const absent = listAt(target, 'required').filter((name) => typeof name === 'string' && !Object.hasOwn(value, name))
  const missing = absent.map((name) => ({ path, message: `The value does not have required property ${JSON.stringify(name)}.` }))
  const known = own(target, 'properties') ?? {}
  const hasPatterns = own(target, 'patternProperties') !== undefined
  const others = hasPatterns ? true : (own(target, 'additionalProperties') ?? true)
  const wrong = Object.entries(value).flatMap(([key, each]) => {
    const schema = (isObject(known) ? own(known, key) : undefined) ?? others
    return fit(each, schema, placeIn(path, key), fitting)
  })
  return [...missing, ...wrong]
}
function elements(value: readonly Json[], target: JsonSchema, path: string, fitting: Fitting): Problem[] {
  const items = own(target, 'items')
  const [fixed, rest] = Array.isArray(items) ? [items, own(target, 'additionalItems')] : [listAt(target, 'prefixItems'), items]
  const [least, most] = [own(target, 'minItems'), own(target, 'maxItems')]
  const wrong = value.flatMap((each, n) => fit(each, fixed[n] ?? rest ?? true, placeIn(path, n), fitting))
  if (typeof least === 'number' && value.length < least) wrong.push({ path, message: `wants at least ${least} elements.` })
  if (typeof most === 'number' && value.length > most) wrong.push({ path, message: `wants at most ${most} elements.` })
  return wrong
}
