import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { call, type AnswerOf } from '../../platform/daemon.ts'
import { useRead } from '../../platform/operations.ts'
import { nameFor, type Meaning } from './edits.ts'

/** Runs a plan: as it is, or as what its changes make of it. Calls `onRun` with the execution. */
export function useRunPlan(plan: AnswerOf<'plans.get'>, meaning: Meaning, onRun: (executionId: string) => void) {
  const tools = useRead('tools.list', {})
  const workspace = { path: plan.workspace }
  // Run again after a failure it is the same workflow, not another one.
  const saved = useRef<string>(undefined)
  const start = useMutation({
    mutationFn: async () => {
      if (meaning.kind === 'tool') return call('executions.start', { toolId: meaning.toolId, inputs: meaning.inputs, workspace, waitMs: 0 })
      if (meaning.kind !== 'workflow') return call('executions.start', { planId: plan.id, waitMs: 0 })
      const used = new Set(meaning.steps.map(({ toolId }) => toolId))
      const needed = (tools.data?.apps ?? []).flatMap((app) => app.tools).filter(({ id }) => used.has(id))
      const { id } = await call('workflows.save', {
        ...(saved.current === undefined ? {} : { id: saved.current }),
        name: nameFor(plan.text),
        description: plan.text.slice(0, 10_000),
        permissions: [...new Set(needed.flatMap(({ permissions }) => permissions))].toSorted(),
        steps: meaning.steps.map(({ id: step, toolId, inputs, dependsOn }) => ({
          id: step,
          toolId,
          inputs,
          ...(dependsOn ? { dependsOn: [...dependsOn] } : {}),
        })),
      })
      saved.current = id
      return call('executions.start', { workflowId: id, inputs: {}, workspace, waitMs: 0 })
    },
    onSuccess: ({ id }) => id !== null && onRun(id),
  })
  return { run: () => start.mutate(), isRunning: start.isPending, error: start.error }
}
