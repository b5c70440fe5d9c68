import { Fault } from '@steward/contract'
import { useQueries, useQuery } from '@tanstack/react-query'
import { hasTemplate } from '../../executions/chain.ts'
import type { Foreseen } from '../../executions/foreseen.tsx'
import { call, type AnswerOf, type InputOf } from '../../platform/daemon.ts'
import { keyOf } from '../../platform/operations.ts'
import { useSettled } from '../../platform/use-settled.ts'
import { executions as words } from '../../text/executions.ts'
import type { Edits } from './edits.ts'

/** A dry run as a read: nothing is done, and what it says is stale when rules or apps change (live.ts). */
const dryRun = (input: InputOf<'executions.start'>) => ({
  queryKey: keyOf('executions.start', input),
  queryFn: ({ signal }: { signal: AbortSignal }) => call('executions.start', input, { signal }),
})
const refused = (stepId: string, toolId: string, reason: string): Foreseen => ({
  stepId,
  toolId,
  inputs: null,
  decision: 'deny',
  reason,
  preview: null,
})

/** What each step of a plan would do, a changed one with its changes: as a call of its own, where its inputs are known. */
export function useForeseen(plan: AnswerOf<'plans.get'>, edits: Edits) {
  const whole = useQuery(dryRun({ planId: plan.id, dryRun: true }))
  // By its text: the object is another one at each turn.
  const settled = JSON.parse(useSettled(JSON.stringify(edits), 300)) as Edits
  const changed = plan.steps.flatMap(({ id, toolId }) => (settled[id] === undefined ? [] : [{ id, toolId, inputs: settled[id] }]))
  const ready = changed.filter(({ inputs }) => !hasTemplate(inputs))
  const single = useQueries({
    queries: ready.map(({ toolId, inputs }) => dryRun({ toolId, inputs, workspace: { path: plan.workspace }, dryRun: true })),
  })
  const foreseen = new Map((whole.data?.dryRun ?? []).map((one) => [one.stepId, one]))
  for (const { id, toolId, inputs } of changed)
    if (hasTemplate(inputs)) foreseen.set(id, { stepId: id, toolId, inputs: null, decision: 'unknown', reason: words.inputsLater, preview: null })
  for (const [index, { id, toolId }] of ready.entries()) {
    const { data, error } = single[index] ?? {}
    const [found] = data?.dryRun ?? []
    if (found) foreseen.set(id, { ...found, stepId: id })
    else if (error instanceof Fault) foreseen.set(id, refused(id, toolId, error.message))
    else foreseen.delete(id)
  }
  return { foreseen, isPending: whole.isPending || single.some((one) => one.isPending), error: whole.error }
}
