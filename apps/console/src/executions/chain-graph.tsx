import { Graph } from '../parts/graph.tsx'
import { executions as words } from '../text/executions.ts'
import { linksOf, type ChainStep } from './chain.ts'
import type { Progress } from './progress.ts'
import { looksLike } from './step-state.tsx'

export interface ChainGraphProps {
  readonly steps: readonly ChainStep[]
  /** How the steps stand, where they have been carried out. */
  readonly progress?: ReadonlyMap<string, Progress>
  readonly selected?: string | undefined
  readonly onSelect?: (id: string) => void
}
/** What comes after what in a plan, a workflow or an execution. */
export function ChainGraph({ steps, progress, selected, onSelect }: ChainGraphProps) {
  const nodes = steps.map(({ id, toolId, workflowId }) => {
    const stands = progress?.get(id)
    const what = toolId ?? workflowId
    const status = stands?.status ?? 'pending'
    const note = stands === undefined ? what : stands.rows.length > 1 ? words.calls(stands.over, stands.begun) : what
    return {
      id,
      label: id,
      ...(progress ? { state: looksLike[status], word: words.stepStates[status] } : {}),
      ...(note === undefined ? {} : { note }),
    }
  })
  return <Graph label={words.graph} nodes={nodes} edges={linksOf(steps)} selected={selected} {...(onSelect ? { onSelect } : {})} />
}
