import type { JsonSchema } from '../execution/types.ts'
import { problemWords, schemaCheck } from '../json-schema.ts'
import { checkValue } from '../templates/check.ts'
import { hasTemplates } from '../templates/render.ts'
import type { Json } from '../types.ts'
import { isObject } from './outputs.ts'
import type { PlanningTool } from './types.ts'

type Check = ReturnType<typeof schemaCheck>
const checks = new WeakMap<PlanningTool, Check>()
const uncheckable: ReturnType<Check> = [{ path: '', message: 'The schema of this tool cannot be checked, so it cannot be planned.' }]

function checkOf(tool: PlanningTool): Check {
  const known = checks.get(tool)
  if (known) return known
  const schema = isObject(tool.inputsSchema) ? tool.inputsSchema : {}
  let check: Check | undefined
  const made: Check = (value) => {
    try {
      check ??= schemaCheck(schema)
      return check(value)
    } catch (error) {
      // A reference that leads nowhere, a pattern that is none.
      if (error instanceof Error) return uncheckable
      throw error
    }
  }
  checks.set(tool, made)
  return made
}
/** Schemas of what earlier steps give, by their ids. */
export type Earlier = ReadonlyMap<string, Json | undefined>

/**
 * What does not fit in a step's inputs, in one text; null when all does. Templates may read the outputs of earlier steps and nothing else; they are
 * judged by the kinds of values these give, and by their values when the step runs.
 */
export function inputProblems(tool: PlanningTool, inputs: { readonly [name: string]: Json }, earlier: Earlier): string | null {
  const value = { ...inputs }
  if (hasPrototypeKey(value)) return 'An input is named __proto__, which no tool takes.'
  const target = isObject(tool.inputsSchema) ? tool.inputsSchema : {}
  const problems = hasTemplates(value) ? checkValue(value, { scope: { steps: stepsSchema(earlier) }, target, path: '' }) : checkOf(tool)(value)
  return problems.length === 0 ? null : problemWords(problems)
}
function stepsSchema(earlier: Earlier): JsonSchema {
  const outputs = (schema: Json | undefined): Json => ({
    type: 'object',
    properties: { outputs: schema ?? {} },
    required: ['outputs'],
    additionalProperties: false,
  })
  return {
    type: 'object',
    properties: Object.fromEntries([...earlier].map(([id, schema]) => [id, outputs(schema)])),
    required: [...earlier.keys()],
    additionalProperties: false,
  }
}
function hasPrototypeKey(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasPrototypeKey)
  return isObject(value) && Object.entries(value).some(([key, inner]) => key === '__proto__' || hasPrototypeKey(inner))
}
