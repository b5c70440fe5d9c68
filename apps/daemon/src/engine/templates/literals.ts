import type { JsonSchema, Problem } from '../execution/types.ts'
import { schemaCheck } from '../json-schema.ts'
import type { Json } from '../types.ts'
import { growthOf } from './patterns.ts'
import { mapSchemas, standalone } from './schema-parts.ts'
import { isObject, own, sizeOf } from './values.ts'

/**
 * What the checks of one definition may cost in all, so that a hostile schema or value takes no longer than a friendly one. When it is used up, the
 * rest is not judged when it is saved, only when it is run. What is made of a schema is kept with it: a definition uses the same ones again and again.
 */
export interface Effort {
  /** Schemas that may still be read, or applied to a value. */
  schemas: number
  /** Characters that patterns may still look at. */
  characters: number
  readonly judges: WeakMap<JsonSchema, Judges>
  readonly alone: WeakMap<JsonSchema, JsonSchema>
}
/** The effort of a check that begins. */
export const createEffort = (): Effort => ({ schemas: 300_000, characters: 2_000_000, judges: new WeakMap(), alone: new WeakMap() })
type Judge = (value: Json, spend: () => void) => Problem[]
/** A schema, ready to judge: with all that it says, and without what takes long on large values. */
interface Judges {
  readonly exact: Judge
  readonly quick: Judge
  /** How the patterns in it grow: see `growthOf`. */
  readonly growths: readonly number[]
}
const mostForOne = { schemas: 10_000, depth: 64, size: 1_000_000, exactSize: 1_000 }
class Exhausted extends Error {}

/** The schema with its references filled in, made once. */
export function standaloneOf(schema: JsonSchema, { alone }: Effort): JsonSchema {
  const made = alone.get(schema) ?? standalone(schema)
  alone.set(schema, made)
  return made
}
/**
 * What does not fit a schema in a value without templates. Says nothing of a value when the schema is broken, leads in a circle, or takes more effort
 * than there is; patterns that could take long are left out.
 */
export function literalProblems(schema: JsonSchema, value: Json, effort: Effort): Problem[] {
  const size = sizeOf(value, mostForOne.size)
  if (size === Infinity) return []
  const before = Math.min(effort.schemas, mostForOne.schemas)
  let left = before
  const spend = (): void => {
    left -= 1
    if (left < 0) throw new Exhausted()
  }
  try {
    const judges = effort.judges.get(schema) ?? judgesOf(schema, spend)
    effort.judges.set(schema, judges)
    return isCheap(judges, value, size, effort) ? judges.exact(value, spend) : judges.quick(value, spend)
  } catch (error) {
    // Whatever a hostile schema makes the validator throw: it only means that this schema cannot be used here.
    if (error instanceof Error) return []
    throw error
  } finally {
    effort.schemas -= before - Math.max(left, 0)
  }
}
function isCheap({ growths }: Judges, value: Json, size: number, effort: Effort): boolean {
  if (size > mostForOne.exactSize) return false
  if (growths.length === 0) return true
  const lengths = lengthsOf(value)
  const cost = growths.reduce((sum, growth) => sum + lengths.reduce((all, length) => all + length ** growth, 0), 0)
  if (cost > effort.characters) return false
  effort.characters -= cost
  return true
}
function judgesOf(schema: JsonSchema, spend: () => void): Judges {
  const growths: number[] = []
  const keep = (pattern: string): boolean => {
    const growth = growthOf(pattern)
    if (growth < Infinity) growths.push(growth)
    return growth < Infinity
  }
  const exact = judgeOf(schema, spend, keep, [])
  return { exact, quick: judgeOf(schema, spend, () => false, ['uniqueItems', 'format']), growths }
}
/** A judge by a copy of a schema that counts its parts, and how often they are applied: the validator reads `type` of a schema each time. */
function judgeOf(schema: JsonSchema, reading: () => void, keep: (pattern: string) => boolean, without: readonly string[]): Judge {
  let spend = reading
  const visit = (inner: JsonSchema, depth: number): JsonSchema => {
    spend()
    if (depth > mostForOne.depth) throw new Exhausted()
    const copy = mapSchemas(reduced(inner, keep, without), (each) => visit(each, depth + 1))
    const type = own(copy, 'type')
    const get = (): Json | undefined => {
      spend()
      return type
    }
    return Object.defineProperty(copy, 'type', { get, enumerable: type !== undefined })
  }
  const check = schemaCheck(visit(schema, 0))
  return (value, spending) => {
    spend = spending
    return check(value)
  }
}
/** The schema without some keywords, and without patterns that are not kept. */
function reduced(schema: JsonSchema, keep: (pattern: string) => boolean, without: readonly string[]): JsonSchema {
  const left = new Set(without.filter((keyword) => Object.hasOwn(schema, keyword)))
  const pattern = own(schema, 'pattern')
  const patterns = own(schema, 'patternProperties')
  if (typeof pattern === 'string' && !keep(pattern)) left.add('pattern')
  if (isObject(patterns) && !Object.keys(patterns).every(keep)) {
    for (const keyword of ['patternProperties', 'additionalProperties', 'unevaluatedProperties']) left.add(keyword)
  }
  return left.size === 0 ? schema : Object.fromEntries(Object.entries(schema).filter(([keyword]) => !left.has(keyword)))
}
/** The lengths of all texts and names in a value. */
function lengthsOf(value: Json): readonly number[] {
  if (typeof value === 'string') return [value.length]
  if (Array.isArray(value)) return value.flatMap(lengthsOf)
  return isObject(value) ? Object.entries(value).flatMap(([key, each]) => [key.length, ...lengthsOf(each)]) : []
}
