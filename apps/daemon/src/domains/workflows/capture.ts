import { Fault } from '@steward/contract'
import type { Caller } from '@steward/kernel'
import type { Program } from '../../engine/execution/types.ts'
import { escapeText } from '../../engine/templates/render.ts'
import type { Json } from '../../engine/types.ts'
import type { WorkflowDefinition } from '../../engine/workflow/types.ts'
import type { CapturedExecution, CapturedPlan, WorkflowPorts } from './ports.ts'
import { renameSteps } from './rename.ts'

type Step = WorkflowDefinition['steps'][number]
type Inputs = Step['inputs']
/** Stands where a secret stood. */
const mark = '[redacted]'

/** What was captured: steps, and in words what they are for. */
export type Captured = Pick<WorkflowDefinition, 'steps' | 'description'>
/** Takes the steps of a plan, or of executions in the order given. Throws Fault `not_found` for those of others, `unprocessable` for what cannot be captured. */
export function capture(ports: WorkflowPorts, caller: Caller, planId: string | undefined, executionIds: readonly string[]): Captured {
  if (planId === undefined) {
    const executions = executionIds.map((id) => [id, own(ports.execution(id), caller, `There is no execution ${id} of yours.`)] as const)
    return { steps: stepsOfExecutions(executions) }
  }
  const plan = own(ports.plan(planId), caller, `There is no plan ${planId} of yours.`)
  return { steps: stepsOfPlan(planId, plan), description: plan.text.slice(0, 10_000) }
}
function own<T extends { readonly caller: string }>(found: T | undefined, caller: Caller, words: string): T {
  if (found?.caller !== caller.id) throw new Fault('not_found', words)
  return found
}

/** The steps of a plan as those of a workflow, templates and all. Throws Fault `unprocessable` where a secret was taken out of them. */
function stepsOfPlan(id: string, { steps }: CapturedPlan): Step[] {
  assertWhole(`The plan ${id}`, steps)
  return steps.map(({ id: step, toolId, inputs, dependsOn }) => ({ id: step, toolId, inputs: inputs as Inputs, ...(dependsOn ? { dependsOn } : {}) }))
}
/**
 * Executions as the steps of one workflow, one after another in the order given: a call of a tool is a step with the inputs it had, a workflow a step
 * that runs it, a plan its steps. Their ids are made unique. Throws Fault `unprocessable` for one that did not complete or had a secret in its inputs.
 */
export function stepsOfExecutions(executions: readonly (readonly [id: string, execution: CapturedExecution])[]): Step[] {
  const taken = new Set<string>()
  const steps: Step[] = []
  let before: readonly string[] = []
  for (const [id, execution] of executions) {
    if (execution.status !== 'completed')
      throw new Fault('unprocessable', `The execution ${id} is ${execution.status}; only one that completed can be captured.`)
    const made = stepsOf(execution)
    assertWhole(`The execution ${id}`, made)
    const fresh = renameSteps(made, new Map(made.map((step): [string, string] => [step.id, unused(step.id, taken)])))
    const awaited = new Set(fresh.flatMap(({ dependsOn = [] }) => dependsOn))
    // What depends on nothing of its own begins when all before is over.
    steps.push(...fresh.map((step): Step => ((step.dependsOn ?? []).length > 0 || before.length === 0 ? step : { ...step, dependsOn: [...before] })))
    before = fresh.map((step) => step.id).filter((step) => !awaited.has(step))
  }
  return steps
}
function stepsOf({ workflowId, toolId, program, inputs }: CapturedExecution): Step[] {
  const given = typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs) ? (inputs as Inputs) : {}
  if (workflowId !== null) return [{ id: 'workflow', workflowId, inputs: literal(given) }]
  if (program !== null) return program.steps.map(stepOfProgram)
  return toolId === null ? [] : [{ id: nameOf(toolId), toolId, inputs: literal(given) }]
}
function stepOfProgram(step: Program['steps'][number]): Step {
  const { id, inputs, dependsOn, forEach, onError } = step
  return {
    id,
    ...(step.kind === 'tool' ? { toolId: step.toolId } : { workflowId: step.workflowId }),
    inputs: step.kind === 'tool' && step.literal ? literal(inputs) : inputs,
    ...(dependsOn.length === 0 ? {} : { dependsOn: [...dependsOn] }),
    ...(step.if === undefined ? {} : { if: step.if }),
    ...(forEach === undefined ? {} : { forEach }),
    ...(step.kind === 'tool' && step.retry ? { retry: step.retry } : {}),
    ...(step.kind === 'tool' && step.timeoutMs !== undefined ? { timeoutMs: step.timeoutMs } : {}),
    ...(onError === 'halt' ? {} : { onError }),
  }
}
/** The step of `files.read` is `read`. A step's id begins with a letter, and a few are kept for JavaScript. */
function nameOf(toolId: string): string {
  const name = toolId.slice(toolId.indexOf('.') + 1).slice(0, 50)
  return /^(?!(?:constructor|prototype)$)[A-Za-z]/.test(name) ? name : `tool-${name}`
}
function unused(id: string, taken: Set<string>): string {
  let name = id
  for (let n = 2; taken.has(name); n++) name = `${id.slice(0, 58)}_${n}`
  taken.add(name)
  return name
}
const literal = (inputs: Inputs): Inputs => escaped(inputs) as Inputs
function escaped(value: Json): Json {
  if (typeof value === 'string') return escapeText(value)
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]))
}
function assertWhole(what: string, steps: readonly { readonly inputs: unknown }[]): void {
  if (JSON.stringify(steps.map(({ inputs }) => inputs)).includes(mark))
    throw new Fault('unprocessable', `${what} had a secret in its inputs, which is not kept; write its workflow by hand and name the secret there.`)
}
