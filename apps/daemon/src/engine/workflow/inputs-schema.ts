import type { JsonSchema } from '../execution/types.ts'
import { schemaCheck } from '../json-schema.ts'
import { growthOf } from '../templates/patterns.ts'
import { kindsOf } from '../templates/schema-kinds.ts'
import { mapSchemas, resolve } from '../templates/schema-parts.ts'
import { isObject, own, placeIn } from '../templates/values.ts'
import type { Json } from '../types.ts'
import type { Problems } from './problems.ts'

/** The highest power of a text's length that matching may take. */
const mostGrowth = 2
const types: ReadonlySet<Json> = new Set<Json>(['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'])
const isSchema = (value: Json): boolean => typeof value === 'boolean' || isObject(value)
const isSchemas = (value: Json): boolean => Array.isArray(value) && value.length > 0 && value.every(isSchema)
const isMap = (value: Json): boolean => isObject(value) && Object.values(value).every((each) => isSchema(each) || Array.isArray(each))
const isNumber = (value: Json): boolean => typeof value === 'number'
const isCount = (value: Json): boolean => Number.isInteger(value) && Number(value) >= 0
const isTexts = (value: Json): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string')
const isPattern = (value: Json): boolean => {
  if (typeof value !== 'string') return false
  try {
    // Anybody who may run the workflow chooses the text that it is tried on.
    return new RegExp(value, 'u') instanceof RegExp && growthOf(value) <= mostGrowth
  } catch {
    return false
  }
}
type Rule = readonly [words: string, holds: (value: Json) => boolean]
const schema: Rule = ['a schema', isSchema]
const schemas: Rule = ['a list of schemas', isSchemas]
const map: Rule = ['an object of schemas', isMap]
const number: Rule = ['a number', isNumber]
const count: Rule = ['a whole number that is not negative', isCount]
const typeNames = [...types].join(', ')
const named = (rule: Rule, names: string): (readonly [string, Rule])[] => names.split(' ').map((name) => [name, rule])
/** What each keyword must be. Others are notes, and are not looked at. */
const rules: ReadonlyMap<string, Rule> = new Map([
  ...named(schema, 'additionalItems unevaluatedItems contains additionalProperties unevaluatedProperties propertyNames not if then else'),
  ...named(schemas, 'prefixItems allOf anyOf oneOf'),
  ...named(map, 'properties patternProperties dependentSchemas dependencies $defs definitions'),
  ...named(number, 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'),
  ...named(count, 'minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains'),
  ...named(['a list of names', isTexts], 'required'),
  ...named(['a list', Array.isArray], 'enum'),
  ...named(['true or false', (value) => typeof value === 'boolean'], 'uniqueItems'),
  ...named(['a regular expression that no text can make take long (nothing repeated inside of a repeated group)', isPattern], 'pattern'),
  ...named(
    [`one of ${typeNames}, or a list of them`, (value) => types.has(value) || (Array.isArray(value) && value.every((each) => types.has(each)))],
    'type',
  ),
  ...named(['a schema or a list of schemas', (value) => isSchema(value) || isSchemas(value)], 'items'),
])
const most = { schemas: 2_000, depth: 32 }
const tooMuch = `The schema of the inputs refers to itself, is nested deeper than ${most.depth} levels or has more than ${most.schemas} parts.`

/** Checks the JSON Schema of a workflow's inputs. It is bounded with all references followed, so that no value takes long to judge. */
export function checkInputsSchema(root: JsonSchema, problems: Problems): boolean {
  let left: number = most.schemas
  const before = problems.list.length
  /** False when the bounds are reached. */
  const visit = (inner: JsonSchema, path: string, depth: number): boolean => {
    left -= 1
    if (left < 0 || depth > most.depth) return false
    checkKeywords(inner, root, path, problems)
    let isBounded = true
    const deeper = (each: JsonSchema, at: string): void => {
      isBounded &&= visit(each, at, depth + 1)
    }
    mapSchemas(inner, (each, keyword) => {
      deeper(each, `${path}.${keyword}`)
      return each
    })
    const reference = own(inner, '$ref')
    const target = typeof reference === 'string' ? resolve(reference, root) : undefined
    if (isObject(target)) deeper(target, path)
    return isBounded
  }
  if (!visit(root, 'inputs', 0)) problems.add('inputs', tooMuch)
  else if (problems.list.length === before) checkWhole(root, problems)
  return problems.list.length === before
}
function checkKeywords(inner: JsonSchema, root: JsonSchema, path: string, problems: Problems): void {
  for (const [keyword, value] of Object.entries(inner)) {
    const rule = rules.get(keyword)
    if (rule && !rule[1](value)) problems.add(placeIn(path, keyword), `must be ${rule[0]}.`)
  }
  const [reference, patterns] = [own(inner, '$ref'), own(inner, 'patternProperties')]
  if (reference !== undefined && (typeof reference !== 'string' || resolve(reference, root) === undefined)) {
    problems.add(placeIn(path, '$ref'), 'leads nowhere. Refer to a part of this schema, like #/$defs/name.')
  }
  for (const pattern of isObject(patterns) ? Object.keys(patterns) : []) {
    if (!isPattern(pattern)) problems.add(placeIn(`${path}.patternProperties`, pattern), 'is no regular expression.')
  }
}
function checkWhole(root: JsonSchema, problems: Problems): void {
  if (!kindsOf(root).includes('object')) problems.add('inputs.type', 'The inputs of a workflow are an object: write "type": "object".')
  try {
    // The validator marks the schema that it is given: it gets a copy.
    const copy: JsonSchema = JSON.parse(JSON.stringify(root))
    schemaCheck(copy)({})
  } catch (error) {
    if (!(error instanceof Error)) throw error
    problems.add('inputs', `This is no schema that can be used: ${error.message.slice(0, 200)}`)
  }
}
