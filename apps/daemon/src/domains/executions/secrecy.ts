import type { JsonSchema, Program } from '../../engine/execution/types.ts'
import type { Json } from '../../engine/types.ts'
import type { Registry } from '../../tools/registry.ts'
import type { Veil } from '../../tools/veil.ts'

/** The schema by which inputs of a tool are checked and covered. */
export const schemaOf = (registry: Pick<Registry, 'listing'>, toolId: string | null): JsonSchema | undefined =>
  toolId === null ? undefined : (registry.listing(toolId)?.inputsSchema as JsonSchema | undefined)
/** A program as it may be shown: what its steps are given is covered like the inputs of any call. */
export function coveredProgram(program: Program, veil: Veil, registry: Pick<Registry, 'listing'>): Program {
  const steps = program.steps.map((step) =>
    step.kind === 'tool'
      ? { ...step, inputs: veil.cover(step.inputs, schemaOf(registry, step.toolId), !step.literal) }
      : { ...step, inputs: veil.cover(step.inputs, step.program.inputsSchema, true), program: coveredProgram(step.program, veil, registry) },
  )
  return veil.hide({ ...program, steps })
}
/** A value for a row: what may be shown, and sealed under `name` the whole where that differs. */
export function keptSecret<T extends Json>(
  whole: T,
  shown: T,
  name: string,
  box: { seal(name: string, text: string): string },
): { readonly shown: T; readonly sealed: string | null } {
  const text = JSON.stringify(whole)
  return JSON.stringify(shown) === text ? { shown, sealed: null } : { shown, sealed: box.seal(name, text) }
}
