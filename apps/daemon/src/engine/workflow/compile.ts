import type { Program } from '../execution/types.ts'
import { dependenciesOf, linksOf } from './links.ts'
import { limits, type Lookups, type StepDefinition, type WorkflowDefinition } from './types.ts'

/**
 * Makes what an execution carries out: plain JSON, with the workflows inside it as they are now, and for each step all that it depends on (named or
 * read by a template; of a fallback, not the steps that jump to it). The definition has passed `checkWorkflow`; what could not have passed it throws
 * TypeError.
 */
export function compileWorkflow(definition: WorkflowDefinition, lookups: Lookups): Program {
  return compiled(definition, lookups, 0, new Map())
}
function compiled(definition: WorkflowDefinition, lookups: Lookups, depth: number, known: Map<string, Program>): Program {
  if (depth > limits.nesting) throw new TypeError(`Workflows are inside each other more than ${limits.nesting} deep.`)
  const dependencies = dependenciesOf(definition, linksOf(definition))
  return {
    steps: definition.steps.map((step) => compiledStep(step, dependencies.get(step.id) ?? [], lookups, depth, known)),
    permissions: [...definition.permissions],
    ...(definition.inputs && { inputsSchema: definition.inputs }),
  }
}
function compiledStep(
  step: StepDefinition,
  dependsOn: readonly string[],
  lookups: Lookups,
  depth: number,
  known: Map<string, Program>,
): Program['steps'][number] {
  const { id, toolId, workflowId, inputs, if: condition, forEach, retry, timeoutMs, onError = 'halt' } = step
  const shared = { id, dependsOn, inputs, onError, ...(condition !== undefined && { if: condition }), ...(forEach && { forEach }) }
  if (toolId !== undefined) {
    return { ...shared, kind: 'tool', toolId, literal: false, ...(retry && { retry }), ...(timeoutMs !== undefined && { timeoutMs }) }
  }
  const facts = workflowId === undefined ? undefined : lookups.workflow(workflowId)
  if (facts === undefined) throw new TypeError(`The step ${id} names nothing that there is.`)
  const program = known.get(facts.id) ?? compiled(facts.definition, lookups, depth + 1, known)
  known.set(facts.id, program)
  return { ...shared, kind: 'workflow', workflowId: facts.id, version: facts.version, program }
}
