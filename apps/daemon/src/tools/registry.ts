import { z } from 'zod'
import type { Json, ToolDescription } from '../engine/types.ts'
import type { Risk, Tool } from './tool.ts'

/** A tool as clients see it. */
export interface ToolListing {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly inputsSchema: Json
  readonly outputsSchema?: Json
  readonly permissions: readonly string[]
  readonly risk: Risk
}
export interface AppListing {
  readonly id: string
  readonly name: string
  readonly tools: readonly ToolListing[]
}
export interface Registry {
  all(): readonly Tool[]
  find(id: string): Tool | undefined
  /** Finds a tool by the name that models see (`files_read`). */
  byModelName(name: string): Tool | undefined
  /** The tools as models see them. Schemas are converted at the first call and kept. */
  describe(): readonly ToolDescription[]
  /** The tools grouped by app, in the order given. */
  apps(): readonly AppListing[]
}

/** The name a model sees for a tool's id. */
export const modelName = (id: string): string => id.replaceAll('.', '_')

const appNames: Readonly<Record<string, string>> = { todo: 'To-do list', ask: 'Questions', git: 'Git' }
const appName = (id: string): string => appNames[id] ?? `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io })
  return JSON.parse(JSON.stringify(rest)) as Json
}

/** Gathers tools. Throws Error when an id is malformed, or when two tools have one id or one name for models. */
export const createRegistry = (tools: readonly Tool[]): Registry => {
  const byId = new Map<string, Tool>()
  const byName = new Map<string, Tool>()
  for (const tool of tools) {
    if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9_-]*$/.test(tool.id)) throw new Error(`The tool id ${tool.id} is not of the form app.tool.`)
    if (byId.has(tool.id) || byName.has(modelName(tool.id))) throw new Error(`There are two tools named ${tool.id}.`)
    byId.set(tool.id, tool)
    byName.set(modelName(tool.id), tool)
  }
  let listings: readonly ToolListing[] | undefined
  const list = () =>
    (listings ??= tools.map((tool) => ({
      id: tool.id,
      name: tool.name,
      description: tool.description,
      inputsSchema: schemaOf(tool.inputs, 'input'),
      ...(tool.outputs === undefined ? {} : { outputsSchema: schemaOf(tool.outputs, 'output') }),
      permissions: tool.permissions,
      risk: tool.risk,
    })))
  let descriptions: readonly ToolDescription[] | undefined
  return {
    all: () => tools,
    find: (id) => byId.get(id),
    byModelName: (name) => byName.get(name),
    describe: () =>
      (descriptions ??= list().map(({ id, description, inputsSchema }) => ({ name: modelName(id), description, inputSchema: inputsSchema }))),
    apps: () => [...Map.groupBy(list(), ({ id }) => id.slice(0, id.indexOf('.')))].map(([id, of]) => ({ id, name: appName(id), tools: of })),
  }
}
