import { cuesOf, isContent } from './cues.ts'
import type { FillRequest, Filled, Take } from './fill-types.ts'
import type { Property } from './schema.ts'
import type { Token } from './slots.ts'
import { isDeed, isProgram, isQuestionWord, isStop, stem } from './words.ts'

const PREPOSITION = new Set(
  'in on at under inside within for from to with by of about as into until till via using over during near around'.split(' '),
)
const PLACES = new Set(['city', 'location', 'place', 'town', 'room', 'country', 'where'].map(stem))
/** Words that end the name of a place. */
const AFTER_PLACE = new Set('with for by until from to at and then when while as'.split(' '))
const EDGE = new Set([
  'please',
  'now',
  ',',
  ':',
  ';',
  '.',
  '!',
  '?',
  'called',
  'named',
  'titled',
  'saying',
  'that',
  'about',
  'right',
  'currently',
  'today',
  'next',
  'coming',
  'following',
])

/** Fills free-text inputs from the words that nothing else explains: "weather in Paris", "play bohemian rhapsody", "remember that I like tea". */
export function residue(request: FillRequest, state: Filled, open: readonly Property[], take: Take): void {
  for (const property of open) if (!property.required && property.kind === 'text') atPlace(property, request, state, take)
  const needed = open.filter((property) => property.required)
  const [only, ...more] = needed
  if (
    only?.kind === 'text' &&
    more.length === 0 &&
    only.words.at(-1) !== 'id' &&
    (afterColon(only, request, state, take) || asArgument(only, request, state, take))
  )
    return
  for (const property of needed) {
    if (property.kind === 'command') command(property, request, take)
    else
      words(
        property,
        request,
        state,
        needed.filter((other) => other !== property),
        take,
      )
  }
}
/** "… in the office": an optional place is taken where it is named at the end. */
function atPlace(property: Property, { tokens, text, vocabulary }: FillRequest, state: Filled, take: Take): void {
  if (!property.words.some((word) => PLACES.has(word))) return
  const at = tokens.findLastIndex((token) => !token.slot && (token.lower === 'in' || token.lower === 'at'))
  const rest = tokens.slice(at + 1).filter((token, index) => index > 0 || !/^(?:the|my|our|a)$/.test(token.lower))
  const [first, last] = [rest[0], rest.at(-1)]
  if (at < 0 || !first || !last || rest.length > 3) return
  if (rest.some((token) => token.slot || state.used.has(token) || isStop(token.lower) || vocabulary.has(token.stem))) return
  take(property, text.slice(first.start, last.end), ...rest)
}
/** "note to self: …", "translate to Spanish: …": what follows an early colon is the input. */
function afterColon(property: Property, { tokens, text }: FillRequest, state: Filled, take: Take): boolean {
  const colon = tokens.findIndex((token) => !token.slot && token.lower === ':')
  const taken = tokens.slice(colon + 1)
  const [first, last] = [taken[0], taken.at(-1)]
  if (colon < 1 || colon > 5 || !first || !last || taken.some((token) => state.used.has(token))) return false
  return take(property, text.slice(first.start, last.end), ...taken)
}
/** The request has the form of an example: what stands in the place of the example's words is the input. */
function asArgument(property: Property, request: FillRequest, state: Filled, take: Take): boolean {
  const { argument, text, tokens, vocabulary } = request
  const isWhole = isContent(property)
  const isEdge = (token: Token | undefined): boolean =>
    token !== undefined &&
    (state.used.has(token) || (!token.slot && (PREPOSITION.has(token.lower) || EDGE.has(token.lower) || (!isWhole && vocabulary.has(token.stem)))))
  let [from, to] = [0, argument.length]
  while (from < to && isEdge(argument[from])) from += 1
  while (to > from && isEdge(argument[to - 1]) && !isCompound(property, argument[to - 2], argument[to - 1], vocabulary)) to -= 1
  const taken = argument.slice(from, to)
  const [first, last] = [taken[0], taken.at(-1)]
  if (!first || !last || taken.some((token) => state.used.has(token) || (token.slot && !isWhole))) return false
  if (taken.every((token) => !token.slot && isStop(token.lower))) return false
  // "save the page https://… as a.txt" means what is there, not these words.
  if (isWhole && request.properties.some(({ kind }) => kind === 'path') && taken.some(({ slot }) => slot?.kind === 'url' || slot?.kind === 'path'))
    return false
  if (property.words.some((word) => PLACES.has(word)) && taken.some((token) => AFTER_PLACE.has(token.lower))) return false
  // Articles make no difference to the form, but they belong to a text.
  let begin = tokens.indexOf(first)
  if (isWhole) while (begin > 0 && /^(?:the|a|an|my|our|your)$/.test(tokens[begin - 1]?.lower ?? '')) begin -= 1
  return take(property, owned(text.slice(tokens[begin]?.start ?? first.start, last.end)), ...taken)
}
/** "Maria Lopez's phone number" is about Maria Lopez. */
const owned = (text: string): string => text.replace(/['’]s$/, '')
function command(property: Property, { text, tokens }: FillRequest, take: Take): void {
  let first = 1
  while (['command', 'the', ':'].includes(tokens[first]?.lower ?? '') && (tokens[first]?.lower !== 'the' || tokens[first + 1]?.lower === 'command'))
    first += 1
  const start = tokens[first]
  const program = start?.slot ? start.slot.kind === 'path' && /^\.{0,2}\//.test(start.slot.value) : isProgram(start?.lower ?? '')
  if (!start || !program) return
  const stop = tokens.findIndex(
    (token, index) => index > first && !token.slot && (token.lower === 'and' || token.lower === ',' || token.lower === 'please'),
  )
  const taken = tokens.slice(first, stop < 0 ? undefined : stop)
  const end = taken.at(-1)
  if (end) take(property, text.slice(start.start, end.end), ...taken)
}
function words(property: Property, request: FillRequest, state: Filled, rivals: readonly Property[], take: Take): void {
  const { tokens, vocabulary, acts, text, app } = request
  const cues = cuesOf(property)
  // A channel is named by its sign; a mere word may be anything.
  if (property.words.includes('channel') && !tokens.some((token) => token.lower === 'channel')) return
  const isCue = (token: Token | undefined): boolean =>
    token !== undefined && !token.slot && (cues.has(token.lower) || property.words.includes(token.stem))
  const rivalCue = (token: Token): boolean => rivals.some((rival) => cuesOf(rival).has(token.lower) || rival.words.includes(token.stem))
  const wholeRest = isContent(property)
  const isPlace = property.words.some((word) => PLACES.has(word))
  const usable = (token: Token): boolean =>
    !state.used.has(token) &&
    (wholeRest || !/^(?:is|are|was|were)$/.test(token.lower)) &&
    (!token.slot || (acts && !wholeRest ? ['number'] : ['number', 'date', 'duration', 'month', 'channel', 'path', 'tag']).includes(token.slot.kind))
  // A deed alone is no evidence: something else the tool is about must be named.
  const nouns = tokens.filter((token, index) => index > 0 && !token.slot && !isStop(token.lower) && vocabulary.has(token.stem))
  // The first word is a deed, unless a place stands there ("bedroom lights off").
  const opens = (token: Token): boolean =>
    !token.slot && isPlace && !isDeed(token.stem) && !isQuestionWord(token.lower) && !isStop(token.lower) && !vocabulary.has(token.stem)
  for (const run of runs(tokens, (token, index) => (index > 0 || opens(token)) && usable(token) && (wholeRest || !rivalCue(token) || isCue(token)))) {
    let marked = false
    let from = placed(property, run)
    if (from > 0) marked = true
    let before: Token | undefined = run[0] && tokens[tokens.indexOf(run[0]) - 1]
    // Words that frame the input are dropped; after a word that announces it, everything belongs to it.
    while (from < run.length) {
      const token = run[from]
      if (!token || token.slot) break
      if (marked && wholeRest && (/^(?:the|a)$/.test(token.lower) ? isCue(run[from + 1]) : token.lower === 'to')) {
        from += 1
        continue
      }
      if (/^(?:word|words|phrase|string|term)$/.test(token.lower) && run[from + 1] && !wholeRest) {
        from += 1
        continue
      }
      if (isCue(token)) marked = true
      else if (marked && !EDGE.has(token.lower) && (wholeRest || !isStop(token.lower))) break
      else if (!(EDGE.has(token.lower) || isStop(token.lower) || vocabulary.has(token.stem))) break
      before = token
      from += 1
      if (marked && wholeRest && (token.lower === 'that' || token.lower === ':')) break
    }
    let to = run.length
    const cut = isPlace ? run.findIndex((token, at) => at > from && !token.slot && AFTER_PLACE.has(token.lower)) : -1
    if (cut > 0) to = cut
    // "… on spotify" says where to search.
    const isApp = (token: Token | undefined): boolean =>
      token !== undefined &&
      token.lower === app.toLowerCase() &&
      /^(?:on|in|from|via|with|using)$/.test(tokens[tokens.indexOf(token) - 1]?.lower ?? '')
    const ends = (token: Token | undefined): boolean =>
      isApp(token) ||
      (isPlace && (token?.slot?.kind === 'date' || token?.slot?.kind === 'duration')) ||
      trailing(token, vocabulary, marked) ||
      (!wholeRest && token !== undefined && cues.has(token.lower))
    while (to > from && ends(run[to - 1]) && !isCompound(property, run[to - 2], run[to - 1], vocabulary)) to -= 1
    if (!wholeRest && run.slice(to).some(isCue)) marked = true
    const taken = run.slice(from, to)
    const [first, last] = [taken[0], taken.at(-1)]
    if (!first || !last || taken.every((token) => token.slot?.kind === 'path' || token.slot?.kind === 'tag')) continue
    const isAboutTool = nouns.some((token) => !taken.includes(token))
    if ((acts || isQuestionWord(tokens[0]?.lower ?? '')) && !marked && !isAboutTool) continue
    if (wholeRest && acts && !(marked || isCue(before) || (before !== undefined && isDeed(before.stem) && cues.has(before.lower)))) continue
    if (wholeRest && acts && /^(?:a|an|some|the|my)$/.test(tokens[tokens.indexOf(first) - 1]?.lower ?? '') && !marked) continue
    if (taken.every((token) => !token.slot && isStop(token.lower))) continue
    // An id is never made of ordinary words.
    if (property.words.at(-1) === 'id' && !(taken.length === 1 && /[\d_-]/.test(first.text))) continue
    const said = text.slice(first.start, last.end)
    take(property, last === run.at(-1) ? said : owned(said), ...taken, ...run.filter(isCue))
    return
  }
}
/** "the living room": a place's own word is a part of its name where another word stands before it. */
function isCompound(property: Property, before: Token | undefined, last: Token | undefined, vocabulary: ReadonlySet<string>): boolean {
  if (!last || !before || before.slot || !property.words.some((word) => PLACES.has(word))) return false
  return property.words.includes(last.stem) && !isStop(before.lower) && !vocabulary.has(before.stem)
}
/** Where an input begins in words that lead up to it ("be like in Porto", "get from Berlin"): after the preposition that is its own. */
function placed(property: Property, run: readonly Token[]): number {
  const isPlace = property.words.some((word) => PLACES.has(word))
  const own = property.words.filter((word) => PREPOSITION.has(word))
  const isOwn = (token: Token): boolean => !token.slot && (own.includes(token.lower) || (isPlace && /^(?:in|at|near)$/.test(token.lower)))
  const leads = (at: number): boolean => {
    const next = /^(?:the|an?)$/.test(run[at + 1]?.lower ?? '') ? run[at + 2] : run[at + 1]
    return next !== undefined && !next.slot && !EDGE.has(next.lower) && !isStop(next.lower)
  }
  return run.findLastIndex((token, index) => isOwn(token) && leads(index)) + 1
}
function trailing(token: Token | undefined, vocabulary: ReadonlySet<string>, keep: boolean): boolean {
  if (!token || token.slot) return false
  if (EDGE.has(token.lower) || PREPOSITION.has(token.lower) || /^(?:the|an?)$/.test(token.lower)) return true
  return !keep && (vocabulary.has(token.stem) || isStop(token.lower))
}
function runs(tokens: readonly Token[], usable: (token: Token, index: number) => boolean): Token[][] {
  const found: Token[][] = []
  let open: Token[] = []
  for (const [index, token] of tokens.entries()) {
    if (usable(token, index)) open.push(token)
    else if (open.length > 0) {
      found.push(open)
      open = []
    }
  }
  return open.length > 0 ? [...found, open] : found
}
