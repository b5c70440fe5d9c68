import type { Json } from '../types.ts'
import type { Program } from './types.ts'

type Step = Program['steps'][number]
/** How a step that is over has ended. `outputs` is null for everything but `completed`. */
export interface Over {
  readonly status: 'completed' | 'failed' | 'denied' | 'cancelled' | 'skipped'
  readonly outputs: Json
  readonly error: StepError | null
}
export interface StepError {
  readonly code: string
  readonly message: string
}
export const skipped: Over = { status: 'skipped', outputs: null, error: null }
const hasFailed = (over: Over | undefined): boolean => over?.status === 'failed' || over?.status === 'denied'
const fallbackOf = ({ onError }: Step): string | undefined => (typeof onError === 'object' ? onError.goto : undefined)

/**
 * The order of a program's steps: a step may begin when all that it depends on are settled. A fallback (the aim of a `goto`) begins only when
 * a step that names it has failed, and counts as skipped once none can any more; its outputs stand in for those of the step that failed.
 */
export function createSchedule({ steps }: Program) {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const jumpers = Map.groupBy(
    steps.filter((step) => fallbackOf(step) !== undefined),
    (step) => fallbackOf(step) ?? '',
  )
  type Overs = ReadonlyMap<string, Over>
  const jumpedTo = (id: string, overs: Overs) => jumpers.get(id)?.some((step) => hasFailed(overs.get(step.id))) ?? false
  /** The fallback that was led to by the failure of a step. */
  const ledTo = (id: string, overs: Overs): string | undefined => {
    const step = byId.get(id)
    return step && hasFailed(overs.get(id)) ? fallbackOf(step) : undefined
  }
  /** Whether a step is over, and with it the fallbacks that stand in for it. `asking` never waits for itself. */
  const isSettled = (id: string, overs: Overs, asking: string): boolean => {
    for (let at: string | undefined = id; at !== undefined && at !== asking; at = ledTo(at, overs)) if (!overs.has(at)) return false
    return true
  }
  /** What a step gave, or the last of the fallbacks that stand in for it. */
  const standIn = (id: string, overs: Overs): Json => {
    let last = id
    for (let at = ledTo(id, overs); at !== undefined; at = ledTo(at, overs)) last = at
    return overs.get(last)?.outputs ?? null
  }
  return {
    /** Steps that may begin now, in the order of the program. */
    ready: (overs: Overs, begun: ReadonlySet<string>): readonly Step[] =>
      steps.filter(
        (step) =>
          !begun.has(step.id) && step.dependsOn.every((id) => isSettled(id, overs, step.id)) && (!jumpers.has(step.id) || jumpedTo(step.id, overs)),
      ),
    /** Fallbacks that nothing can lead to any more. */
    passed: (overs: Overs, begun: ReadonlySet<string>): readonly Step[] =>
      steps.filter(({ id }) => !begun.has(id) && jumpers.get(id)?.every((step) => overs.has(step.id)) === true && !jumpedTo(id, overs)),
    /** The first step, in the order of the program, whose failure ends the whole. */
    halting: (overs: Overs): Step | undefined => steps.find((step) => step.onError === 'halt' && hasFailed(overs.get(step.id))),
    /** What templates read as `steps`. */
    scope(overs: Overs): { [id: string]: Json } {
      const entries = steps.flatMap((step): [string, Json][] => {
        const over = overs.get(step.id)
        if (!over) return []
        return [[step.id, { outputs: standIn(step.id, overs), status: over.status, error: over.error === null ? null : { ...over.error } }]]
      })
      return Object.fromEntries(entries)
    },
    /** The outputs of the steps that completed, by step. */
    outputs: (overs: Overs): { [id: string]: Json } =>
      Object.fromEntries(
        steps.flatMap(({ id }): [string, Json][] => (overs.get(id)?.status === 'completed' ? [[id, overs.get(id)?.outputs ?? null]] : [])),
      ),
  }
}
