import type { jsonSchemaValidator } from '@modelcontextprotocol/client'
import { z } from 'zod'
import type { Json } from '../../engine/types.ts'
import { isObject, plainJson } from './json.ts'
import type { JsonSchema, SchemaCheck } from './types.ts'

const mostChars = 128 * 1024
const deepest = 64
/** Sub-schemas after every reference was followed; more would let a small schema take for ever (as "billion laughs" does). */
const mostWeight = 20_000

/** A schema as a server sent it, bounded: null for what is none, is nested deeper than 64 levels or has more than 128 Ki characters. */
export function boundedSchema(given: unknown): JsonSchema | null {
  const copy = plainJson(given, deepest)
  return copy !== null && isObject(copy.value) && JSON.stringify(copy.value).length <= mostChars ? copy.value : null
}

/**
 * An input that fits the schema. What cannot be checked safely is left to the server, which checks as well: schemas that grow without bound, lead
 * elsewhere or are broken, and with `patterns` false the regular expressions in them, which could be made to run for ever.
 */
export function inputsBy(schema: JsonSchema, schemaCheck: SchemaCheck, patterns: boolean): z.ZodType {
  const problems = safeCheck(schema, schemaCheck, patterns)
  return z.unknown().superRefine((value, context) => {
    if (!isObject(value)) return context.addIssue({ code: 'custom', message: 'The input must be an object.' })
    for (const { path, message } of problems(value)) context.addIssue({ code: 'custom', message: path === '' ? message : `${path}: ${message}` })
  })
}

/** The check as above, made at its first use; gives nothing wrong where nothing can be said. */
export function safeCheck(schema: JsonSchema, schemaCheck: SchemaCheck, patterns: boolean): ReturnType<SchemaCheck> {
  let check: ReturnType<SchemaCheck> | undefined
  const make = (): ReturnType<SchemaCheck> => {
    const copy = patterns ? structuredClone(schema) : withoutPatterns(schema)
    return isObject(copy) && lightEnough(copy) ? schemaCheck(copy) : () => []
  }
  return (value) => {
    try {
      check ??= make()
      return check(value)
    } catch {
      check = () => []
      return []
    }
  }
}

/** The same for the library, whose own validator makes code from a server's schema. */
export function libraryValidator(schemaCheck: SchemaCheck, patterns: boolean): jsonSchemaValidator {
  return {
    getValidator<T>(schema: object) {
      const problems = safeCheck(schema as JsonSchema, schemaCheck, patterns)
      return (value: unknown) => {
        const [problem] = problems(value)
        return problem === undefined
          ? { valid: true, data: value as T, errorMessage: undefined }
          : { valid: false, data: undefined, errorMessage: `${problem.path} ${problem.message}`.trim() }
      }
    },
  }
}

/** Keywords whose value maps names, which may be any word, to schemas. */
const maps = new Set(['properties', '$defs', 'definitions', 'dependentSchemas'])
const data = new Set(['const', 'enum', 'default', 'examples'])
function withoutPatterns(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withoutPatterns)
  if (!isObject(schema)) return schema
  // Without the patterns nobody can say which further properties were meant.
  const open = 'patternProperties' in schema
  const copy: { [key: string]: Json } = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'pattern' || key === 'patternProperties') continue
    if (open && (key === 'additionalProperties' || key === 'unevaluatedProperties')) continue
    if (data.has(key)) copy[key] = structuredClone(value)
    else if (maps.has(key) && isObject(value)) {
      copy[key] = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutPatterns(each)]))
    } else copy[key] = withoutPatterns(value)
  }
  return copy
}

/** Whether all references are pointers within the schema and following them all leaves it small. Recursion counts once: the value bounds it. */
function lightEnough(root: JsonSchema): boolean {
  const known = new Map<Json, number>()
  const open = new Set<Json>()
  const weigh = (node: Json): number => {
    if (typeof node !== 'object' || node === null) return 0
    const before = known.get(node)
    if (before !== undefined) return before
    if (open.has(node)) return 1
    open.add(node)
    let sum = 1
    for (const child of Object.values(node)) sum += weigh(child)
    if (isObject(node)) sum += weighReferences(node)
    open.delete(node)
    known.set(node, sum)
    return sum
  }
  const weighReferences = (node: JsonSchema): number => {
    if (node !== root && typeof node['$id'] === 'string') return Infinity
    if (typeof node['$recursiveRef'] === 'string' || typeof node['$dynamicRef'] === 'string') return Infinity
    const reference = node['$ref']
    if (typeof reference !== 'string') return 0
    return reference === '#' || reference.startsWith('#/') ? weigh(pointedAt(root, reference)) : Infinity
  }
  return weigh(root) <= mostWeight
}
function pointedAt(root: JsonSchema, reference: string): Json {
  let at: Json = root
  for (const part of reference.split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    const next: Json | undefined = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as { [key: string]: Json })[key] : undefined
    if (next === undefined) return null
    at = next
  }
  return at
}
