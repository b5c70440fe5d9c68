import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { listAt, mayBe, type Reach } from './schema-kinds.ts'
import { resolve, standalone } from './schema-parts.ts'
import type { Segment } from './types.ts'
import { isObject, own } from './values.ts'

/** What a schema says of a path: `schema` of what stands there; or `missing`, the place in the path at which nothing can stand, and what could. */
export type Foreseen =
  | { readonly schema: JsonSchema; readonly missing?: undefined }
  | { readonly schema?: undefined; readonly missing: { readonly at: number; readonly names: readonly string[]; readonly holder: JsonSchema } }
/** Schemas that are looked at for one step of a path; beyond, everything is possible. */
const most = 200

/**
 * Follows a path through a schema. A path is impossible only where the schema forbids it: `additionalProperties` is false and nothing else allows the
 * property, or something is looked up in what can only be a text, a number, true, false or null. References inside the schema (`#/…`) are followed;
 * the schema that is given stands alone.
 */
export function schemaAt(root: JsonSchema, segments: readonly Segment[]): Foreseen {
  let here: Json = root
  for (const [at, segment] of segments.entries()) {
    const inner = step(here, segment, { root, left: most })
    if (inner === undefined) {
      const holder = isObject(here) ? standalone(here, root) : {}
      return { missing: { at, names: namesOf(here, { root, left: most }), holder } }
    }
    here = inner
  }
  const found = isObject(here) ? standalone(here, root) : {}
  return { schema: segments.includes(null) ? { type: 'array', items: found } : found }
}
/** What may stand one step further, undefined if nothing may. */
function step(schema: Json | undefined, segment: Segment, reach: Reach): Json | undefined {
  if (schema === false) return undefined
  reach.left -= 1
  if (!isObject(schema) || reach.left < 0) return true
  const reference = own(schema, '$ref')
  const followed = typeof reference === 'string' ? [resolve(reference, reach.root)] : []
  const parts: Json[] = []
  for (const part of [...followed, ...listAt(schema, 'allOf')]) {
    const inner = step(part, segment, reach)
    if (inner === undefined) return undefined
    parts.push(inner)
  }
  for (const keyword of ['anyOf', 'oneOf']) {
    const options = listAt(schema, keyword)
    const inner = options.flatMap((option) => step(option, segment, reach) ?? [])
    if (options.length > 0 && inner.length === 0) return undefined
    if (options.length > 0) parts.push({ anyOf: inner })
  }
  const mine = ownStep(schema, segment)
  if (mine === undefined) return undefined
  const telling = [mine, ...parts].filter((part) => part !== true)
  return telling.length > 1 ? { allOf: telling } : (telling[0] ?? true)
}
function ownStep(schema: JsonSchema, segment: Segment): Json | undefined {
  if (segment === null) return everyStep(schema)
  if (typeof segment === 'number') return mayBe(schema, 'array') ? notFalse(elementOf(schema, segment)) : undefined
  return mayBe(schema, 'object') ? notFalse(propertyOf(schema, segment)) : undefined
}
const notFalse = (schema: Json): Json | undefined => (schema === false ? undefined : schema)
function everyStep(schema: JsonSchema): Json | undefined {
  if (mayBe(schema, 'object')) return true
  if (!mayBe(schema, 'array')) return undefined
  return own(schema, 'prefixItems') === undefined && !Array.isArray(own(schema, 'items')) ? (own(schema, 'items') ?? true) : true
}
function elementOf(schema: JsonSchema, place: number): Json {
  const items = own(schema, 'items')
  const [fixed, rest] = Array.isArray(items) ? [items, own(schema, 'additionalItems')] : [listAt(schema, 'prefixItems'), items]
  if (place < 0) return fixed.length > 0 ? true : (rest ?? true)
  return fixed[place] ?? rest ?? true
}
function propertyOf(schema: JsonSchema, name: string): Json {
  const properties = own(schema, 'properties')
  const known = isObject(properties) ? own(properties, name) : undefined
  if (known !== undefined) return known
  const patterns = own(schema, 'patternProperties')
  if (isObject(patterns) && Object.keys(patterns).length > 0) return true
  return own(schema, 'additionalProperties') ?? true
}
/** Names of properties that a schema declares. */
function namesOf(schema: Json | undefined, reach: Reach): readonly string[] {
  reach.left -= 1
  if (!isObject(schema) || reach.left < 0) return []
  const [reference, properties] = [own(schema, '$ref'), own(schema, 'properties')]
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => listAt(schema, keyword))
  const followed = typeof reference === 'string' ? resolve(reference, reach.root) : undefined
  return [...(isObject(properties) ? Object.keys(properties) : []), ...[followed, ...parts].flatMap((part) => namesOf(part, reach))]
}
