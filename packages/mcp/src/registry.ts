import { createHash } from 'node:crypto'
import type { Tool } from '@modelcontextprotocol/server'
import type { ToolFacts } from '@steward/contract/daemon'
import type { z } from 'zod'
import { objectSchema } from './catalog.ts'
import type { McpPort } from './port.ts'

type Facts = z.infer<typeof ToolFacts>
/** A tool of the registry as a host sees it. */
export interface RegistryTool {
  readonly toolId: string
  readonly tool: Tool
}
/** Hosts hand names on to models, whose vendors take so many characters. */
const longestName = 64
const digest = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 8)
const marked = (name: string, id: string) => `${name.slice(0, longestName - 9)}_${digest(id)}`

/**
 * The tools that the caller may use and carry out, by the names that models see; those of a conversation of Steward's own are left out: a host has its own. `taken` keeps its
 * names: a tool called like one ends in a part of its hash.
 */
export async function registryTools(port: McpPort, taken: { has(name: string): boolean }): Promise<ReadonlyMap<string, RegistryTool>> {
  if (!port.may('tools:read') || !port.may('executions:write')) return new Map()
  const { apps } = (await port.call('tools.list', {})) as { apps: readonly { name: string; tools: readonly Facts[] }[] }
  const usable = apps.flatMap(({ name, tools }) => tools.filter(({ inSession }) => !inSession).map((facts) => [name, facts] as const))
  return new Map(
    usable.map(([app, facts]) => {
      const wanted = facts.modelName
      const name = taken.has(wanted) ? marked(wanted, facts.id) : wanted
      return [name, { toolId: facts.id, tool: toolOf(name, app, facts) }]
    }),
  )
}
function toolOf(name: string, app: string, { name: title, description, inputsSchema, outputsSchema, risk }: Facts): Tool {
  const output = outputsSchema as Readonly<Record<string, unknown>> | undefined
  return {
    name,
    title: `${app}: ${title}`,
    description,
    inputSchema: objectSchema(inputsSchema as Readonly<Record<string, unknown>>),
    ...(output?.['type'] === 'object' ? { outputSchema: objectSchema(output) } : {}),
    annotations: {
      readOnlyHint: risk === 'read',
      destructiveHint: risk === 'destructive' || risk === 'execute',
      openWorldHint: risk === 'network' || risk === 'execute',
    },
  }
}
