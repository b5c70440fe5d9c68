import type { JsonSchema } from '../execution/types.ts'
import { standalone } from '../templates/schema-parts.ts'
import { fallbackOf, fallbacksOf } from './links.ts'
import { limits, type Lookups, type StepDefinition, type WorkflowDefinition } from './types.ts'

const closed = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties: { ...properties },
  additionalProperties: false,
})
const text: JsonSchema = { type: 'string' }
const nothing: JsonSchema = { type: 'null' }
const index: JsonSchema = { type: 'integer' }
const error: JsonSchema = { anyOf: [nothing, closed({ code: text, message: text })] }
const orNothing = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, nothing] })

/** What the templates of a definition may read: `inputs` and `steps`, with what is known of each. */
export function scopeSchemas(definition: WorkflowDefinition, inputs: JsonSchema | undefined, lookups: Lookups) {
  const { outputs } = outputsSchemas(definition, lookups, 0, new Map())
  const steps = [...outputs].map(([id, schema]) => [id, closed({ outputs: schema, status: text, error })])
  return { inputs, steps: { type: 'object', properties: Object.fromEntries(steps) } satisfies JsonSchema }
}
/** What a step with `forEach` may read besides: `items` is the schema of one element. */
export const elementSchemas = (item: JsonSchema) => ({ item, index })

interface Outputs {
  /** By the id of a step, as those that depend on it read it. */
  readonly outputs: ReadonlyMap<string, JsonSchema>
}
/** The outputs of a whole definition. Workflows that are looked at once are kept in `known`; beyond the allowed depth nothing is known. */
function outputsSchemas(definition: WorkflowDefinition, lookups: Lookups, depth: number, known: Map<string, JsonSchema>): Outputs {
  const fallbacks = fallbacksOf(definition)
  const own = new Map(definition.steps.map((step) => [step.id, ofStep(step, lookups, depth, known)]))
  const aims = new Map(definition.steps.map((step) => [step.id, fallbackOf(step)]))
  const read = ({ id, if: condition, onError = 'halt' }: StepDefinition): JsonSchema => {
    const options = [own.get(id) ?? {}]
    const seen = new Set([id])
    for (let next = aims.get(id); next !== undefined && !seen.has(next) && seen.size < 10; next = aims.get(next)) {
      seen.add(next)
      options.push(own.get(next) ?? {})
    }
    const schema: JsonSchema = options.length === 1 ? (options[0] ?? {}) : { anyOf: options }
    return condition === undefined && onError === 'halt' && !fallbacks.has(id) ? schema : orNothing(schema)
  }
  return { outputs: new Map(definition.steps.map((step) => [step.id, read(step)])) }
}
function ofStep(step: StepDefinition, lookups: Lookups, depth: number, known: Map<string, JsonSchema>): JsonSchema {
  const one = step.toolId === undefined ? ofWorkflow(step.workflowId, lookups, depth, known) : ofTool(step.toolId, lookups, known)
  if (step.forEach === undefined) return one
  return { type: 'array', items: step.onError === 'continue' ? orNothing(one) : one }
}
function ofTool(id: string, lookups: Lookups, known: Map<string, JsonSchema>): JsonSchema {
  const key = `tool ${id}`
  const schema = known.get(key) ?? standalone(lookups.tool(id)?.outputsSchema ?? {})
  known.set(key, schema)
  return schema
}
function ofWorkflow(id: string | undefined, lookups: Lookups, depth: number, known: Map<string, JsonSchema>): JsonSchema {
  if (id === undefined || depth >= limits.nesting) return {}
  const key = `workflow ${id}`
  const kept = known.get(key)
  if (kept !== undefined) return kept
  // Said before it is known, so that a workflow that contains itself comes to an end.
  known.set(key, {})
  const facts = lookups.workflow(id)
  const schema = facts ? closed(Object.fromEntries(outputsSchemas(facts.definition, lookups, depth + 1, known).outputs)) : {}
  known.set(key, schema)
  return schema
}
