import type { Json } from '../engine/types.ts'
import { entityRepair } from './entities.ts'
import type { Place } from './locate.ts'
import { findMeantTool } from './names.ts'
import type { Registry } from './registry.ts'
import type { Tool } from './tool.ts'

/** A call as it will be recorded, judged and run. `repairs` says in words what was changed; empty when nothing was. */
export interface RepairedCall {
  readonly tool: Tool | undefined
  readonly input: Json
  readonly repairs: readonly string[]
}

/** Names of inputs that models know from elsewhere; used only where a tool has the one and not the other. */
const inputAliases: Readonly<Record<string, readonly string[]>> = {
  path: ['file_path', 'filePath', 'filepath', 'filename', 'file', 'directory_path', 'directory', 'dir'],
  content: ['contents', 'text', 'file_text'],
  oldText: ['old_string', 'oldString', 'old_str', 'old_text'],
  newText: ['new_string', 'newString', 'new_str', 'new_text'],
  replaceAll: ['replace_all'],
  startLine: ['start_line', 'offset'],
  lineCount: ['line_count', 'limit'],
  command: ['cmd', 'script'],
  background: ['run_in_background', 'runInBackground'],
  timeoutMs: ['timeout', 'timeout_ms'],
  pattern: ['query', 'regex'],
  ignoreCase: ['case_insensitive', 'ignore_case'],
}
const maxDepth = 10

type JsonObject = { [key: string]: Json }
const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The types a schema allows, looking into its alternatives. */
const typesOf = (schema: JsonObject): string[] => {
  if (typeof schema['type'] === 'string') return [schema['type']]
  if (Array.isArray(schema['type'])) return schema['type'].filter((type) => typeof type === 'string')
  return (Array.isArray(schema['anyOf']) ? schema['anyOf'] : []).filter(isObject).flatMap(typesOf)
}

/** A text that stands where the schema wants no text, read as what it wants. Undefined when it cannot be read so. */
const unwrapped = (text: string, types: readonly string[]): Json | undefined => {
  const value = parsed(text.trim())
  if (Array.isArray(value)) return types.includes('array') ? value : undefined
  if (isObject(value)) return types.includes('object') ? value : undefined
  if (typeof value === 'number') return types.includes('number') || (types.includes('integer') && Number.isInteger(value)) ? value : undefined
  return typeof value === 'boolean' && types.includes('boolean') ? value : undefined
}

const renamed = (value: JsonObject, properties: JsonObject, repairs: string[]): JsonObject => {
  const result = { ...value }
  for (const [name, others] of Object.entries(inputAliases)) {
    const other =
      Object.hasOwn(properties, name) && !Object.hasOwn(result, name)
        ? others.find((alias) => Object.hasOwn(result, alias) && !Object.hasOwn(properties, alias))
        : undefined
    if (other === undefined) continue
    result[name] = result[other] ?? null
    delete result[other]
    repairs.push(`${other} was taken as ${name}`)
  }
  return result
}

const fitted = (value: Json, schema: Json | undefined, where: string, depth: number, repairs: string[]): Json => {
  if (!isObject(schema) || depth > maxDepth) return value
  if (typeof value === 'string') {
    const types = typesOf(schema)
    const inner = types.length === 0 || types.includes('string') ? undefined : unwrapped(value, types)
    if (inner === undefined) return value
    repairs.push(`${where} was text and was read as JSON`)
    return fitted(inner, schema, where, depth + 1, repairs)
  }
  if (Array.isArray(value)) return value.map((item, index) => fitted(item, schema['items'], `${where}[${index}]`, depth + 1, repairs))
  const properties = schema['properties']
  if (!isObject(value) || !isObject(properties)) return value
  const entries = Object.entries(renamed(value, properties, repairs)).map(
    ([key, item]) => [key, Object.hasOwn(properties, key) ? fitted(item, properties[key], key, depth + 1, repairs) : item] as const,
  )
  return Object.fromEntries(entries)
}

/**
 * Puts right what models often get slightly wrong, before the input is checked: the tool's name, inputs by other names, JSON given as text where the
 * schema wants a value, HTML entities in an edit whose text is only found without them. It never guesses content: what is still wrong is refused after it.
 * The repaired call is the one to record, to show and to run. Reads files for edits, changes nothing, never throws for a bad call.
 */
export const repairCall = async (call: { readonly name: string; readonly input: Json }, registry: Registry, at: Place): Promise<RepairedCall> => {
  const tool = findMeantTool(call.name, registry)
  if (tool === undefined) return { tool, input: call.input, repairs: [] }
  const name = registry.modelName(tool.id)
  const repairs = name === call.name || tool.id === call.name ? [] : [`${call.name} was taken as ${name}`]
  const schema = registry.describe().find((description) => description.name === name)?.inputSchema
  const given = call.input === null || call.input === '' ? {} : call.input
  const input = fitted(given, schema, 'the input', 0, repairs)
  const decoded = await entityRepair(tool.id, input, at)
  return decoded === null ? { tool, input, repairs } : { tool, input: decoded, repairs: [...repairs, 'HTML entities in the edit were decoded'] }
}
