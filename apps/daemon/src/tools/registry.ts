import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Json, ToolDescription } from '../engine/types.ts'
import { appOf } from './app-of.ts'
import type { Risk, Tool } from './tool.ts'

/** A tool as clients see it. */
export interface ToolListing {
  readonly id: string
  readonly name: string
  readonly modelName: string
  readonly description: string
  readonly inputsSchema: Json
  readonly outputsSchema?: Json
  readonly permissions: readonly string[]
  readonly risk: Risk
  readonly inSession: boolean
}
export interface AppListing {
  readonly id: string
  readonly name: string
  readonly tools: readonly ToolListing[]
}
export interface Registry {
  /** The same array as long as nothing changes. */
  all(): readonly Tool[]
  find(id: string): Tool | undefined
  /** Finds a tool by the name that models see (`files_read`). */
  byModelName(name: string): Tool | undefined
  /** The name that models see for a tool's id. */
  modelName(id: string): string
  /** The tools as models see them; the same array as long as nothing changes. */
  describe(): readonly ToolDescription[]
  /** What clients see of one tool. */
  listing(id: string): ToolListing | undefined
  /** The tools grouped by app, in the order given. */
  apps(): readonly AppListing[]
  /** Puts an app's tools in the place of those it had. What cannot be taken is left out; answers why, in sentences. */
  put(app: { readonly id: string; readonly name: string; readonly tools: readonly Tool[] }): readonly string[]
  remove(appId: string): void
  /** Hears of each change. Returns how to stop. */
  listen(listener: () => void): () => void
}
const idForm = /^[a-z][a-z0-9-]{0,39}\.[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/
/** Providers take names of at most so many characters. */
const longestName = 64

/** The name a model sees for a tool's id; one that would be too long ends in a part of its hash. */
const nameForModels = (id: string): string => {
  const name = id.replaceAll('.', '_')
  return name.length <= longestName ? name : `${name.slice(0, longestName - 9)}_${createHash('sha256').update(id).digest('hex').slice(0, 8)}`
}
const appNames: Readonly<Record<string, string>> = { todo: 'To-do list', ask: 'Questions', git: 'Git' }
const appName = (id: string): string => appNames[id] ?? `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io })
  return JSON.parse(JSON.stringify(rest)) as Json
}
function listingOf(tool: Tool): ToolListing {
  const { given, outputs } = tool
  const outputsSchema = given ? given.outputsSchema : outputs && schemaOf(outputs, 'output')
  return {
    id: tool.id,
    name: tool.name,
    modelName: nameForModels(tool.id),
    description: tool.description,
    inputsSchema: given ? { ...given.inputsSchema } : schemaOf(tool.inputs, 'input'),
    ...(outputsSchema === undefined ? {} : { outputsSchema: outputsSchema as Json }),
    permissions: tool.permissions,
    risk: tool.risk,
    inSession: tool.inSession === true,
  }
}

/** All tools there are now: those given, which stay, and those of the apps that come and go. Throws Error when one given cannot be taken. */
export const createRegistry = (tools: readonly Tool[]): Registry => {
  const apps = new Map<string, { readonly name: string; readonly tools: readonly Tool[] }>()
  const fixed = new Set<string>()
  const byId = new Map<string, Tool>()
  const byName = new Map<string, Tool>()
  const listings = new Map<string, ToolListing>()
  const listeners = new Set<() => void>()
  let all: readonly Tool[] | undefined
  let descriptions: readonly ToolDescription[] | undefined

  const refusal = (tool: Tool, appId: string): string | null => {
    if (!idForm.test(tool.id)) return `The tool id ${tool.id} is not of the form app.tool.`
    if (appOf(tool.id) !== appId) return `The tool ${tool.id} does not belong to the app ${appId}.`
    if (byId.has(tool.id) || byName.has(nameForModels(tool.id))) return `There are two tools named ${tool.id}.`
    return null
  }
  const changed = () => {
    all = undefined
    descriptions = undefined
    for (const listener of listeners) listener()
  }
  const drop = (appId: string) => {
    for (const { id } of apps.get(appId)?.tools ?? []) {
      byId.delete(id)
      byName.delete(nameForModels(id))
      listings.delete(id)
    }
    apps.delete(appId)
  }
  const put: Registry['put'] = ({ id: appId, name, tools: wanted }) => {
    if (fixed.has(appId)) return [`The app ${appId} is built in; an app of your own needs another id.`]
    drop(appId)
    const problems: string[] = []
    const taken: Tool[] = []
    for (const tool of wanted) {
      const why = refusal(tool, appId)
      if (why === null) {
        byId.set(tool.id, tool)
        byName.set(nameForModels(tool.id), tool)
        taken.push(tool)
      } else problems.push(why)
    }
    apps.set(appId, { name, tools: taken })
    changed()
    return problems
  }
  for (const [id, of] of Map.groupBy(tools, (tool) => appOf(tool.id))) {
    const [problem] = put({ id, name: appName(id), tools: of })
    if (problem !== undefined) throw new Error(problem)
  }
  for (const id of apps.keys()) fixed.add(id)
  const listing = (id: string): ToolListing | undefined => {
    const tool = byId.get(id)
    if (!tool) return undefined
    const known = listings.get(id) ?? listingOf(tool)
    listings.set(id, known)
    return known
  }
  const listed = (of: readonly Tool[]) => of.flatMap(({ id }) => listing(id) ?? [])
  return {
    all: () => (all ??= [...apps.values()].flatMap((app) => app.tools)),
    find: (id) => byId.get(id),
    byModelName: (name) => byName.get(name),
    modelName: nameForModels,
    describe() {
      return (descriptions ??= listed(this.all()).map(({ id, description, inputsSchema }) => ({
        name: nameForModels(id),
        description,
        inputSchema: inputsSchema,
      })))
    },
    listing,
    apps: () => [...apps].map(([id, app]) => ({ id, name: app.name, tools: listed(app.tools) })),
    put,
    remove(appId) {
      if (fixed.has(appId) || !apps.has(appId)) return
      drop(appId)
      changed()
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
