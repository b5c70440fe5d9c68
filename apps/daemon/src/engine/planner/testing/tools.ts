import { builtinTools } from '../../../tools/builtin.ts'
import { planningTool } from '../../../tools/planning.ts'
import { createRegistry } from '../../../tools/registry.ts'
import { APP_TOOLS } from '../eval/apps.ts'
import type { PlanningTool } from '../types.ts'

/** The tools that every install has, as a caller outside of a session may use them, and those of the invented apps. */
export function evaluationTools(): readonly PlanningTool[] {
  const registry = createRegistry(builtinTools)
  const shipped = builtinTools.filter((tool) => tool.inSession !== true).map((tool) => planningTool(registry, tool))
  return [...shipped, ...APP_TOOLS]
}
/** So many more tools, each of an app of its own, made of these. */
export const multiplied = (tools: readonly PlanningTool[], count: number): readonly PlanningTool[] =>
  Array.from({ length: count }, (_, index) => ({
    ...tools[index % tools.length]!,
    id: `app${index}.tool${index}`,
    appId: `app${index}`,
    name: `app${index}_tool${index}`,
  }))
