import type { Catalog, Entry } from './catalog.ts'
import type { Clause } from './clauses.ts'
import type { Token } from './slots.ts'
import { isDeed, isQuestionWord, isStop, isUnit, synonyms } from './words.ts'

/** Words that point to what an earlier step gave. */
export const POINTERS = new Set([
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
export const SHOWING = new Set(['show', 'display', 'print', 'give', 'tell', 'view', 'see', 'get'])
/** Words that say how an input is given, whatever the tool. */
const FRAMING = new Set(['called', 'named', 'titled', 'saying', 'containing', 'new'])
/** Words that add nothing to what is asked. */
const ADVERBS = new Set('like right currently really actually again maybe quickly quick lately immediately'.split(' '))

const QUALIFYING = new Set(['in', 'at', 'on', 'of', 'for', 'with', 'by', 'from', 'near'])
/** "… in the office": a word after such a preposition that is no input and nobody's word changes what is asked for. */
export function isLosing(tokens: readonly Token[], entry: Entry, used: ReadonlySet<Token>, catalog: Catalog): boolean {
  return tokens.some((token, index) => {
    if (token.slot || used.has(token) || isStop(token.lower) || catalog.ranking.idf(token.stem) > 0 || entry.hints.has(token.stem)) return false
    const [before, earlier] = [tokens[index - 1], tokens[index - 2]]
    const preposition = before && /^(?:the|a|an|my|our)$/.test(before.lower) ? earlier : before
    return preposition !== undefined && !preposition.slot && QUALIFYING.has(preposition.lower)
  })
}
/**
 * How far a tool accounts for the words of a clause: the share of what they weigh (0 to 1), how many speak for another tool, whether another app is
 * named in what would be an input, and how many words are the tool's own. `used` became inputs; `known` stand in an example too.
 */
export function accounted(
  entry: Entry,
  clause: Clause,
  known: ReadonlySet<Token>,
  used: ReadonlySet<Token>,
  catalog: Catalog,
  points: boolean,
): { explained: number; foreign: number; elsewhere: boolean; named: number } {
  const { tokens } = clause
  const colon = tokens.findIndex((token) => !token.slot && token.lower === ':')
  const commands = entry.properties().some((property) => property.kind === 'command')
  let elsewhere = false
  let named = 0
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
      (isStop(token.lower) ||
        (ADVERBS.has(token.lower) && !used.has(token)) ||
        isQuestionWord(token.lower) ||
        (FRAMING.has(token.lower) && !used.has(token)) ||
        !/\p{L}|\p{N}/u.test(token.lower))
    )
      continue
    const weight = token.slot ? 1.5 : index === 0 ? 1.2 : 1
    all += weight
    const same = (): boolean => [...synonyms(token.stem)].some((word) => entry.vocabulary.has(word) || entry.verbs.has(word))
    const isOwn = entry.vocabulary.has(token.stem) || entry.verbs.has(token.stem)
    if (!token.slot && (isOwn || (known.has(token) && !used.has(token)) || same())) named += 1
    if (token.slot?.kind === 'tag' && token.slot.value.toLowerCase() === entry.app) explained += weight
    else if (!token.slot && (isOwn || (known.has(token) && !used.has(token)))) explained += weight
    else if (index === 0 && !entry.acts && SHOWING.has(token.lower)) explained += weight * 0.9
    else if (used.has(token)) {
      const otherApp = !token.slot && !commands && !['for', 'of', 'about'].includes(tokens[index - 1]?.lower ?? '') && catalog.apps.has(token.stem)
      elsewhere ||= otherApp
      foreign += otherApp ? 1 : 0
      // A word of other tools inside what is searched for: rather one of them is meant.
      const likely = entry.acts || catalog.ranking.idf(token.stem) === 0 ? 0.85 : 0.75
      explained += weight * (token.slot || commands ? 1 : otherApp ? 0.2 : likely)
    } else if (!token.slot && entry.frame().has(token.stem)) explained += weight * 0.75
    else if (!token.slot && same()) explained += weight * 0.8
    else if (!token.slot && isUnit(token.lower) && tokens[index - 1]?.slot?.kind === 'number' && used.has(tokens[index - 1] ?? token))
      explained += weight * 0.9
    else if (!token.slot && entry.hints.has(token.stem)) explained += weight * 0.6
    else if (!token.slot && index > 0 && index < colon && colon <= 5 && !isDeed(token.stem) && catalog.ranking.idf(token.stem) === 0) all -= weight
    else if (!token.slot && catalog.ranking.idf(token.stem) === 0) explained += weight * 0.1
    else if (!token.slot) foreign += 1
  }
  return { explained: all === 0 ? 0 : Math.min(1, explained / all), foreign, elsewhere, named }
}
