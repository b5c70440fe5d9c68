import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { call, type AnswerOf } from '../platform/daemon.ts'
import { keyOf, useRead } from '../platform/operations.ts'
import type { ChainStep } from './chain.ts'
import { isFinal, type StepRow } from './progress.ts'

export type Execution = AnswerOf<'executions.get'>
const pageSize = 200
/** More calls than these are not shown of one execution. */
export const mostRows = 10_000
const over: ReadonlySet<Execution['status']> = new Set<Execution['status']>(['completed', 'failed', 'denied', 'cancelled'])
/** Whether an execution has ended. One that is interrupted has not: a person may take it up. */
export const isOver = ({ status }: Pick<Execution, 'status'>): boolean => over.has(status)

/** All calls of an execution as they went. Pages whose calls are all over stay as they are and are not read again. */
export function useSteps(id: string) {
  const settled = useRef(new Map<string, AnswerOf<'executions.steps'>>())
  const query = useQuery({
    queryKey: keyOf('executions.steps', { id }),
    queryFn: async ({ signal }) => {
      const rows: StepRow[] = []
      for (let cursor: string | undefined; rows.length < mostRows;) {
        const key = `${id} ${cursor ?? ''}`
        const page =
          settled.current.get(key) ??
          (await call('executions.steps', { id, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) }, { signal }))
        rows.push(...page.items)
        if (page.nextCursor === null) return { rows, isCut: false }
        if (page.items.every(isFinal)) settled.current.set(key, page)
        cursor = page.nextCursor
      }
      return { rows, isCut: true }
    },
  })
  return {
    rows: query.data?.rows ?? [],
    isCut: query.data?.isCut ?? false,
    isPending: query.isPending,
    error: query.error,
    refetch: () => void query.refetch(),
  }
}
/** The steps that an execution was to take. Where nobody knows them any more, as of a plan that was forgotten, those that its calls tell of. */
export function useChain(
  execution: Pick<Execution, 'planId' | 'workflowId' | 'workflowVersion'> | undefined,
  rows: readonly StepRow[],
): readonly ChainStep[] {
  const { planId = null, workflowId = null, workflowVersion = null } = execution ?? {}
  const plan = useRead('plans.get', { id: planId ?? '' }, { enabled: planId !== null })
  const workflow = useRead(
    'workflows.get',
    { id: workflowId ?? '', ...(workflowVersion === null ? {} : { version: workflowVersion }) },
    { enabled: workflowId !== null },
  )
  return plan.data?.steps ?? workflow.data?.steps ?? chainOfRows(rows)
}
function chainOfRows(rows: readonly StepRow[]): ChainStep[] {
  const ids = new Map(
    rows.map(({ id, toolId, inputs }) => [/^[^/[]*/.exec(id)?.[0] ?? id, { toolId: toolId ?? undefined, inputs: inputs as ChainStep['inputs'] }]),
  )
  return [...ids].map(([id, step]) => ({ id, ...step }))
}
