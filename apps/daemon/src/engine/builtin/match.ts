import type { Json } from '../types.ts'
import { accounted, isLosing, POINTERS, SHOWING } from './account.ts'
import type { Catalog, Entry } from './catalog.ts'
import type { Clause } from './clauses.ts'
import { isContent } from './cues.ts'
import { fill, isEnding, isIdentifier, isQuotedPath } from './fill.ts'
import { framed } from './frames.ts'
import type { Property } from './schema.ts'
import type { SlotKind, Token } from './slots.ts'
import type { Source } from './types.ts'
import { isDeed, isStop, stem, synonyms } from './words.ts'

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
  /** Words of the request that are the tool's own, or mean the same as one. */
  readonly named: number
  /** What it is to be done in, at or for is not understood. */
  readonly isLosing: boolean
  /** Another app is named in what this tool would take as its input. */
  readonly elsewhere: boolean
  /** The clause opens with a deed this tool is asked for by. */
  readonly verb: boolean
  /** How many of its first words are those of one of the tool's examples. */
  readonly opening: number
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
const LIMIT = 14

/** The tools that may be meant by a clause, best first. `earlier` is the step that "it" or "them" points to. */
export function candidates(
  clause: Clause,
  catalog: Catalog,
  allowed: (entry: Entry) => boolean,
  earlier: Earlier | null,
  now: number | null,
  isScoped: boolean,
): Candidate[] {
  const isOfFile = earlier?.path && clause.link !== 'first' && clause.tokens.some((token) => POINTERS.has(token.lower))
  const query = queryOf(clause.tokens)
  if (isOfFile) query.set(stem('file'), Math.max(query.get(stem('file')) ?? 0, 0.6))
  const found = catalog.ranking.search(query, LIMIT, (document) => {
    const entry = catalog.entries[document]
    return entry !== undefined && allowed(entry)
  })
  const best = found[0]?.score ?? 1
  // Within an app that is named, its tools are few and may be meant without a word of theirs.
  if (isScoped) {
    const hit = new Set(found.map(({ document }) => document))
    const others = catalog.entries.flatMap((entry, document) => (allowed(entry) && !hit.has(document) ? [{ document, score: best * 0.4 }] : []))
    found.push(...others.slice(0, LIMIT))
  }
  return found
    .flatMap(({ document, score }) => {
      const entry = catalog.entries[document]
      return entry ? [tried(entry, clause, score / best, earlier, now, catalog)] : []
    })
    .toSorted((a, b) => b.score - a.score)
}
/** What tools are searched for by: the telling words with their weights, words of like meaning, and what the forms of slots hint at. The first word counts most. */
export function queryOf(tokens: readonly Token[]): Map<string, number> {
  const query = new Map<string, number>()
  const add = (word: string, weight: number): void => void query.set(word, Math.max(query.get(word) ?? 0, weight))
  for (const [index, token] of tokens.entries()) {
    if (isIdentifier(token)) for (const hint of ['search', 'find', 'code'].map(stem)) add(hint, 0.8)
    if (token.slot) for (const hint of HINTS[isQuotedPath(token) ? 'path' : isEnding(token, tokens) ? 'glob' : token.slot.kind] ?? []) add(hint, 0.6)
    else if (!isStop(token.lower) && /\w/.test(token.lower)) {
      add(token.stem, index === 0 ? 1.5 : 1)
      for (const other of synonyms(token.stem)) add(other, index === 0 ? 0.6 : 0.35)
    }
  }
  return query
}
function tried(entry: Entry, clause: Clause, rank: number, earlier: Earlier | null, now: number | null, catalog: Catalog): Candidate {
  const { shared, argument, opening } = framed(clause.tokens, entry.forms())
  const filled = fill({
    text: clause.text,
    tokens: clause.tokens,
    properties: entry.properties(),
    vocabulary: entry.frame(),
    acts: entry.acts,
    now,
    argument,
    app: entry.app,
  })
  const pointed = pointing(clause, entry, filled.missing, filled.used, earlier)
  const inputs = { ...filled.inputs, ...pointed.inputs }
  const missing = filled.missing.filter((property) => !(property.name in inputs) && !(property.name in pointed.from))
  const probe = { ...inputs, ...Object.fromEntries(Object.keys(pointed.from).map((name) => [name, 'x'])) }
  const fits = missing.length === 0 && entry.fits(probe)
  const said = new Set(clause.tokens.map((token) => token.stem))
  const things = entry.own.filter((word) => !isDeed(word))
  // The tool's own name is in the request ("show git status").
  const isNamed = things.length > 0 && said.has(stem(entry.app)) && things.every((word) => said.has(word))
  const verb = hasVerb(entry, clause.tokens) || opening >= 2 || (!entry.acts && (isNamed || SHOWING.has(clause.tokens[0]?.lower ?? '')))
  // A number, path or quote that the tool has no use for speaks against it.
  const unused = clause.tokens.filter((token) => token.slot && token.slot.kind !== 'tag' && !filled.used.has(token)).length
  const isLike = clause.tokens.some(isIdentifier) && entry.forms().some((form) => form.some(isIdentifier)) ? 1.2 : 1
  const boost = isLike * 0.8 ** Math.min(3, unused) * (isNamed ? 1.3 : 1) * (entry.own.includes(clause.tokens[0]?.stem ?? '') ? 1.05 : 1)
  const points = Object.keys(pointed.from).length + Object.keys(pointed.inputs).length > 0
  const { explained, foreign, elsewhere, named } = accounted(entry, clause, new Set([...filled.used, ...shared]), filled.used, catalog, points)
  const needs = entry.properties().some((property) => property.required)
  // What must be given and was given fits better than what may be left out.
  const unfinished = fits ? (needs ? 1 : 0.95) : 0.5
  return {
    entry,
    inputs,
    from: pointed.from,
    missing,
    fits,
    explained,
    foreign: foreign + (entry.acts ? unused : 0),
    isLosing: isLosing(clause.tokens, entry, filled.used, catalog),
    elsewhere,
    named,
    verb,
    opening,
    score:
      rank *
      boost *
      shape(entry, inputs) *
      (1 + 0.1 * Math.min(3, opening)) *
      (0.3 + 0.7 * explained) *
      unfinished *
      (verb ? 1 : 0.7) *
      (foreign > 0 && (entry.acts || elsewhere) ? 0.6 : 0.9 ** foreign) *
      (entry.acts && clause.question ? 0.4 : 1),
  }
}
/** A name without an ending is rather a folder, one with an ending a file. */
function shape(entry: Entry, inputs: { readonly [name: string]: Json }): number {
  const path = entry.properties().find((property) => property.kind === 'path' && property.name in inputs)
  const value = path && inputs[path.name]
  if (!path || typeof value !== 'string') return 1
  const isFile = /\.\w{1,8}$/.test(value) || /^[A-Z]+$/.test(value)
  const kind = /\b(?:files?|folders?|director(?:y|ies))\b/i.exec(path.description)?.[0].toLowerCase()
  return kind !== undefined && isFile !== kind.startsWith('file') ? 0.8 : 1
}
function hasVerb(entry: Entry, tokens: readonly Token[]): boolean {
  const head = tokens[0]
  if (!head || head.slot) return false
  if (entry.verbs.has(head.stem)) return true
  return isDeed(head.stem) && [...synonyms(head.stem)].some((word) => isDeed(word) && entry.verbs.has(word))
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
