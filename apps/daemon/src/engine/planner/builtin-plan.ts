import { plan } from '../builtin/plan.ts'
import type { PlanStep } from '../builtin/types.ts'
import { escapeText } from '../templates/render.ts'
import type { Json } from '../types.ts'
import { inputProblems } from './inputs.ts'
import { isObject, textOutput } from './outputs.ts'
import type { Scope } from './scope.ts'
import { stepId } from './steps.ts'
import type { Planned, PlannedStep, PlanningRequest, PlanningTool } from './types.ts'

/**
 * Plans with the deterministic planner over the tools in scope. Text of the request stands in inputs as it is (`{{` is escaped); what comes from an
 * earlier step is a template. Where a source has no template (a script that must be looked up, a list that must be read first), it asks.
 */
export function planBuiltin({ text, tools, now }: Pick<PlanningRequest, 'text' | 'tools' | 'now'>, scope: Scope): Planned {
  const limits = scope.apps.length === 0 ? {} : { allowed: new Set(scope.tools.map((tool) => tool.id)), tags: scope.apps }
  const made = plan({ text, tools, now, ...limits })
  if (made.clarification !== undefined) return asking(made.intent, made.clarification, made.confidence)
  const byId = new Map(scope.tools.map((tool) => [tool.id, tool]))
  const earlier = new Map<string, Json | undefined>()
  const steps: PlannedStep[] = []
  for (const [index, step] of made.steps.entries()) {
    const tool = byId.get(step.toolId)
    if (!tool) return asking('unknown', 'None of the tools I may use does that. What should I do instead?', 0)
    const inputs = inputsOf(step, made.steps, byId)
    if (typeof inputs === 'string') return asking('incomplete', inputs, 0.3)
    const problems = inputProblems(tool, inputs, earlier)
    if (problems !== null) return asking('incomplete', `What I made of your words does not fit ${tool.id} (${problems}). What should it be?`, 0.3)
    const needs = (step.dependsOn ?? []).map(stepId)
    steps.push({ id: stepId(index), appId: tool.appId, toolId: tool.id, inputs, ...(needs.length > 0 ? { dependsOn: needs } : {}) })
    earlier.set(stepId(index), tool.outputsSchema)
  }
  return { intent: made.intent, steps, confidence: made.confidence, planner: 'builtin', repaired: false, usage: null }
}
const asking = (intent: string, clarification: string, confidence: number): Planned => ({
  intent,
  steps: [],
  confidence,
  clarification,
  planner: 'builtin',
  repaired: false,
  usage: null,
})

/** The step's inputs as templates, or the question to ask when a source has none. */
function inputsOf(step: PlanStep, steps: readonly PlanStep[], tools: ReadonlyMap<string, PlanningTool>): { [name: string]: Json } | string {
  const inputs = Object.fromEntries(Object.entries(step.inputs).map(([name, value]) => [name, escaped(value)]))
  for (const [name, source] of Object.entries(step.from ?? {})) {
    if (source.pick === 'script') return `Which command should ${step.toolId} run? Put it in backticks, for example: run \`npm run ${source.name}\`.`
    if (source.pick === 'todos')
      return `${step.toolId} replaces the whole list, so "${source.add}" cannot be added to it by a plan. What should the whole list be?`
    const earlier = tools.get(steps[source.step]?.toolId ?? '')
    const output = textOutput(earlier?.outputsSchema)
    if (output === null) return `Which part of what ${earlier?.id ?? 'the step before'} gives should become the ${name} of ${step.toolId}?`
    inputs[name] = `{{steps.${stepId(source.step)}.outputs.${output}}}`
  }
  return inputs
}
function escaped(value: Json): Json {
  if (typeof value === 'string') return escapeText(value)
  if (Array.isArray(value)) return value.map(escaped)
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)])) : value
}
