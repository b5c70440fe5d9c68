import { planBuiltin } from './builtin-plan.ts'
import { candidatesOf } from './candidates.ts'
import { planWithModel } from './model-plan.ts'
import { scopeOf } from './scope.ts'
import type { Planned, PlanningRequest } from './types.ts'

export type { PlanningTool } from './types.ts'

/** Below this a plan is a guess, and a question is asked in its place. */
const SURE = 0.4

/**
 * Turns one request into a plan and runs nothing. Every step names one of `tools` (within `appId` and the `@app` tags of the text) with inputs that fit
 * its schema; a plan without steps has a question. A model that fails or twice gives no plan that holds is replaced by the deterministic planner.
 * Throws nothing but the signal's reason after an abort (and what a broken model throws besides ModelError).
 */
export async function makePlan(request: PlanningRequest, signal: AbortSignal): Promise<Planned> {
  signal.throwIfAborted()
  const { text, tools, model } = request
  const scope = scopeOf(request)
  if (scope.clarification !== undefined) return unplanned('unknown', scope.clarification, 'builtin')
  if (model === null || model.id === 'builtin') return surely(planBuiltin(request, scope))
  if (text.trim() === '' || scope.tools.length === 0) return surely(planBuiltin(request, scope))
  const { answer, repaired, usage } = await planWithModel(model, request, candidatesOf(text, scope, tools), signal)
  if (answer === null) return { ...surely(planBuiltin(request, scope)), usage }
  const { intent, confidence, steps, clarification } = answer
  const made = { intent, confidence, planner: model.id, repaired, usage }
  return surely(steps.length > 0 ? { ...made, steps } : { ...made, steps: [], clarification: clarification ?? question(text) }, clarification)
}
/** The plan, or a question in place of one that is a guess. */
function surely(made: Planned, asked: string | null = null): Planned {
  if (made.steps.length === 0 || made.confidence >= SURE) return made
  const { steps, ...rest } = made
  const tools = [...new Set(steps.map((step) => step.toolId))].join(', ')
  return { ...rest, steps: [], clarification: asked ?? `I am not sure that you want ${tools}. What exactly should I do?` }
}
const question = (text: string): string => `What exactly should I do about "${text.length > 80 ? `${text.slice(0, 79)}…` : text}"?`
const unplanned = (intent: string, clarification: string, planner: string): Planned => ({
  intent,
  steps: [],
  confidence: 0,
  clarification,
  planner,
  repaired: false,
  usage: null,
})
