import { references } from '../templates/references.ts'
import type { Json } from '../types.ts'
import { inputProblems } from './inputs.ts'
import { isObject } from './outputs.ts'
import type { PlannedStep, PlanningTool } from './types.ts'

/** How many steps a plan may have. */
export const MOST_STEPS = 12
/** The id of the step at this place, from 0. */
export const stepId = (index: number): string => `s${index + 1}`

/**
 * Makes steps of what a model wrote. A step is taken only if its tool is one of those offered, its inputs fit the tool's schema, and what it waits for
 * and reads comes before it. Gives the steps, or what is wrong with them in sentences that the model can act on.
 */
export function checkedSteps(given: readonly Json[], offered: readonly PlanningTool[]): { steps: PlannedStep[]; problems: string[] } {
  if (given.length > MOST_STEPS) return { steps: [], problems: [`There are ${given.length} steps; a plan has at most ${MOST_STEPS}.`] }
  const tools = new Map([...offered.map((tool) => [tool.name, tool] as const), ...offered.map((tool) => [tool.id, tool] as const)])
  const earlier = new Map<string, Json | undefined>()
  const steps: PlannedStep[] = []
  const problems: string[] = []
  for (const [index, written] of given.entries()) {
    const id = stepId(index)
    const tool = isObject(written) && typeof written['toolId'] === 'string' ? tools.get(written['toolId']) : undefined
    const inputs = isObject(written) ? (written['inputs'] ?? {}) : undefined
    const waits = isObject(written) ? (written['dependsOn'] ?? []) : []
    if (!tool || !isObject(inputs)) {
      problems.push(`Step ${id}: ${tool ? '`inputs` must be an object' : 'its `toolId` must be the id of one of the tools listed'}.`)
      continue
    }
    const wrong = [inputProblems(tool, inputs, earlier), waitProblem(waits, earlier)].filter((problem) => problem !== null)
    problems.push(...wrong.map((problem) => `Step ${id} (${tool.id}): ${problem}`))
    const read = references(inputs).flatMap(({ root, path: [step] }) => (root === 'steps' && typeof step === 'string' ? [step] : []))
    const needs = [...earlier.keys()].filter((known) => read.includes(known) || (Array.isArray(waits) && waits.includes(known)))
    steps.push({ id, appId: tool.appId, toolId: tool.id, inputs, ...(needs.length > 0 ? { dependsOn: needs } : {}) })
    earlier.set(id, tool.outputsSchema)
  }
  return { steps, problems }
}
function waitProblem(waits: Json, earlier: ReadonlyMap<string, unknown>): string | null {
  const isFine = waits === null || (Array.isArray(waits) && waits.every((id) => typeof id === 'string' && earlier.has(id)))
  return isFine ? null : '`dependsOn` must be a list of ids of earlier steps, such as ["s1"].'
}
