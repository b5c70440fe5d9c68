import { schemaCheck } from '../../engine/json-schema.ts'
import type { JsonSchema } from '../../engine/execution/types.ts'
import type { Problem } from '../../engine/execution/types.ts'
import { isObject, placeIn } from '../../engine/templates/values.ts'
import type { Json } from '../../engine/types.ts'

const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])
/** Keywords under which a name stands for itself, and is no keyword. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
/** Keywords that hold values, not schemas. */
const data = new Set(['const', 'enum', 'default', 'examples', 'required', 'dependentRequired'])

const patternFault = (pattern: string): string | null => {
  try {
    RegExp(pattern, 'u')
    return null
  } catch (error) {
    return `is no pattern: ${error instanceof Error ? error.message : String(error)}.`
  }
}
/** The faults of one schema and those inside it: what a check by it would stumble over, or would pass over in silence. */
function* faultsIn(schema: Json, path: string): Generator<Problem> {
  if (typeof schema === 'boolean') return
  if (!isObject(schema)) return yield { path, message: 'must be a JSON Schema: an object, true or false.' }
  const { type, pattern, properties, required, $ref } = schema
  const unknown = type === undefined ? undefined : [type].flat().find((each) => typeof each !== 'string' || !types.has(each))
  if (unknown !== undefined) yield { path: placeIn(path, 'type'), message: `${JSON.stringify(unknown)} is no type of JSON Schema.` }
  const fault = typeof pattern === 'string' ? patternFault(pattern) : null
  if (fault !== null) yield { path: placeIn(path, 'pattern'), message: fault }
  if ($ref !== undefined && (typeof $ref !== 'string' || !$ref.startsWith('#')))
    yield { path: placeIn(path, '$ref'), message: 'must lead to a place in the same schema, such as #/$defs/name.' }
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string')))
    yield { path: placeIn(path, 'required'), message: 'must be a list of names.' }
  if (properties !== undefined && !isObject(properties)) yield { path: placeIn(path, 'properties'), message: 'must be an object of schemas by name.' }
  for (const [key, inner] of Object.entries(schema)) {
    if (data.has(key) || key.startsWith('x-')) continue
    const at = placeIn(path, key)
    if (named.has(key) && isObject(inner)) {
      for (const [name, each] of Object.entries(inner)) {
        const wrong = key === 'patternProperties' ? patternFault(name) : null
        if (wrong !== null) yield { path: placeIn(at, name), message: wrong }
        yield* faultsIn(each, placeIn(at, name))
      }
    } else if (['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'].includes(key) && !Array.isArray(inner))
      yield* faultsIn(inner, at)
    else if (Array.isArray(inner) && ['items', 'prefixItems', 'allOf', 'anyOf', 'oneOf'].includes(key))
      for (const [index, each] of inner.entries()) yield* faultsIn(each, placeIn(at, index))
  }
}

/** What is wrong with a JSON Schema that stands at `path`: types and patterns that are none, references that lead nowhere. */
export function schemaProblems(schema: JsonSchema, path: string): readonly Problem[] {
  const found = [...faultsIn(schema, path)]
  if (found.length > 0) return found
  try {
    // A copy: the check leaves marks in what it reads.
    schemaCheck(structuredClone(schema))({})
    return []
  } catch (error) {
    return [{ path, message: `is no JSON Schema that can be used: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.` }]
  }
}
