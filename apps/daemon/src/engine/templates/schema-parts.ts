import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { isObject, own } from './values.ts'

/** Keywords that hold a schema, or a list of schemas. */
const holders = new Set(
  'items prefixItems additionalItems unevaluatedItems contains additionalProperties unevaluatedProperties propertyNames not if then else allOf anyOf oneOf'.split(
    ' ',
  ),
)
/** Keywords that hold a schema for each name. */
const maps = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependencies', '$defs', 'definitions'])

/** A copy of a schema in which each schema directly inside it is replaced. What is no schema (`enum`, `const`, `required`) stays as it is. */
export function mapSchemas(schema: JsonSchema, change: (inner: JsonSchema, keyword: string) => Json): JsonSchema {
  const each = (inner: Json, keyword: string): Json => (isObject(inner) ? change(inner, keyword) : inner)
  const changed = (keyword: string, value: Json): Json => {
    if (maps.has(keyword) && isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, each(inner, keyword)]))
    if (!holders.has(keyword)) return value
    return Array.isArray(value) ? value.map((inner) => each(inner, keyword)) : each(value, keyword)
  }
  return Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, changed(keyword, value)]))
}
/** What a reference inside a schema (`#`, `#/$defs/track`) leads to; undefined for any other and for one that leads nowhere. */
export function resolve(reference: string, root: JsonSchema): Json | undefined {
  if (reference === '#') return root
  if (!reference.startsWith('#/') || reference.length > 1_000) return undefined
  let here: Json | undefined = root
  for (const part of reference.slice(2).split('/')) {
    const name = decoded(part)
    if (Array.isArray(here)) here = /^\d{1,9}$/.test(name) ? here[Number(name)] : undefined
    else here = isObject(here) ? own(here, name) : undefined
  }
  return here
}
function decoded(part: string): string {
  const plain = part.replace(/%([0-7][0-9a-fA-F])/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  return plain.replaceAll('~1', '/').replaceAll('~0', '~')
}
/** Keywords that mean nothing once references are filled in. */
const gone = new Set(['$ref', '$defs', 'definitions', '$id', 'id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveRef', '$recursiveAnchor'])
const deepest = 24

/**
 * A part of a schema as a schema of its own: its references (`#/…`) are replaced by what they lead to. What refers to itself, is nested deeper than
 * 24 levels or goes beyond 2,000 schemas becomes `{}`, which fits everything.
 */
export function standalone(part: JsonSchema, root: JsonSchema = part): JsonSchema {
  let left = 2_000
  const visit = (schema: JsonSchema, depth: number): JsonSchema => {
    left -= 1
    if (left < 0 || depth > deepest) return {}
    const reference = own(schema, '$ref')
    const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !gone.has(keyword)))
    const rest = mapSchemas(kept, (inner) => visit(inner, depth + 1))
    if (typeof reference !== 'string') return rest
    const target = resolve(reference, root)
    if (target === false) return { not: {} }
    const filled = isObject(target) ? visit(target, depth + 1) : {}
    return Object.keys(rest).length === 0 ? filled : { allOf: [filled, rest] }
  }
  return visit(part, 0)
}
