import { z } from 'zod'
import type { Json } from '../../engine/types.ts'
import type { Risk, Tool, ToolContext, ToolAnswer } from '../../tools/tool.ts'
import { boundedSchema, inputsBy } from './schemas.ts'
import type { JsonSchema, McpAppConfig, SchemaCheck } from './types.ts'

const longestDescription = 4000
const longestName = 100
/** Of the part of an id after the app's. */
const longestId = 80

const hint = z.boolean().optional().catch(undefined)
const title = z.string().optional().catch(undefined)
const listed = z.object({
  name: z.string().min(1).max(1000),
  title,
  description: title,
  inputSchema: z.unknown(),
  outputSchema: z.unknown().optional(),
  annotations: z.object({ title, readOnlyHint: hint, destructiveHint: hint, idempotentHint: hint, openWorldHint: hint }).optional().catch(undefined),
})
type Hints = NonNullable<z.infer<typeof listed>['annotations']>
/** A tool as a server tells of it, read and bounded. */
export interface ServerTool {
  readonly name: string
  readonly title: string | undefined
  readonly description: string
  readonly inputSchema: JsonSchema
  readonly outputSchema: JsonSchema | undefined
  readonly hints: Hints
}
/** Carries out one call. Throws ToolError, or the signal's reason when cancelled. */
export type Carry = (tool: ServerTool, input: { readonly [key: string]: Json }, context: ToolContext) => Promise<ToolAnswer>

/** Reads one entry of a server's list. undefined for what is no tool. */
export function readTool(given: unknown): ServerTool | undefined {
  const read = listed.safeParse(given)
  if (!read.success) return undefined
  const { name, annotations: hints = {}, outputSchema: output } = read.data
  const inputSchema = boundedSchema(read.data.inputSchema)
  const outputSchema = output === undefined ? undefined : boundedSchema(output)
  if (inputSchema === null || outputSchema === null) return undefined
  const shown = hints.title ?? read.data.title
  return { name, title: shown, description: read.data.description ?? shown ?? '', inputSchema, outputSchema, hints }
}

/** What a call may do, as far as the server is believed. MCP's own words for hints left out: not read-only. */
function riskOf({ readOnlyHint, destructiveHint, openWorldHint }: Hints, trusted: boolean): Risk {
  if (!trusted) return destructiveHint === true ? 'destructive' : 'execute'
  if (readOnlyHint === true) return 'read'
  if (destructiveHint === true) return 'destructive'
  return openWorldHint === true ? 'network' : 'write'
}

/** The server's tools as Steward's, each with an id of its own. Throws nothing. */
export function stewardTools(config: McpAppConfig, tools: readonly ServerTool[], schemaCheck: SchemaCheck, carry: Carry): Tool[] {
  const taken = new Set<string>()
  return tools.map((tool) => {
    const { hints, inputSchema, outputSchema } = tool
    const name = (tool.title ?? tool.name).slice(0, longestName)
    return {
      id: `${config.id}.${freeId(tool.name, taken)}`,
      name,
      description: cut(tool.description === '' ? `The tool ${name} of ${config.name}.` : tool.description, longestDescription),
      inputs: inputsBy(inputSchema, schemaCheck, config.trusted),
      given: { inputsSchema: inputSchema, ...(outputSchema === undefined ? {} : { outputsSchema: outputSchema }) },
      permissions: [`${config.id}:use`],
      risk: riskOf(hints, config.trusted),
      repeatable: config.trusted && (hints.idempotentHint === true || hints.readOnlyHint === true),
      examples: hints.title === undefined ? [] : [hints.title.slice(0, longestName)],
      targets: async () => [],
      run: (input, context) => carry(tool, input as { readonly [key: string]: Json }, context),
    }
  })
}

/** The name in the letters that ids have, with a number where another tool has it already. */
function freeId(name: string, taken: Set<string>): string {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '_')
  const base = (/^[A-Za-z0-9]/.test(plain) ? plain : `t${plain}`).slice(0, longestId)
  let id = base
  for (let number = 2; taken.has(id); number += 1) {
    const suffix = `_${number}`
    id = `${base.slice(0, longestId - suffix.length)}${suffix}`
  }
  taken.add(id)
  return id
}
const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)
