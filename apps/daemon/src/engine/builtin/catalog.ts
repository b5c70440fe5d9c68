import type { Json } from '../types.ts'
import type { Ranking } from './bm25.ts'
import { rankBy } from './bm25.ts'
import { fill } from './fill.ts'
import { formsOf } from './frames.ts'
import type { Property } from './schema.ts'
import { checker, properties } from './schema.ts'
import type { Token } from './slots.ts'
import { tokenise } from './slots.ts'
import type { PlannerTool } from './types.ts'
import { isDeed, isStop, stem, stems, tellingStems, wordsOf } from './words.ts'

/** A tool with what planning needs of it; the costly parts are made on first use. */
export interface Entry {
  readonly tool: PlannerTool
  readonly app: string
  /** Words of its id, examples and inputs. */
  readonly vocabulary: ReadonlySet<string>
  /** Words that frame an input and are no part of it: of its id, description and inputs, and those that its examples share. */
  frame(): ReadonlySet<string>
  /** Deeds it is asked for by: in its id, or opening an example or the description. */
  readonly verbs: ReadonlySet<string>
  /** Those of them that are verbs for certain. */
  readonly deeds: ReadonlySet<string>
  /** Words of its own name after the app's. */
  readonly own: readonly string[]
  readonly acts: boolean
  /** Words of the descriptions of its inputs, and of the other tools of its app: said in a request, they do not speak against it. */
  readonly hints: ReadonlySet<string>
  /** Its examples, cut into words. */
  forms(): readonly (readonly Token[])[]
  properties(): readonly Property[]
  fits(value: Json): boolean
}
export interface Catalog {
  readonly entries: readonly Entry[]
  readonly ranking: Ranking
  /** Deeds that some tool is asked for by. */
  readonly verbs: ReadonlySet<string>
  /** Words that examples open with where a text of the person's own follows ("note that …"). */
  readonly tellers: ReadonlySet<string>
  /** Stems of the apps' names. */
  readonly apps: ReadonlySet<string>
}
const known = new WeakMap<readonly PlannerTool[], Catalog>()

/** The index of a list of tools, built once for each array (an array is taken to be unchanging). */
export function catalogOf(tools: readonly PlannerTool[]): Catalog {
  const found = known.get(tools)
  if (found) return found
  const byApp = Map.groupBy(tools, appOf)
  const shared = new Map(
    [...byApp].map(([app, of]) => [
      app,
      new Set(of.flatMap((tool) => [tool.title ?? '', summaryOf(tool.description), ...tool.examples.map(unquoted)].flatMap(tellingStems))),
    ]),
  )
  const entries = tools.map((tool) => entryOf(tool, shared.get(appOf(tool)) ?? new Set()))
  const catalog = {
    entries,
    ranking: rankBy(entries.map((entry) => wordCounts(entry.tool))),
    verbs: new Set(entries.flatMap((entry) => [...entry.deeds])),
    tellers: new Set(
      tools.flatMap((tool) =>
        tool.examples.flatMap((example) => (/^\w+(?: \w+){0,2}(?: that\b|:)/.test(example) ? [stem(wordsOf(example)[0] ?? '')] : [])),
      ),
    ),
    apps: new Set(entries.map((entry) => stem(entry.app.toLowerCase()))),
  }
  known.set(tools, catalog)
  return catalog
}
const appOf = (tool: PlannerTool): string => tool.id.split('.')[0] ?? ''
function entryOf(tool: PlannerTool, ofApp: ReadonlySet<string>): Entry {
  const [app = '', ...rest] = tool.id.split('.')
  const own = wordsOf(rest.join(' ')).map(stem)
  const heads = [tool.description, ...tool.examples].map((text) => wordsOf(text).find((word) => !isStop(word)) ?? '').map(stem)
  const names = inputsOf(tool.inputsSchema).map(([name]) => name)
  const vocabulary = new Set(
    [tool.id, tool.title ?? '', ...tool.examples.map(unquoted), ...names, ...namedWords(tool.inputsSchema)].flatMap(tellingStems),
  )
  const inputWords = inputsOf(tool.inputsSchema).flatMap(([, input]) =>
    isRecord(input) && typeof input['description'] === 'string' ? tellingStems(input['description']) : [],
  )
  // "Locks a door." of `lockDoor`: a name that the description opens with, in the third person, is a deed.
  const named = own[0] !== undefined && stem(wordsOf(tool.description)[0] ?? '') === own[0] ? [own[0]] : []
  let inputs: readonly Property[] | undefined
  let forms: readonly (readonly Token[])[] | undefined
  let check: ((value: Json) => boolean) | undefined
  let frame: ReadonlySet<string> | undefined
  const entry: Entry = {
    tool,
    app,
    vocabulary,
    frame: () => (frame ??= frameOf(entry)),
    own,
    verbs: new Set([...own.filter(isDeed), ...heads]),
    deeds: new Set([...own, ...heads].filter((word) => isDeed(word) || named.includes(word))),
    hints: new Set([...inputWords, ...[...ofApp].filter((word) => !isDeed(word))]),
    forms: () => (forms ??= formsOf(tool.examples)),
    acts: tool.risk !== 'read' && tool.risk !== 'network',
    properties: () => (inputs ??= properties(tool.inputsSchema)),
    fits: (value) => (check ??= checker(tool.inputsSchema))(value),
  }
  return entry
}
/** Words of its id, first sentence and inputs, and those that several of its examples share, except where they are the value of an input there. */
function frameOf(entry: Entry): ReadonlySet<string> {
  const { tool } = entry
  const sure = new Set([tool.id, summaryOf(tool.description), ...inputsOf(tool.inputsSchema).map(([name]) => name)].flatMap(stems))
  const counts = new Map<string, number>()
  for (const example of tool.examples) for (const word of new Set(stems(example))) counts.set(word, (counts.get(word) ?? 0) + 1)
  const request = { properties: entry.properties(), vocabulary: sure, acts: entry.acts, now: null, argument: [], app: entry.app }
  const values = new Set(
    tool.examples.flatMap((text) => {
      const { used } = fill({ ...request, text, tokens: tokenise(text) })
      return [...used].filter((token) => !token.slot && !isStop(token.lower)).map((token) => token.stem)
    }),
  )
  return new Set([...sure, ...[...counts].filter(([word, count]) => count > 1 && !values.has(word)).map(([word]) => word)])
}
/** An example without what it quotes: those words are a value and none of the tool's. */
const unquoted = (example: string): string => example.replaceAll(/"[^"]*"|“[^”]*”|`[^`]*`|(?<!\p{L})'[^']*'(?!\p{L})/gu, ' ')
/** The first sentence says what a tool does; the rest is how to use it. */
const summaryOf = (description: string): string => /^[\s\S]*?(?:[.!?](?=\s|$)|\n)/.exec(description)?.[0] ?? description
/** Words that the inputs give values to. */
function namedWords(schema: Json): string[] {
  return inputsOf(schema).flatMap(([, input]) =>
    isRecord(input) && isRecord(input['x-steward-values']) ? Object.keys(input['x-steward-values']) : [],
  )
}
const inputsOf = (schema: Json): [string, Json][] => (isRecord(schema) && isRecord(schema['properties']) ? Object.entries(schema['properties']) : [])
const isRecord = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)
function wordCounts(tool: PlannerTool): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (text: string, weight: number): void => {
    for (const word of tellingStems(text)) counts.set(word, (counts.get(word) ?? 0) + weight)
  }
  add(tool.id, 3)
  add(tool.title ?? '', 1)
  add(summaryOf(tool.description), 1)
  add(tool.description.slice(summaryOf(tool.description).length), 0.3)
  for (const example of tool.examples) add(unquoted(example), 2)
  for (const words of namedWords(tool.inputsSchema)) add(words, 1)
  for (const [name] of inputsOf(tool.inputsSchema)) add(name, 0.5)
  return counts
}
