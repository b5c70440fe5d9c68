import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema'
import type { JsonSchema, Problem } from './execution/types.ts'

const most = 20
/** The dialect a schema names, else the newest: what manifests and MCP servers write fits it. */
const draftOf = (schema: JsonSchema) => (/draft-0?7|draft-06/.test(String(schema['$schema'] ?? '')) ? '7' : '2020-12')
/** `#/steps/0/path` as a person writes it: `steps[0].path`. */
function placeOf(pointer: string): string {
  const parts = pointer
    .replace(/^#?\/?/, '')
    .split('/')
    .filter(Boolean)
  return parts
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`), '')
}
/** Keywords that only say that something below is wrong. */
const wrappers = new Set(['properties', 'items', 'prefixItems', 'additionalProperties', 'unevaluatedProperties', '$ref', 'allOf'])

/**
 * Makes a check by a JSON Schema (draft-07 or 2020-12). It interprets the schema: no code is made from it. The check gives what does not fit, the
 * deepest first, nothing when all does. The first check throws for a schema that is none (a broken pattern, a reference that leads nowhere).
 */
export function schemaCheck(schema: JsonSchema): (value: unknown) => Problem[] {
  // The library writes its marks into the schema that it is given.
  const validator = new Validator(structuredClone(schema) as Schema, draftOf(schema), false)
  return (value) => {
    const { valid, errors } = validator.validate(value)
    return valid ? [] : problemsOf(errors)
  }
}
function problemsOf(errors: readonly OutputUnit[]): Problem[] {
  const told = errors.filter(({ keyword }) => !wrappers.has(keyword))
  const shown = (told.length > 0 ? told : errors).slice(0, most)
  return shown.map(({ keyword, instanceLocation, error }) => ({
    path: placeOf(instanceLocation),
    message: keyword === 'false' ? 'is not expected here.' : error.replace(/^Instance/, 'The value').slice(0, 300),
  }))
}
/** The problems in one sentence, with their places. */
export const problemWords = (problems: readonly Problem[]): string =>
  problems
    .slice(0, 5)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ')
