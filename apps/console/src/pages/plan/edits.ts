import { hasTemplate, type ChainStep } from '../../executions/chain.ts'
import { isRedacted } from '../../executions/json-text.ts'
import type { Inputs } from '../../executions/inputs-form.tsx'

/** Inputs that a person has changed, by step. */
export type Edits = Readonly<Record<string, Inputs>>
/**
 * What running means. A plan cannot be changed: what was judged and hashed is what is carried out. So a plan with changes is run as something else, with the changed inputs:
 * a plan of one call as that call, any other as a workflow made of its steps. `redacted`: that cannot be, as a secret in its inputs was not kept; `steps` are those in question.
 */
export type Meaning =
  | { readonly kind: 'plan' }
  | { readonly kind: 'tool'; readonly toolId: string; readonly inputs: Inputs }
  | { readonly kind: 'workflow'; readonly steps: readonly EditedStep[] }
  | { readonly kind: 'redacted'; readonly steps: readonly string[] }
export interface EditedStep extends ChainStep {
  readonly toolId: string
  readonly inputs: Inputs
}
interface PlanStep extends ChainStep {
  readonly toolId: string
  readonly inputs: Readonly<Record<string, unknown>>
}
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** The steps with what was changed in them. */
export const editedSteps = (steps: readonly PlanStep[], edits: Edits): EditedStep[] =>
  steps.map((step) => ({ ...step, inputs: edits[step.id] ?? (step.inputs as Inputs) }))
/** Changes that are any: back to how the plan has it is none. */
export const realEdits = (steps: readonly PlanStep[], edits: Edits): Edits =>
  Object.fromEntries(steps.flatMap(({ id, inputs }) => (edits[id] === undefined || same(edits[id], inputs) ? [] : [[id, edits[id]]])))

/** What is run when a person runs this plan with these changes. */
export function meaningOf(steps: readonly PlanStep[], edits: Edits): Meaning {
  if (Object.keys(realEdits(steps, edits)).length === 0) return { kind: 'plan' }
  const edited = editedSteps(steps, edits)
  const redacted = edited.filter(({ inputs }) => isRedacted(inputs)).map(({ id }) => id)
  if (redacted.length > 0) return { kind: 'redacted', steps: redacted }
  const [only, ...more] = edited
  // Texts of a plan are templates, those of a call are not.
  if (only && more.length === 0 && !hasTemplate(only.inputs)) return { kind: 'tool', toolId: only.toolId, inputs: only.inputs }
  return { kind: 'workflow', steps: edited }
}
/** The name under which an edited plan is saved: the request, shortened. */
export const nameFor = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 80 ? `${line.slice(0, 79).trimEnd()}…` : line
}
