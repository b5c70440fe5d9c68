import type { Json } from '../types.ts'
import { saysDay, writtenDate } from './dates.ts'
import type { Filled, FillRequest, Take } from './fill-types.ts'
import { residue } from './residue.ts'
import type { Property } from './schema.ts'
import { byNamedValue } from './named.ts'
import { durationMs } from './schema.ts'
import type { SlotKind, Token } from './slots.ts'
import { isDeed, stem, synonyms } from './words.ts'
import { cuesOf, isContent } from './cues.ts'

const KINDS: Partial<Record<Property['kind'], readonly SlotKind[]>> = {
  url: ['url', 'host'],
  email: ['email'],
  path: ['path', 'host'],
  date: ['date'],
  glob: ['glob'],
  month: ['month'],
  duration: ['duration', 'number'],
  number: ['number'],
  command: ['code', 'quoted'],
}
const CHANNEL: readonly SlotKind[] = ['channel']
const FOLDER_WORDS = new Set(['in', 'inside', 'within', 'under', 'into', 'from', 'of'])
const HERE = new Set(['here', 'project', 'workspace', 'repository', 'repo'])
const COUNT = new Set(['limit', 'count', 'max', 'number', 'n', 'amount', 'result', 'total', 'top', 'commit'])

/** Fills a tool's inputs from the slots and words of one clause. Takes only what the text says literally; what is required and unsaid is in `missing`. */
export function fill(request: FillRequest): Filled {
  const state: Filled = { inputs: {}, used: new Set(), missing: [] }
  const take = (property: Property, value: Json | undefined, ...tokens: readonly Token[]): boolean => {
    if (value === undefined) return false
    state.inputs[property.name] = value
    for (const token of tokens) state.used.add(token)
    return true
  }
  const open = (): Property[] => request.properties.filter((property) => !(property.name in state.inputs))
  for (const property of request.properties) if (property.named.length > 0) byNamedValue(property, request, take)
  for (const property of open()) byForm(property, request, state, take)
  revision(request, state, open(), take)
  identifier(request, state, open(), take)
  for (const property of open()) {
    const word = byPattern(property, request, state)
    if (word) take(property, word.text, word)
  }
  quoted(request, state, open(), take)
  for (const property of open()) if (property.kind === 'path') barePath(property, request, state, take)
  residue(
    request,
    state,
    open().filter((property) => ['text', 'command'].includes(property.kind) && property.named.length === 0),
    take,
  )
  for (const property of open()) {
    if (property.kind === 'list' || property.kind === 'object') nested(property, request, state, take)
    if (property.required && !(property.name in state.inputs) && !take(property, property.fallback)) state.missing.push(property)
  }
  return state
}

function byForm(property: Property, request: FillRequest, state: Filled, take: Take): void {
  if (property.kind === 'enum') return void byValue(property, request, take)
  if (property.kind === 'boolean') return void byYes(property, request, take)
  if (property.kind === 'date' && property.format !== null) return void byDate(property, request, state, take)
  const kinds = property.words.includes('channel') ? CHANNEL : KINDS[property.kind]
  if (!kinds || property.kind === 'command') return
  if (property.kind === 'glob') byEnding(property, request, take)
  if (property.name in state.inputs) return
  const free = request.tokens.filter(
    (token) =>
      token.slot &&
      (kinds.includes(token.slot.kind) || (property.kind === 'path' && isQuotedPath(token))) &&
      !state.used.has(token) &&
      !isEnding(token, request.tokens),
  )
  const rivals = request.properties.filter((other) => other.kind === property.kind && other !== property)
  const cued = free.find((token) => isCued(property, token, request.tokens))
  const unclaimed = free.find((token) => !rivals.some((rival) => isCued(rival, token, request.tokens)))
  const number = property.kind === 'number' || property.kind === 'duration'
  const token =
    cued ?? (number && !property.required && !property.words.some((word) => COUNT.has(word)) && property.kind === 'number' ? undefined : unclaimed)
  if (token?.slot && (property.pattern === null || property.pattern.test(token.slot.value)))
    take(property, asValue(property, token.slot.value, request.now), token)
}
/** A word that has the form its schema asks for, where no ordinary word has it ("NVDA"). */
function byPattern({ name, pattern, kind }: Property, { tokens }: FillRequest, state: Filled): Token | undefined {
  if (pattern === null || kind !== 'text' || name in state.inputs) return undefined
  const fits = tokens.filter(
    (token) => !token.slot && !state.used.has(token) && token.text.length <= 100 && pattern.test(token.text) && token.text.length > 1,
  )
  return fits.length === 1 ? fits[0] : undefined
}
/** A file's name in quotes: how a name with spaces is said. */
export const isQuotedPath = (token: Token): boolean => token.slot?.kind === 'quoted' && /^[\w ./@+-]*\w\.[a-z]\w{0,7}$/i.test(token.slot.value)
function asValue(property: Property, value: string, now: number | null): Json | undefined {
  if (property.kind === 'number') return property.integer && !Number.isInteger(Number(value)) ? undefined : Number(value)
  if (property.kind === 'duration') {
    const ms = durationMs(value)
    return ms === null ? undefined : ms / property.unitMs
  }
  if (property.kind === 'url') return /^[a-z][a-z0-9+-]*:/i.test(value) ? value : `https://${value}`
  if (property.kind === 'date' && property.format) return writtenDate(value, property.format, now) ?? undefined
  return value
}
/** A date and a clock time may be said in one ("friday at 12:30") and be two inputs: a time is also taken from what said the date. */
function byDate(property: Property, request: FillRequest, state: Filled, take: Take): void {
  const isClock = property.format === 'time' || property.format === 'clock'
  const said = request.tokens.filter((token) => token.slot?.kind === 'date' && (isClock || !state.used.has(token)))
  const rivals = request.properties.filter((other) => other.kind === 'date' && other !== property)
  const fits = said.filter((token) => isClock || rivals.length === 0 || saysDay(token.slot?.value ?? ''))
  const cued = fits.find((token) => isCued(property, token, request.tokens))
  const unclaimed = fits.toSorted((a, b) => Number(saysDay(b.slot?.value ?? '')) - Number(saysDay(a.slot?.value ?? '')))
  for (const token of isClock ? said : [...(cued ? [cued] : []), ...unclaimed])
    if (!(property.name in state.inputs)) take(property, asValue(property, token.slot?.value ?? '', request.now), token)
}
const ENDING = /^(?:ends?|ending|extension|suffix)$/
/** "files that end in .sql", ".sql files": an ending is a pattern of names, and no path. */
export function isEnding(token: Token, tokens: readonly Token[]): boolean {
  if (token.slot?.kind !== 'path' || !/^\.\w+$/.test(token.slot.value)) return false
  const at = tokens.indexOf(token)
  const near = [tokens[at - 1], tokens[at - 2]].map((one) => one?.lower ?? '')
  return near.some((word) => ENDING.test(word)) || /^files?$/.test(tokens[at + 1]?.lower ?? '')
}
function byEnding(property: Property, { tokens }: FillRequest, take: Take): void {
  const ending = tokens.find((token) => isEnding(token, tokens))
  const cues = tokens.filter((token) => !token.slot && ENDING.test(token.lower))
  if (ending?.slot) take(property, `*${ending.slot.value}`, ending, ...cues)
}
/** The one to three words before a slot, or the one after it, name the property. */
function isCued(property: Property, token: Token, tokens: readonly Token[]): boolean {
  const at = tokens.indexOf(token)
  const cues = cuesOf(property)
  for (const near of [tokens[at - 1], tokens[at - 2]]) {
    if (!near || near.slot) break
    if (cues.has(near.lower) || property.words.includes(near.stem)) return true
  }
  const after = tokens[at + 1]
  return after !== undefined && !after.slot && property.kind === 'number' && (property.words.includes(after.stem) || after.lower === property.name)
}
function byValue(property: Property, request: FillRequest, take: Take): void {
  const words = request.tokens.filter((token) => !token.slot || token.slot.kind === 'quoted')
  const said = property.values.filter((value) => typeof value === 'string').toSorted((a, b) => b.length - a.length)
  const found: { value: Json; hits: Token[] }[] = []
  for (const value of said) {
    const parts = value
      .toLowerCase()
      .split(/[\s_-]+/)
      .map(stem)
    const isPart = (token: Token, part: string): boolean => token.stem === part || token.slot?.value.toLowerCase() === value.toLowerCase()
    const exact = parts.map((part) => words.find((token) => isPart(token, part)))
    const hits = exact.every((hit) => hit !== undefined)
      ? exact
      : parts.map((part) => words.find((token) => synonyms(part).has(token.stem) && !isDeed(part)))
    // A value that is a mere verb or preposition ("to", "add") says nothing by being there, unless the input must be given.
    if (hits.every((hit) => hit !== undefined) && (property.required || value.length > 2)) found.push({ value, hits })
  }
  // Two values at once ("on and off") are no choice; a value inside a longer one is part of it.
  const [first, ...others] = found
  if (first && others.every(({ hits }) => hits.every((hit) => first.hits.includes(hit)))) take(property, first.value, ...first.hits)
}
function byYes(property: Property, { tokens }: FillRequest, take: Take): void {
  const plain = tokens.filter((token) => !token.slot)
  const yes = plain.find((token) => ['on', 'enable', 'true', 'yes'].includes(token.lower))
  const no = plain.find((token) => ['off', 'disable', 'false', 'no'].includes(token.lower))
  const named = property.words.map((word) => plain.find((token) => token.stem === word))
  const isNamed = named.every((token) => token !== undefined)
  if (property.required && (yes || no)) take(property, no === undefined, ...[no ?? yes].filter((token) => token !== undefined))
  else if (isNamed && !property.required)
    take(
      property,
      !(no || plain.some((token) => token.lower === 'not' || token.lower === 'without')),
      ...named.filter((token) => token !== undefined),
    )
}
function quoted(request: FillRequest, state: Filled, open: readonly Property[], take: Take): void {
  const fits = open.filter(
    (property) => ['text', 'command', 'glob', 'path'].includes(property.kind) || (property.kind === 'date' && property.format === null),
  )
  const marks = request.tokens.filter((token) => (token.slot?.kind === 'quoted' || token.slot?.kind === 'code') && !state.used.has(token))
  const isTopic = (token: Token): boolean => request.acts && request.tokens[request.tokens.indexOf(token) - 1]?.lower === 'about'
  const left = marks.filter((token) => {
    const property = fits.find((one) => !(one.name in state.inputs) && !(isTopic(token) && isContent(one)) && isCued(one, token, request.tokens))
    return !(property && token.slot && take(property, token.slot.value, token))
  })
  for (const token of left) {
    const property = fits.find(
      (one) =>
        one.required &&
        // "write about 'love'" wants a text made up, which nobody here can.
        !(isTopic(token) && isContent(one)) &&
        !(one.name in state.inputs) &&
        !(one.words.at(-1) === 'id' && isQuotedPath(token)) &&
        (one.kind !== 'command' || token.slot?.kind === 'code' || !request.acts || startsRun(request.tokens, token)),
    )
    if (property && token.slot) take(property, token.slot.value, token)
  }
  // A glob says its form itself and fits any pattern; an e-mail address, a path or a URL in a free text is what it is about.
  for (const token of request.tokens.filter((one) => one.slot && one.slot.kind === 'glob' && !state.used.has(one))) {
    const property = fits.find(
      (one) =>
        one.required &&
        !(one.name in state.inputs) &&
        (one.kind === 'glob' || (one.words.includes('pattern') && !/regular expression|regex|content|search for/i.test(one.description))),
    )
    if (property && token.slot) take(property, token.slot.value, token)
  }
  for (const token of request.tokens.filter((one) => one.slot && ['email', 'number'].includes(one.slot.kind) && !state.used.has(one))) {
    const property = fits.find((one) => one.kind === 'text' && !isContent(one) && !(one.name in state.inputs) && isCued(one, token, request.tokens))
    if (property && token.slot) take(property, token.slot.value, token)
  }
}
/** A commit's hash is known by its form. */
function revision({ tokens }: FillRequest, state: Filled, open: readonly Property[], take: Take): void {
  const hash = tokens.find((token) => /^(?=[a-f]*\d)[0-9a-f]{7,40}$/.test(token.lower) && !state.used.has(token))
  const property = open.find((one) => one.kind === 'text' && one.words.some((word) => /^(?:ref|commit|revision|sha|hash)$/.test(word)))
  if (hash && property) take(property, hash.slot?.value ?? hash.text, hash)
}
/** A name out of a program's text: `parseConfig`, `max_retries`. */
export const isIdentifier = (token: Token): boolean => !token.slot && /^[A-Za-z]\w*$/.test(token.text) && /[a-z][A-Z]|\w_\w/.test(token.text)
/** The only such name in a request is what is looked for. */
function identifier({ tokens, acts }: FillRequest, state: Filled, open: readonly Property[], take: Take): void {
  const names = tokens.filter((token) => isIdentifier(token) && !state.used.has(token))
  const property = open.find((one) => one.required && one.kind === 'text' && one.words.some((word) => /^(?:pattern|query|symbol)$/.test(word)))
  const isQuoted = tokens.some((token) => token.slot?.kind === 'quoted' || token.slot?.kind === 'code')
  if (names.length === 1 && names[0] && property && !acts && !isQuoted) take(property, names[0].text, names[0])
}
const startsRun = (tokens: readonly Token[], token: Token): boolean => tokens.indexOf(token) <= 3
/** "in src", "the src folder", "a file called notes", "here". */
function barePath(property: Property, { tokens }: FillRequest, state: Filled, take: Take): void {
  for (const [index, token] of tokens.entries()) {
    if (token.slot || state.used.has(token) || !/^[\w.-]+$/.test(token.text)) continue
    const [before, article, after] = [tokens[index - 1], tokens[index - 2], tokens[index + 1]]
    const isFolderNoun = after !== undefined && /^(?:folders?|directory|dir)$/.test(after.lower)
    const introduced =
      before !== undefined &&
      !before.slot &&
      (FOLDER_WORDS.has(before.lower) ||
        (before.lower === 'the' && FOLDER_WORDS.has(article?.lower ?? '')) ||
        /^(?:folder|directory|dir|called|named)$/.test(before.lower))
    if (
      HERE.has(token.lower) ||
      /^(?:the|this|that|my|file|files|folder|directory|current|a|an|it|them|all|every|each|total|background)$/.test(token.lower)
    )
      continue
    if (isFolderNoun || (introduced && (after === undefined || after.slot !== undefined || /^(?:for|and|that|with|as|,)$/.test(after.lower))))
      return void take(property, token.text, token)
  }
  const here = tokens.find((token) => HERE.has(token.lower) || token.lower === 'current')
  if (here && property.required) take(property, '.', here)
}
/** A list takes one item or every slot of its form; an object takes its own inputs. */
function nested(property: Property, request: FillRequest, state: Filled, take: Take): void {
  const inner = property.kind === 'object' ? property.inner : (property.inner[0]?.inner ?? [])
  const item = property.inner[0]
  if (inner.length > 0) {
    if (!property.required) return
    const part = fill({ ...request, tokens: request.tokens.filter((token) => !state.used.has(token)), properties: inner })
    if (part.missing.length === 0 && Object.keys(part.inputs).length > 0)
      take(property, property.kind === 'list' ? [part.inputs] : part.inputs, ...part.used)
    return
  }
  if (property.kind !== 'list' || !item) return
  const kinds = KINDS[item.kind] ?? ['quoted', 'code']
  const tokens = request.tokens.filter((token) => token.slot && kinds.includes(token.slot.kind) && !state.used.has(token))
  const values = tokens.map((token) => asValue(item, token.slot?.value ?? '', request.now)).filter((value) => value !== undefined)
  if (values.length > 0 && (property.required || tokens.some((token) => isCued(property, token, request.tokens)))) take(property, values, ...tokens)
}
