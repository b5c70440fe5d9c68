import { cuesOf, isContent } from './cues.ts'
import type { FillRequest, Filled, Take } from './fill-types.ts'
import type { Property } from './schema.ts'
import type { Token } from './slots.ts'
import { isDeed, isProgram, isQuestionWord, isStop } from './words.ts'

const PREPOSITION = new Set('in on at under inside within for from to with by of about as into until till via using'.split(' '))
const EDGE = new Set(['please', 'now', ',', ':', ';', '.', '!', '?', 'called', 'named', 'titled', 'saying', 'that', 'about'])

/** Fills free-text inputs from the words that nothing else explains: "weather in Paris", "play bohemian rhapsody", "remember that I like tea". */
export function residue(request: FillRequest, state: Filled, open: readonly Property[], take: Take): void {
  const needed = open.filter((property) => property.required)
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
  const { tokens, vocabulary, acts, text } = request
  const cues = cuesOf(property)
  const isCue = (token: Token | undefined): boolean =>
    token !== undefined && !token.slot && (cues.has(token.lower) || property.words.includes(token.stem))
  const rivalCue = (token: Token): boolean => rivals.some((rival) => cuesOf(rival).has(token.lower) || rival.words.includes(token.stem))
  const wholeRest = isContent(property)
  const usable = (token: Token): boolean =>
    !state.used.has(token) &&
    (wholeRest || !/^(?:is|are|was|were)$/.test(token.lower)) &&
    (!token.slot || (acts && !wholeRest ? ['number'] : ['number', 'date', 'duration', 'path', 'tag']).includes(token.slot.kind))
  // A deed alone is no evidence: something else the tool is about must be named.
  const noun = tokens.some((token, index) => index > 0 && !token.slot && !isStop(token.lower) && vocabulary.has(token.stem))
  for (const run of runs(tokens, (token, index) => index > 0 && usable(token) && (wholeRest || !rivalCue(token) || isCue(token)))) {
    let marked = false
    let from = 0
    let before: Token | undefined = run[0] && tokens[tokens.indexOf(run[0]) - 1]
    // Words that frame the input are dropped; after a word that announces it, everything belongs to it.
    while (from < run.length) {
      const token = run[from]
      if (!token || token.slot) break
      if (marked && wholeRest && (/^(?:the|a)$/.test(token.lower) ? isCue(run[from + 1]) : token.lower === 'to')) {
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
    const ends = (token: Token | undefined): boolean =>
      trailing(token, vocabulary, marked) || (!wholeRest && token !== undefined && cues.has(token.lower))
    while (to > from && ends(run[to - 1])) to -= 1
    if (!wholeRest && run.slice(to).some(isCue)) marked = true
    const taken = run.slice(from, to)
    const [first, last] = [taken[0], taken.at(-1)]
    if (!first || !last || taken.every((token) => token.slot?.kind === 'path' || token.slot?.kind === 'tag')) continue
    if ((acts || isQuestionWord(tokens[0]?.lower ?? '')) && !marked && !noun) continue
    if (wholeRest && acts && !(marked || isCue(before) || (before !== undefined && isDeed(before.stem) && cues.has(before.lower)))) continue
    if (wholeRest && acts && /^(?:a|an|some|the|my)$/.test(tokens[tokens.indexOf(first) - 1]?.lower ?? '') && !marked) continue
    if (taken.every((token) => !token.slot && isStop(token.lower))) continue
    // An id is never made of ordinary words.
    if (property.words.at(-1) === 'id' && !(taken.length === 1 && /[\d_-]/.test(first.text))) continue
    take(property, text.slice(first.start, last.end), ...taken, ...run.filter(isCue))
    return
  }
}
function trailing(token: Token | undefined, vocabulary: ReadonlySet<string>, keep: boolean): boolean {
  if (!token || token.slot) return false
  if (EDGE.has(token.lower) || PREPOSITION.has(token.lower)) return true
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
