import type { JsonSchema, Problem } from '../execution/types.ts'
import { checkCondition, checkExpression, checkValue } from '../templates/check.ts'
import { createEffort } from '../templates/literals.ts'
import { schemaAt } from '../templates/schema.ts'
import { checkCycles, checkFallbacks } from './cycles.ts'
import { checkInputsSchema } from './inputs-schema.ts'
import { linksOf, type Links } from './links.ts'
import { checkNesting } from './nesting.ts'
import { uncovered } from './permissions.ts'
import { createProblems, quoted, type Problems } from './problems.ts'
import { elementSchemas, scopeSchemas } from './scope.ts'
import { checkShape } from './shape.ts'
import type { Lookups, StepDefinition, WorkflowDefinition } from './types.ts'

/**
 * Everything that can be said against a workflow before it is saved: at most 50 problems, each with its place (`steps[2].inputs.uri`) and a sentence
 * that says what to do; none when it can be compiled. `selfId` is the id that it is saved under, if it has one. Never throws, however hostile what is
 * inside the definition.
 */
export function checkWorkflow(definition: WorkflowDefinition, lookups: Lookups, selfId?: string): Problem[] {
  const problems = createProblems()
  if (!checkShape(definition, problems)) return problems.list
  const hasInputs = definition.inputs !== undefined && checkInputsSchema(definition.inputs, problems)
  for (const [n, step] of definition.steps.entries()) checkTarget(step, `steps[${n}]`, definition.permissions, lookups, problems)
  checkNesting(definition, lookups, selfId, problems)
  const links = linksOf(definition)
  checkLinks(definition, links, problems)
  checkFallbacks(definition, problems)
  if (isDistinct(definition)) checkCycles(definition, links, problems)
  checkTemplates(definition, hasInputs ? definition.inputs : undefined, lookups, problems)
  return problems.list
}
const isDistinct = ({ steps }: WorkflowDefinition): boolean => new Set(steps.map(({ id }) => id)).size === steps.length

/** That the tool or workflow of a step is there, may be used here, and needs no more than is declared. */
function checkTarget({ toolId, workflowId }: StepDefinition, path: string, declared: readonly string[], lookups: Lookups, problems: Problems): void {
  const needs = (at: string, id: string, permissions: readonly string[]): void => {
    for (const permission of uncovered(declared, permissions).slice(0, 5)) {
      problems.add(`${path}.${at}`, `${quoted(id)} needs the permission ${quoted(permission)}. Add it to the permissions of the workflow.`)
    }
  }
  if (toolId !== undefined) {
    const tool = lookups.tool(toolId)
    if (tool === undefined) problems.add(`${path}.toolId`, `There is no tool ${quoted(toolId)}.`)
    else if (tool.inSession) problems.add(`${path}.toolId`, `The tool ${quoted(toolId)} works in a session only, not in a workflow.`)
    else needs('toolId', toolId, tool.permissions)
  }
  const workflow = workflowId === undefined ? undefined : lookups.workflow(workflowId)
  if (workflowId !== undefined && workflow !== undefined) needs('workflowId', workflowId, workflow.definition.permissions)
}
function checkLinks({ steps }: WorkflowDefinition, links: Links, problems: Problems): void {
  const ids = new Set(steps.map(({ id }) => id))
  for (const [n, step] of steps.entries()) {
    for (const { to, path } of links.get(step) ?? []) {
      const at = `steps[${n}].${path}`
      if (to === undefined) problems.add(at, 'A template names the step that it reads: `steps.ID.outputs`.')
      else if (to === step.id) problems.add(at, 'A step can neither wait for itself nor read itself.')
      else if (!ids.has(to)) problems.add(at, `There is no step ${quoted(to)}.`)
    }
  }
}
function checkTemplates(definition: WorkflowDefinition, inputs: JsonSchema | undefined, lookups: Lookups, problems: Problems): void {
  const scope = scopeSchemas(definition, inputs, lookups)
  const effort = createEffort()
  for (const [n, step] of definition.steps.entries()) {
    if (problems.isFull()) return
    const path = `steps[${n}]`
    if (step.if !== undefined) problems.addAll(checkCondition(step.if, { scope, path: `${path}.if` }))
    const list = step.forEach && checkExpression(step.forEach.in, { scope, path: `${path}.forEach.in` }, { type: 'array' })
    problems.addAll(list?.problems ?? [])
    const inner = list ? { ...scope, ...elementSchemas(schemaAt(list.schema, [0]).schema ?? {}) } : scope
    const target = targetOf(step, lookups)
    problems.addAll(checkValue({ ...step.inputs }, { scope: inner, path: `${path}.inputs`, effort, ...(target && { target }) }))
  }
}
function targetOf({ toolId, workflowId }: StepDefinition, lookups: Lookups): JsonSchema | undefined {
  if (toolId !== undefined) return lookups.tool(toolId)?.inputsSchema
  return workflowId === undefined ? undefined : lookups.workflow(workflowId)?.definition.inputs
}
