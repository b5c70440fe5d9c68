import { z } from 'zod'
import type { Json } from '../types.ts'
import { stem, stems, wordsOf } from './words.ts'

export type PropertyKind =
  | 'url'
  | 'email'
  | 'path'
  | 'date'
  | 'month'
  | 'number'
  | 'duration'
  | 'boolean'
  | 'enum'
  | 'glob'
  | 'command'
  | 'text'
  | 'list'
  | 'object'
  | 'other'
/** One input of a tool as the planner sees it. */
export interface Property {
  readonly name: string
  readonly words: readonly string[]
  readonly kind: PropertyKind
  readonly required: boolean
  readonly description: string
  readonly format: string | null
  readonly values: readonly Json[]
  readonly fallback: Json | undefined
  /** Milliseconds in one unit of a duration. */
  readonly unitMs: number
  readonly integer: boolean
  /** Of a list: what one item is. Of an object: its own inputs. */
  readonly inner: readonly Property[]
  /** Words that stand for values (`x-steward-values`), the longest first. Where there are any, no other loose words become its value. */
  readonly named: readonly NamedValue[]
  /** The form that a text must have, where it is one that no ordinary word has. */
  readonly pattern: RegExp | null
}
/** `stems` are those of the words, in lower case. */
export interface NamedValue {
  readonly stems: readonly string[]
  readonly value: Json
}
type Schema = { readonly [key: string]: Json }
const isObject = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)
const asText = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** The inputs of a JSON Schema (2020-12, local references and `null` alternatives resolved), required ones first. Depth is limited to 4. */
export function properties(schema: Json, root: Json = schema, depth = 0): Property[] {
  const resolved = resolve(schema, root)
  if (!isObject(resolved['properties']) || depth > 4) return []
  const required = new Set(Array.isArray(resolved['required']) ? resolved['required'] : [])
  const found = Object.entries(resolved['properties']).map(([name, inner]) => property(name, resolve(inner, root), required.has(name), root, depth))
  return found.toSorted((a, b) => Number(b.required) - Number(a.required))
}
function resolve(schema: Json, root: Json): Schema {
  if (!isObject(schema)) return {}
  const reference = asText(schema['$ref'])
  if (reference.startsWith('#/')) {
    const target = reference
      .slice(2)
      .split('/')
      .reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), root)
    return isObject(target) && target !== schema ? target : {}
  }
  const choices = schema['anyOf'] ?? schema['oneOf']
  const first = Array.isArray(choices) ? choices.find((choice) => isObject(choice) && choice['type'] !== 'null') : undefined
  return first === undefined ? schema : { ...schema, ...resolve(first, root) }
}
function property(name: string, schema: Schema, required: boolean, root: Json, depth: number): Property {
  const words = wordsOf(name)
  const description = asText(schema['description'])
  const type = Array.isArray(schema['type']) ? asText(schema['type'].find((one) => one !== 'null')) : asText(schema['type'])
  const values = Array.isArray(schema['enum']) ? schema['enum'] : schema['const'] === undefined ? [] : [schema['const']]
  const format = asText(schema['format']) || (isClock(words, schema) ? 'clock' : null)
  const unitMs = unitOf(words, description)
  const kind = kindOf({ words, description, type, values, format, unitMs })
  const items = kind === 'list' ? resolve(schema['items'] ?? {}, root) : {}
  const inner = kind === 'object' ? properties(schema, root, depth + 1) : kind === 'list' ? [property('item', items, true, root, depth + 1)] : []
  const itemWords =
    kind === 'list' && inner[0]
      ? [
          {
            ...inner[0],
            kind:
              inner[0].kind === 'text'
                ? kindOf({ words, description, type: 'string', values: [], format: inner[0].format, unitMs: 0 })
                : inner[0].kind,
            inner: properties(items, root, depth + 1),
          },
        ]
      : inner
  return {
    name,
    words: words.map(stem),
    kind,
    required,
    description,
    format,
    values,
    fallback: schema['default'] ?? (schema['const'] === undefined ? undefined : schema['const']),
    unitMs,
    integer: type === 'integer',
    inner: itemWords,
    named: namedValues(schema),
    pattern: patternOf(asText(schema['pattern'])),
  }
}
function patternOf(source: string): RegExp | null {
  if (source === '') return null
  try {
    const pattern = new RegExp(source, 'u')
    return ['the', 'The', 'word', 'hello world'].some((word) => pattern.test(word)) ? null : pattern
  } catch {
    return null
  }
}
/** The words a schema gives values to: `"x-steward-values": {"focus": "spotify:playlist:…"}`. */
function namedValues(schema: Schema): NamedValue[] {
  const named = schema['x-steward-values']
  if (!isObject(named)) return []
  return Object.entries(named)
    .map(([words, value]) => ({ stems: stems(words), value }))
    .filter((one) => one.stems.length > 0)
    .toSorted((a, b) => b.stems.length - a.stems.length)
}
/** A text for a time of the day as HH:MM. */
const isClock = (words: readonly string[], schema: Schema): boolean =>
  schema['type'] === 'string' && words.includes('time') && (/HH:MM/i.test(asText(schema['description'])) || /\[0-5\]/.test(asText(schema['pattern'])))
/** What a string's name says of its form; the first that fits counts. */
const NAMED: readonly (readonly [PropertyKind, RegExp])[] = [
  ['url', /^(?:url|uri|link|href|website|webpage)$/],
  ['email', /^(?:email|recipient|cc|bcc)$/],
  ['path', /^(?:path|file|filename|filepath|repository|repo|folder|directory|dir|cwd)$/],
  ['glob', /^(?:glob)$/],
  ['command', /^(?:command|cmd)$/],
  ['date', /^(?:date|day|when|due|deadline|datetime|timestamp)$/],
]
function kindOf(it: {
  words: readonly string[]
  description: string
  type: string
  values: readonly Json[]
  format: string | null
  unitMs: number
}): PropertyKind {
  if (it.values.length > 0) return 'enum'
  if (it.type === 'number' || it.type === 'integer') return it.unitMs > 0 ? 'duration' : 'number'
  if (it.type === 'boolean') return 'boolean'
  if (it.type === 'array') return 'list'
  if (it.type === 'object') return 'object'
  if (it.type !== 'string') return 'other'
  if (it.format === 'uri' || it.format === 'url' || it.format === 'iri') return 'url'
  if (it.format === 'email') return 'email'
  if (it.format === 'date' || it.format === 'date-time' || it.format === 'time' || it.format === 'clock') return 'date'
  if (it.words.includes('month') && /YYYY-MM\b(?!-)/i.test(it.description)) return 'month'
  if (it.words.includes('pattern') && /\bglob\b/i.test(it.description)) return 'glob'
  const named = NAMED.find(([, name]) => it.words.some((word) => name.test(word)))
  if (named) return named[0]
  if (/\be-?mail address/i.test(it.description)) return 'email'
  if (/^(?:the )?(?:url|uri)\b/i.test(it.description)) return 'url'
  if (it.words.some((word) => /^(?:start|end|begin|at)$/.test(word)) && /\b(?:time|date|when)\b/i.test(it.description)) return 'date'
  return 'text'
}
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/\b(?:ms|milliseconds?|millisecond)\b/i, 1],
  [/\b(?:sec|seconds?)\b/i, 1000],
  [/\b(?:min|minutes?)\b/i, 60_000],
  [/\b(?:hr|hours?)\b/i, 3_600_000],
  [/\b(?:days?)\b/i, 86_400_000],
]
function unitOf(words: readonly string[], description: string): number {
  const named = UNITS.find(([unit]) => unit.test(words.join(' ')))
  if (named) return named[1]
  return words.some((word) => /^(?:duration|timeout|length|delay|interval)$/.test(word)) || words.includes('time')
    ? (UNITS.find(([unit]) => unit.test(description))?.[1] ?? 0)
    : 0
}
const COUNTED: { readonly [word: string]: number } = {
  'half a': 0.5,
  'half an': 0.5,
  half: 0.5,
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
}
/** Milliseconds of a duration as it is written ("10 minutes", "half an hour"), or null. */
export function durationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?|[a-z]+(?: an?)?)[\s-]?\b(ms|millisecond|sec|s|min|hour|hr|day|week)/i.exec(
    text.replace(/^(\d[\d.]*)(?=[a-z])/i, '$1 '),
  )
  const unit = { ms: 1, millisecond: 1, sec: 1000, s: 1000, min: 60_000, hour: 3_600_000, hr: 3_600_000, day: 86_400_000, week: 604_800_000 }[
    match?.[2]?.toLowerCase() ?? ''
  ]
  const count = COUNTED[match?.[1]?.toLowerCase() ?? ''] ?? Number(match?.[1])
  return match && unit && !Number.isNaN(count) ? count * unit : null
}
/** A check of values against a JSON Schema. A schema that cannot be checked accepts nothing: an input nobody checked is not sent. */
export function checker(schema: Json): (value: Json) => boolean {
  try {
    const parser = z.fromJSONSchema(isObject(schema) ? schema : {})
    return (value) => parser.safeParse(value).success
  } catch {
    return () => false
  }
}
