import type { PlanningTool } from '../engine/planner/types.ts'
import { appOf } from './app-of.ts'
import type { Registry } from './registry.ts'
import type { Tool } from './tool.ts'

/** A tool as the planner sees it. */
export function planningTool(registry: Registry, tool: Tool): PlanningTool {
  const { inputsSchema = {}, outputsSchema } = registry.listing(tool.id) ?? {}
  return {
    id: tool.id,
    appId: appOf(tool.id),
    name: registry.modelName(tool.id),
    title: tool.name,
    description: tool.description,
    examples: tool.examples,
    risk: tool.risk,
    inputsSchema,
    ...(outputsSchema === undefined ? {} : { outputsSchema }),
    permissions: tool.permissions,
  }
}
