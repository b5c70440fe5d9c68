import type { Json } from '../types.ts'
import type { Ranking } from './bm25.ts'
import { rankBy } from './bm25.ts'
import type { Property } from './schema.ts'
import { checker, properties } from './schema.ts'
import type { PlannerTool } from './types.ts'
import { isDeed, isStop, stem, stems, wordsOf } from './words.ts'

/** A tool with what planning needs of it; the costly parts are made on first use. */
export interface Entry {
  readonly tool: PlannerTool
  readonly app: string
  /** Words of its id, examples and inputs. */
  readonly vocabulary: ReadonlySet<string>
  /** Words that frame an input and are no part of it: of its id, description and inputs, and those that its examples share. */
  readonly frame: ReadonlySet<string>
  /** Deeds it is asked for by: in its id, or opening an example or the description. */
  readonly verbs: ReadonlySet<string>
  /** Words of its own name after the app's. */
  readonly own: readonly string[]
  readonly acts: boolean
  properties(): readonly Property[]
  fits(value: Json): boolean
}
export interface Catalog {
  readonly entries: readonly Entry[]
  readonly ranking: Ranking
  readonly verbs: ReadonlySet<string>
  /** Stems of the apps' names. */
  readonly apps: ReadonlySet<string>
}
const known = new WeakMap<readonly PlannerTool[], Catalog>()

/** The index of a list of tools, built once for each array (an array is taken to be unchanging). */
export function catalogOf(tools: readonly PlannerTool[]): Catalog {
  const found = known.get(tools)
  if (found) return found
  const entries = tools.map(entryOf)
  const catalog = {
    entries,
    ranking: rankBy(entries.map((entry) => wordCounts(entry.tool))),
    verbs: new Set(entries.flatMap((entry) => [...entry.verbs])),
    apps: new Set(entries.map((entry) => stem(entry.app.toLowerCase()))),
  }
  known.set(tools, catalog)
  return catalog
}
function entryOf(tool: PlannerTool): Entry {
  const [app = '', ...rest] = tool.id.split('.')
  const own = wordsOf(rest.join(' ')).map(stem)
  const heads = [tool.description, ...tool.examples].map((text) => wordsOf(text).find((word) => !isStop(word)) ?? '').map(stem)
  const names = isRecord(tool.inputsSchema) && isRecord(tool.inputsSchema['properties']) ? Object.keys(tool.inputsSchema['properties']) : []
  const vocabulary = new Set([tool.id, ...tool.examples, ...names].flatMap(stems).filter((word) => !isStop(word)))
  const shared = tool.examples
    .map((example) => new Set(stems(example)))
    .reduce<Map<string, number>>((counts, words) => {
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
      return counts
    }, new Map())
  const frame = new Set([
    ...[tool.id, summaryOf(tool.description), ...names].flatMap(stems),
    ...[...shared].filter(([, count]) => count > 1).map(([word]) => word),
  ])
  let inputs: readonly Property[] | undefined
  let check: ((value: Json) => boolean) | undefined
  return {
    tool,
    app,
    vocabulary,
    frame,
    own,
    verbs: new Set([...own.filter(isDeed), ...heads]),
    acts: tool.risk !== 'read' && tool.risk !== 'network',
    properties: () => (inputs ??= properties(tool.inputsSchema)),
    fits: (value) => (check ??= checker(tool.inputsSchema))(value),
  }
}
/** The first sentence says what a tool does; the rest is how to use it. */
const summaryOf = (description: string): string => /^[\s\S]*?(?:[.!?](?=\s|$)|\n)/.exec(description)?.[0] ?? description
const isRecord = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)
function wordCounts(tool: PlannerTool): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (text: string, weight: number): void => {
    for (const word of stems(text)) if (!isStop(word)) counts.set(word, (counts.get(word) ?? 0) + weight)
  }
  add(tool.id, 3)
  add(summaryOf(tool.description), 1)
  add(tool.description.slice(summaryOf(tool.description).length), 0.3)
  for (const example of tool.examples) add(example, 2)
  if (isRecord(tool.inputsSchema) && isRecord(tool.inputsSchema['properties']))
    for (const name of Object.keys(tool.inputsSchema['properties'])) add(name, 0.5)
  return counts
}
