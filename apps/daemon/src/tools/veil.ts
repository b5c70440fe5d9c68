import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../engine/execution/types.ts'
import { hasTemplates } from '../engine/templates/render.ts'
import type { Json } from '../engine/types.ts'
import { createHider, type Hider } from './manifest/hide.ts'

const mark = '[redacted]'
type Values = { readonly [name: string]: Json }
const isObject = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)
const isSecret = (schema: Values) => schema['writeOnly'] === true || schema['format'] === 'password'
const listIn = (schema: Values, key: string): readonly Json[] => {
  const list = schema[key]
  return Array.isArray(list) ? list : []
}
const fieldsIn = (schema: Values, key: string): Values => {
  const fields = schema[key]
  return isObject(fields) ? fields : {}
}
/** What `#/$defs/x` names within a schema. */
const namedIn = (root: Json, pointer: Json | undefined): Json | undefined => {
  if (typeof pointer !== 'string' || !pointer.startsWith('#')) return undefined
  const parts = pointer.slice(1).split('/').slice(1)
  return parts
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json | undefined>((at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined), root)
}
const textsOf = (value: Json): string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/**
 * Takes secrets out of what is kept and shown of some work: what `redact` knows, and every value of an input that its schema marks as secret
 * (`writeOnly`, or the format `password`), wherever it turns up from then on: in other inputs, in previews, outputs and errors.
 */
export function createVeil(redact: <T>(value: T) => T) {
  const secrets = new Set<string>()
  let hider: Hider | undefined
  const learn = (value: Json) => {
    for (const text of textsOf(value)) secrets.add(text)
    hider = undefined
  }
  function shownOf(value: Json, schema: Json | undefined, root: Json, templated: boolean, seen: ReadonlySet<Json> = new Set()): Json {
    if (!isObject(schema) || value === null || seen.has(schema)) return value
    if (isSecret(schema)) {
      if (templated && typeof value === 'string' && hasTemplates(value)) return value
      learn(value)
      return mark
    }
    const same = new Set([...seen, schema])
    const inner = (member: Json, one: Json | undefined) => shownOf(member, one, root, templated)
    const parts = [
      namedIn(root, schema['$ref']),
      ...['allOf', 'anyOf', 'oneOf'].flatMap((key) => listIn(schema, key)),
      schema['then'],
      schema['else'],
    ]
    const shown = parts.reduce<Json>((at, part) => shownOf(at, part, root, templated, same), value)
    if (Array.isArray(shown)) {
      const first = listIn(schema, 'prefixItems')
      return shown.map((item, index) => inner(item, first[index] ?? schema['items']))
    }
    if (!isObject(shown)) return shown
    const properties = fieldsIn(schema, 'properties')
    const others = [...Object.values(fieldsIn(schema, 'patternProperties')), schema['additionalProperties']]
    const member = (name: string, item: Json): Json =>
      Object.hasOwn(properties, name) ? inner(item, properties[name]) : others.reduce<Json>((at, other) => inner(at, other), item)
    return Object.fromEntries(Object.entries(shown).map(([name, item]) => [name, member(name, item)]))
  }
  /** The same value, by identity where nothing had to go. */
  const hide = <T>(value: T): T => {
    const clean = redact(value)
    if (secrets.size === 0) return clean
    hider ??= createHider([...secrets])
    const next = hider.json(clean as Json) as T
    return isDeepStrictEqual(next, clean) ? clean : next
  }
  return {
    hide,
    /** Inputs as they may be shown; from here on their secrets are known. `templated`: text with templates says where a value comes from, and stays. */
    cover<T extends Values>(inputs: T, schema: JsonSchema | undefined, templated = false): T {
      const shown = schema === undefined ? inputs : shownOf(inputs, schema, schema, templated)
      return hide(isDeepStrictEqual(shown, inputs) ? inputs : (shown as T))
    },
  }
}
export type Veil = ReturnType<typeof createVeil>
