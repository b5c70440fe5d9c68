import { useRead } from '../../../platform/operations.ts'

/** The tools that a workflow may call, and the workflows that it may run. */
export function useKnown() {
  const tools = useRead('tools.list', {})
  const workflows = useRead('workflows.list', { limit: 200 })
  const all = (tools.data?.apps ?? []).flatMap((app) => app.tools)
  const byId = new Map(all.map((tool) => [tool.id, tool]))
  const flows = workflows.data?.items ?? []
  return {
    tools: all.filter(({ inSession }) => !inSession),
    workflows: flows,
    tool: (id: string) => byId.get(id),
    workflow: (id: string) => flows.find((one) => one.id === id),
    isPending: tools.isPending,
  }
}
export type Known = ReturnType<typeof useKnown>
