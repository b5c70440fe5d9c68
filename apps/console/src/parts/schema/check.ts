import { forms as words } from '../../text/forms.ts'
import { isTemplate } from './read.ts'
import { isObject, mayBeNull, resolve, shapeOf, type Schema, type Shape } from './shape.ts'

/** What is wrong, by where: the names and numbers that lead there, joined by dots (`steps.0.name`), as the daemon says it; empty for the whole. */
export type Problems = Readonly<Record<string, string>>
export const pathOf = (path: string, name: string | number): string => (path === '' ? String(name) : `${path}.${name}`)

interface Rules {
  readonly root: Schema
  readonly templates: boolean
}
type Of<K extends Shape['kind']> = Extract<Shape, { kind: K }>

/**
 * What a form can say before the daemon is asked: what is missing, and what is not as the schema wants it, in sentences. The daemon's word is the last one: what this cannot
 * judge it lets through. `templates`: a template stands for anything.
 */
export function problemsOf(
  schema: Schema,
  value: unknown,
  { templates = false, root = schema, path = '' }: { templates?: boolean; root?: Schema; path?: string } = {},
): Problems {
  return Object.fromEntries(check(schema, value, path, { root, templates }))
}
type Found = readonly (readonly [string, string])[]
const none: Found = []

function check(schema: Schema, value: unknown, path: string, rules: Rules): Found {
  if (value === undefined) return none
  if (rules.templates && isTemplate(value)) return none
  if (value === null && mayBeNull(schema, rules.root)) return none
  const shape = shapeOf(schema, rules.root)
  switch (shape.kind) {
    case 'text':
      return one(path, textProblem(shape, value))
    case 'number':
      return one(path, numberProblem(shape, value))
    case 'flag':
      return one(path, typeof value === 'boolean' ? undefined : words.mustBeFlag)
    case 'fixed':
      return one(path, same(shape.value, value) ? undefined : words.mustBe(JSON.stringify(shape.value)))
    case 'choice':
      return one(
        path,
        shape.choices.some((choice) => same(choice.value, value)) ? undefined : words.mustBeOneOf(shape.choices.map(({ label }) => label)),
      )
    case 'object':
      return objectProblems(shape, value, path, rules)
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([name, entry]) => check(shape.values, entry, pathOf(path, name), rules))
        : one(path, words.mustBeObject)
    case 'list':
      return listProblems(shape, value, path, rules)
    case 'either':
      return eitherProblems(shape, value, path, rules)
    case 'json':
      return one(path, jsonProblem(resolve(schema, rules.root), value))
  }
}
const one = (path: string, sentence: string | undefined): Found => (sentence === undefined ? none : [[path, sentence]])
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const formats: Readonly<Record<string, readonly [(text: string) => boolean, string]>> = {
  uri: [(text) => URL.canParse(text), words.mustBeUri],
  email: [(text) => /^[^\s@]+@[^\s@]+$/.test(text), words.mustBeEmail],
  'date-time': [(text) => !Number.isNaN(Date.parse(text)), words.mustBeTime],
  date: [(text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)), words.mustBeDate],
}
function textProblem(shape: Of<'text'>, value: unknown): string | undefined {
  if (typeof value !== 'string') return words.mustBeText
  const length = [...value].length
  if (shape.minLength !== undefined && length < shape.minLength) return length === 0 ? words.needed : words.tooShort(shape.minLength)
  if (shape.maxLength !== undefined && length > shape.maxLength) return words.tooLong(shape.maxLength, length)
  const format = formats[shape.format ?? '']
  if (format && !format[0](value)) return format[1]
  return shape.pattern === undefined || matches(shape.pattern, value) ? undefined : words.mustMatch(shape.pattern)
}
/** A pattern that is no valid one is the daemon's to judge. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}
function numberProblem({ integer, minimum, maximum, above, below, step }: Of<'number'>, value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return words.mustBeNumber
  if (integer && !Number.isInteger(value)) return words.mustBeWhole
  if (minimum !== undefined && value < minimum) return words.atLeast(minimum)
  if (above !== undefined && value <= above) return words.moreThan(above)
  if (maximum !== undefined && value > maximum) return words.atMost(maximum)
  if (below !== undefined && value >= below) return words.lessThan(below)
  const parts = step === undefined || step <= 0 ? 0 : value / step
  return Math.abs(parts - Math.round(parts)) > 1e-9 ? words.mustBeMultiple(step ?? 1) : undefined
}
function objectProblems({ properties, rest }: Of<'object'>, value: unknown, path: string, rules: Rules): Found {
  if (!isObject(value)) return one(path, words.mustBeObject)
  const known = properties.flatMap(({ name, schema, required }) => {
    const entry = Object.hasOwn(value, name) ? value[name] : undefined
    if (entry !== undefined) return check(schema, entry, pathOf(path, name), rules)
    return required && !Object.hasOwn(resolve(schema, rules.root), 'default') ? one(pathOf(path, name), words.needed) : none
  })
  const names = new Set(properties.map(({ name }) => name))
  const others = rest ? Object.entries(value).filter(([name]) => !names.has(name)) : []
  return [...known, ...others.flatMap(([name, entry]) => (rest ? check(rest, entry, pathOf(path, name), rules) : none))]
}
function listProblems({ items, minItems, maxItems, unique }: Of<'list'>, value: unknown, path: string, rules: Rules): Found {
  if (!Array.isArray(value)) return one(path, words.mustBeList)
  const entries = value as readonly unknown[]
  const each = entries.flatMap((entry, index) =>
    entry === undefined || (entry === null && !mayBeNull(items, rules.root))
      ? one(pathOf(path, index), words.needed)
      : check(items, entry, pathOf(path, index), rules),
  )
  const whole =
    minItems !== undefined && entries.length < minItems
      ? words.tooFew(minItems)
      : maxItems !== undefined && entries.length > maxItems
        ? words.tooMany(maxItems)
        : unique && new Set(entries.map((entry) => JSON.stringify(entry))).size < entries.length
          ? words.mustDiffer
          : undefined
  return [...one(path, whole), ...each]
}
/** The variant that fits, or the one that comes nearest: the most of its fixed values agree and the least is wrong. */
export function variantOf(variants: readonly Schema[], value: unknown, root: Schema, templates: boolean): number {
  const wrong = variants.map((variant) => {
    const problems = check(variant, value, '', { root, templates })
    const shape = shapeOf(variant, root)
    const properties = shape.kind === 'object' ? shape.properties : []
    const foreign = properties.filter(({ name, schema }) => {
      const own = shapeOf(schema, root)
      return own.kind === 'fixed' && isObject(value) && !same(value[name], own.value)
    })
    return problems.length + foreign.length * 100 + (problems.some(([path]) => path === '') ? 50 : 0)
  })
  return Math.max(wrong.indexOf(Math.min(...wrong)), 0)
}
function eitherProblems({ variants }: Of<'either'>, value: unknown, path: string, rules: Rules): Found {
  const nearest = variants[variantOf(variants, value, rules.root, rules.templates)]
  return nearest ? check(nearest, value, path, rules) : none
}
const kinds: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  object: [isObject, words.mustBeObject],
  array: [Array.isArray, words.mustBeList],
}
function jsonProblem(schema: Schema, value: unknown): string | undefined {
  const kind = kinds[String(schema['type'])]
  return kind && !kind[0](value) ? kind[1] : undefined
}
