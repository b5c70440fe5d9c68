import type { Json } from '../types.ts'
import type { Catalog, Entry } from './catalog.ts'
import type { Clause } from './clauses.ts'
import { isContent } from './cues.ts'
import { fill, isQuotedPath } from './fill.ts'
import type { Property } from './schema.ts'
import type { SlotKind, Token } from './slots.ts'
import type { Source } from './types.ts'
import { isDeed, isQuestionWord, isStop, stem, synonyms } from './words.ts'

/** A tool tried on a clause. */
export interface Candidate {
  readonly entry: Entry
  readonly inputs: { readonly [name: string]: Json }
  readonly from: { readonly [name: string]: Source }
  readonly missing: readonly Property[]
  /** Nothing is missing and the inputs fit the tool's schema. */
  readonly fits: boolean
  /** Share of the clause's telling words that the tool accounts for, 0 to 1. */
  readonly explained: number
  /** Words that belong to other tools and that this one leaves unexplained. */
  readonly foreign: number
  /** Another app is named in what this tool would take as its input. */
  readonly elsewhere: boolean
  /** The clause opens with a deed this tool is asked for by. */
  readonly verb: boolean
  readonly score: number
}
export interface Earlier {
  readonly step: number
  readonly path: string | null
}
/** What a slot's form adds to the words searched for. */
const HINTS: Partial<Record<SlotKind, readonly string[]>> = {
  path: ['file'].map(stem),
  url: ['url', 'web', 'fetch'].map(stem),
  host: ['url', 'web', 'fetch'].map(stem),
  glob: ['file', 'pattern'].map(stem),
  email: ['email', 'mail'],
  code: ['command'],
  duration: ['minutes', 'timer'].map(stem),
}
const POINTERS = new Set([
  'them',
  'it',
  'that',
  'this',
  'those',
  'these',
  'result',
  'results',
  'output',
  'matches',
  'list',
  'contents',
  'content',
  'answer',
])
/** Deeds that ask to be shown something, whatever the tool that gives it. */
const SHOWING = new Set(['show', 'display', 'print', 'give', 'tell', 'view', 'see', 'get'])
/** Words that say how an input is given, whatever the tool. */
const FRAMING = new Set(['called', 'named', 'titled', 'saying', 'containing', 'new'])
const LIMIT = 8

/** The tools that may be meant by a clause, best first. `earlier` is the step that "it" or "them" points to. */
export function candidates(
  clause: Clause,
  catalog: Catalog,
  allowed: (entry: Entry) => boolean,
  earlier: Earlier | null,
  now: number | null,
): Candidate[] {
  const found = catalog.ranking.search(queryOf(clause, earlier), LIMIT, (document) => {
    const entry = catalog.entries[document]
    return entry !== undefined && allowed(entry)
  })
  const best = found[0]?.score ?? 1
  return found
    .flatMap(({ document, score }) => {
      const entry = catalog.entries[document]
      return entry ? [tried(entry, clause, score / best, earlier, now, catalog)] : []
    })
    .toSorted((a, b) => b.score - a.score)
}
function queryOf(clause: Clause, earlier: Earlier | null): Map<string, number> {
  const query = new Map<string, number>()
  const add = (word: string, weight: number): void => void query.set(word, Math.max(query.get(word) ?? 0, weight))
  if (earlier?.path && clause.link !== 'first' && clause.tokens.some((token) => POINTERS.has(token.lower))) add(stem('file'), 0.6)
  for (const [index, token] of clause.tokens.entries()) {
    if (token.slot) for (const hint of HINTS[isQuotedPath(token) ? 'path' : token.slot.kind] ?? []) add(hint, 0.6)
    else if (!isStop(token.lower) && /\w/.test(token.lower)) {
      add(token.stem, index === 0 ? 1.5 : 1)
      for (const other of synonyms(token.stem)) add(other, index === 0 ? 0.6 : 0.35)
    }
  }
  return query
}
function tried(entry: Entry, clause: Clause, rank: number, earlier: Earlier | null, now: number | null, catalog: Catalog): Candidate {
  const filled = fill({ text: clause.text, tokens: clause.tokens, properties: entry.properties(), vocabulary: entry.frame, acts: entry.acts, now })
  const pointed = pointing(clause, entry, filled.missing, filled.used, earlier)
  const inputs = { ...filled.inputs, ...pointed.inputs }
  const missing = filled.missing.filter((property) => !(property.name in inputs) && !(property.name in pointed.from))
  const probe = { ...inputs, ...Object.fromEntries(Object.keys(pointed.from).map((name) => [name, 'x'])) }
  const fits = missing.length === 0 && entry.fits(probe)
  const said = new Set(clause.tokens.map((token) => token.stem))
  const things = entry.own.filter((word) => !isDeed(word))
  // The tool's own name is in the request ("show git status").
  const isNamed = things.length > 0 && said.has(stem(entry.app)) && things.every((word) => said.has(word))
  const verb = hasVerb(entry, clause.tokens) || (!entry.acts && (isNamed || SHOWING.has(clause.tokens[0]?.lower ?? '')))
  // A number, path or quote that the tool has no use for speaks against it.
  const unused = clause.tokens.filter((token) => token.slot && token.slot.kind !== 'tag' && !filled.used.has(token)).length
  const boost = 0.8 ** Math.min(3, unused) * (isNamed ? 1.3 : 1) * (entry.own.includes(clause.tokens[0]?.stem ?? '') ? 1.05 : 1)
  const points = Object.keys(pointed.from).length + Object.keys(pointed.inputs).length > 0
  const { explained, foreign, elsewhere } = accounted(entry, clause, filled.used, catalog, points)
  const needs = entry.properties().some((property) => property.required)
  // What must be given and was given fits better than what may be left out.
  const unfinished = fits ? (needs ? 1 : 0.95) : 0.6
  return {
    entry,
    inputs,
    from: pointed.from,
    missing,
    fits,
    explained,
    foreign: foreign + (entry.acts ? unused : 0),
    elsewhere,
    verb,
    score:
      rank *
      boost *
      (0.3 + 0.7 * explained) *
      unfinished *
      (verb ? 1 : 0.7) *
      (foreign > 0 && (entry.acts || elsewhere) ? 0.6 : 1) *
      (entry.acts && clause.question ? 0.4 : 1),
  }
}
function hasVerb(entry: Entry, tokens: readonly Token[]): boolean {
  const head = tokens[0]
  if (!head || head.slot) return false
  if (entry.verbs.has(head.stem)) return true
  return isDeed(head.stem) && [...synonyms(head.stem)].some((word) => isDeed(word) && entry.verbs.has(word))
}
function accounted(
  entry: Entry,
  clause: Clause,
  used: ReadonlySet<Token>,
  catalog: Catalog,
  points: boolean,
): { explained: number; foreign: number; elsewhere: boolean } {
  const { tokens } = clause
  const commands = entry.properties().some((property) => property.kind === 'command')
  let elsewhere = false
  let foreign = 0
  let all = 0
  let explained = 0
  for (const [index, token] of tokens.entries()) {
    if (!token.slot && POINTERS.has(token.lower) && clause.link !== 'first') {
      all += 1
      explained += points || entry.vocabulary.has(token.stem) ? 1 : 0
      continue
    }
    if (
      !token.slot &&
      (isStop(token.lower) || isQuestionWord(token.lower) || (FRAMING.has(token.lower) && !used.has(token)) || !/\p{L}|\p{N}/u.test(token.lower))
    )
      continue
    const weight = token.slot ? 1.5 : index === 0 ? 1.2 : 1
    all += weight
    const same = (): boolean => [...synonyms(token.stem)].some((word) => entry.vocabulary.has(word) || entry.verbs.has(word))
    if (token.slot?.kind === 'tag' && token.slot.value.toLowerCase() === entry.app) explained += weight
    else if (!token.slot && (entry.vocabulary.has(token.stem) || entry.verbs.has(token.stem))) explained += weight
    else if (index === 0 && !entry.acts && SHOWING.has(token.lower)) explained += weight * 0.9
    else if (used.has(token)) {
      const otherApp = !token.slot && !commands && !['for', 'of', 'about'].includes(tokens[index - 1]?.lower ?? '') && catalog.apps.has(token.stem)
      elsewhere ||= otherApp
      foreign += otherApp ? 1 : 0
      explained += weight * (token.slot || commands ? 1 : otherApp ? 0.2 : 0.85)
    } else if (!token.slot && entry.frame.has(token.stem)) explained += weight * 0.75
    else if (!token.slot && same()) explained += weight * 0.8
    else if (!token.slot && catalog.ranking.idf(token.stem) === 0) explained += weight * 0.1
    else if (!token.slot) foreign += 1
  }
  return { explained: all === 0 ? 0 : Math.min(1, explained / all), foreign, elsewhere }
}
/** "write them to todo.md", "read it": inputs taken from the step before. */
function pointing(
  clause: Clause,
  entry: Entry,
  missing: readonly Property[],
  used: Set<Token>,
  earlier: Earlier | null,
): { inputs: { [name: string]: Json }; from: { [name: string]: Source } } {
  const pointer = clause.tokens.find((token) => !token.slot && !used.has(token) && POINTERS.has(token.lower))
  if (!earlier || !pointer || clause.link === 'first') return { inputs: {}, from: {} }
  const path = missing.find((property) => property.kind === 'path')
  if (path) return earlier.path === null ? { inputs: {}, from: {} } : { inputs: { [path.name]: earlier.path }, from: {} }
  const text = missing.filter((property) => property.kind === 'text')
  const target = text.find(isContent) ?? (text.length === 1 && !entry.acts && text[0]?.words.at(-1) !== 'id' ? text[0] : undefined)
  return target ? { inputs: {}, from: { [target.name]: { step: earlier.step, pick: 'text' } } } : { inputs: {}, from: {} }
}
