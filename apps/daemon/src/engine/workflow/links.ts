import { references, referencesOfExpression, type Reference } from '../templates/references.ts'
import type { StepDefinition, WorkflowDefinition } from './types.ts'

/** Another step that a step names, and where. `to` is undefined where a template reads `steps` without naming one. */
export interface Link {
  readonly to: string | undefined
  /** Inside the step: `dependsOn[0]`, `inputs.uri`. */
  readonly path: string
}
/** For each step, those that it names: in `dependsOn`, then in its templates. */
export type Links = ReadonlyMap<StepDefinition, readonly Link[]>
/** What the steps of a definition name. What a fallback is for is not among it. */
export const linksOf = ({ steps }: WorkflowDefinition): Links => new Map(steps.map((step) => [step, linksOfStep(step)]))
function linksOfStep({ dependsOn = [], if: condition, forEach, inputs }: StepDefinition): readonly Link[] {
  const read = (found: readonly Reference[], path?: string): Link[] =>
    found
      .filter(({ root }) => root === 'steps')
      .map(({ path: [id], at }) => ({ to: typeof id === 'string' && id !== '*' ? id : undefined, path: path ?? at }))
  return [
    ...dependsOn.map((to, n) => ({ to, path: `dependsOn[${n}]` })),
    ...(condition === undefined ? [] : read(referencesOfExpression(condition), 'if')),
    ...(forEach ? read(referencesOfExpression(forEach.in), 'forEach.in') : []),
    ...read(references({ inputs: { ...inputs } })),
  ]
}
/** The fallback of a step, if it has one. */
export const fallbackOf = ({ onError }: Pick<StepDefinition, 'onError'>): string | undefined =>
  typeof onError === 'object' ? onError.goto : undefined
/** The ids of the steps of a definition or a program that run only when another has failed. */
export function fallbacksOf({ steps }: { readonly steps: readonly Pick<StepDefinition, 'onError'>[] }): ReadonlySet<string> {
  return new Set(steps.flatMap((step) => fallbackOf(step) ?? []))
}
/**
 * For each step, the steps that it depends on, in the order it names them. A fallback does not depend on the steps that jump to it, also where it
 * reads them: that one of them has failed is what starts it. Names that mean no other step are left out.
 */
export function dependenciesOf({ steps }: WorkflowDefinition, links: Links): ReadonlyMap<string, readonly string[]> {
  const fallbacks = new Map(steps.map((step) => [step.id, fallbackOf(step)]))
  const needed = (step: StepDefinition): readonly string[] => {
    const named = new Set((links.get(step) ?? []).flatMap(({ to }) => (to === undefined || to === step.id ? [] : [to])))
    return [...named].filter((id) => fallbacks.has(id) && fallbacks.get(id) !== step.id)
  }
  return new Map(steps.map((step) => [step.id, needed(step)]))
}
