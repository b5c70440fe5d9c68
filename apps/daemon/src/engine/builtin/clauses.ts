import type { Token } from './slots.ts'
import { tokenise } from './slots.ts'
import { isDeed, isProgram, isQuestionWord, isThing, phrasal, stem } from './words.ts'

/** One wish of a request. `tokens` are without courtesies; `link` says how it hangs on the one before. */
export interface Clause {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly link: 'first' | 'then' | 'and'
  readonly question: boolean
  readonly negated: boolean
  readonly conditional: boolean
  /** Asks how or whether something is done; never a wish to have it done. */
  readonly hypothetical: boolean
  /** Tells how something is ("it's too warm"), and wishes nothing unless a tool is asked for so. */
  readonly remark: boolean
}
const COURTESY = new Set(
  "please hey hi hello ok okay so now kindly just also then steward and , thanks well first next finally afterwards lets let's".split(' '),
)
const TAIL = new Set('please thanks . ! ? , ; : and then'.split(' '))
const MODAL = new Set(['can', 'could', 'would', 'will'])
const OPENERS = new Set("i we i'd we'd can could may let give".split(' '))
const AUXILIARY = new Set('is are was were does do did has have should shall'.split(' '))
const TELLING = new Set('add create new remember note remind tell say send write ask save'.split(' '))
const OPENER = new Set('that saying says say todo todos task reminder to :'.split(' '))
const THEN = new Set(['then', 'afterwards', 'finally'])
const SENTENCE = new Set(['.', '!', '?', ';'])

/** Cuts a request into its wishes. Words after an opener of free text ("remember that …", "add todo …") stay whole, so that nothing inside them is taken for a wish. */
export function clauses(text: string, isVerb: (stem: string) => boolean = () => false, isTeller: (stem: string) => boolean = () => false): Clause[] {
  const found: Clause[] = []
  let open: Token[] = []
  let link: Clause['link'] = 'first'
  const close = (next: Clause['link'], end?: Token): void => {
    const clause = asClause(text, end ? [...open, end] : open, found.length === 0 ? 'first' : link, isTeller)
    if (clause) found.push(...spread(clause))
    open = []
    link = next
  }
  const tokens = tokenise(text)
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    if (open.length === 0 && isJoint(token)) continue
    if (!token.slot && SENTENCE.has(token.lower)) close('then', token)
    else if (!token.slot && !isFreeText(open, tokens.slice(index), isTeller) && THEN.has(token.lower) && open.length > 0) close('then')
    else if (isJoint(token) && !isFreeText(open, tokens.slice(index), isTeller) && startsWish(tokens, index + 1, isVerb))
      close(next && THEN.has(next.lower) ? 'then' : 'and')
    else if (isJoint(token) && next && !next.slot && isProgram(next.lower) && isRun(open)) {
      // "run npm test and npm run lint" is two runs.
      const head = trim(open)[0]
      close('then')
      if (head) open.push(head)
    } else open.push(token)
  }
  close('then')
  return found
}
const isRun = (tokens: readonly Token[]): boolean => ['run', 'execute'].includes(trim(tokens)[0]?.lower ?? '')
const isJoint = (token: Token): boolean => !token.slot && (token.lower === 'and' || token.lower === ',')

function startsWish(tokens: readonly Token[], from: number, isVerb: (stem: string) => boolean): boolean {
  let at = from
  while (tokens[at] && !tokens[at]?.slot && COURTESY.has(tokens[at]?.lower ?? '')) at += 1
  const word = tokens[at]
  if (!word || word.slot) return false
  // "with subject 'a' and message 'b'" names an input, not a deed.
  if (
    tokens[at + 1]?.slot?.kind === 'quoted' &&
    tokens.slice(0, from).some((token) => token.lower === 'with') &&
    !['replace', 'search', 'find'].includes(word.lower)
  )
    return false
  // "… and file b.txt": a thing, unless an object of its own follows.
  if (isThing(word.stem))
    return /^(?:a|an|the|my|it|them|that|this|to|down|:)$/.test(tokens[at + 1]?.lower ?? '') || tokens[at + 1]?.slot?.kind === 'quoted'
  // "…, was fed" goes on; "… and is it raining" asks.
  if (AUXILIARY.has(word.lower)) return /^(?:it|there|the|my|i|we|you|this|that|any)$/.test(tokens[at + 1]?.lower ?? '')
  return isDeed(word.stem) || isVerb(word.stem) || isQuestionWord(word.lower)
}
function isFreeText(before: readonly Token[], after: readonly Token[], isTeller: (stem: string) => boolean): boolean {
  const words = trim(before)
  const opener = words.findIndex((token, index) => index > 0 && OPENER.has(token.lower))
  if (!(TELLING.has(words[0]?.lower ?? '') || isTeller(words[0]?.stem ?? '')) || opener < 0) return false
  const rest = [...words.slice(opener), ...after]
  if (words[opener]?.lower === 'to' && !['remember', 'remind'].includes(words[0]?.lower ?? '')) return false
  return !rest.some((token) => token.slot?.kind === 'quoted')
}
function trim(tokens: readonly Token[]): Token[] {
  let at = 0
  for (let skip = courtesy(tokens, at); skip > 0; skip = courtesy(tokens, at)) at += skip
  return tokens.slice(at)
}
/** How many words from here on only lead up to the wish. */
function courtesy(tokens: readonly Token[], at: number): number {
  const word = (offset: number): string => (tokens[at + offset]?.slot ? '' : (tokens[at + offset]?.lower ?? ''))
  const [one, two] = [word(0), word(1)]
  if (OPENERS.has(one)) {
    const words = [0, 1, 2, 3, 4].map(word)
    const given = wishing(words)
    if (given > 0) return given
    const to = one === "i'd" || (one === 'i' && ['want', 'need', 'would'].includes(two)) ? words.indexOf('to') : -1
    if (to > 0) return to + 1
  }
  // "next, …" goes on; "next song" is a wish.
  if (one === 'next' && two !== ',' && !isDeed(tokens[at + 1]?.stem ?? '')) return 0
  if (COURTESY.has(one)) return 1
  if (MODAL.has(one) && two === 'you') return 2
  if (one === 'help' && two === 'me') return word(2) === 'to' ? 3 : 2
  return one === 'go' && two === 'ahead' ? 2 : 0
}
/** Words before a thing that is wished for: "I need a timer", "can we have the lights on". How many they are; 0 where a verb follows. */
function wishing(words: readonly string[]): number {
  const line = words.join(' ')
  const match =
    /^(?:(?:i|we) (?:need|want|would like)|(?:i'd|we'd) like|(?:can|could|may) (?:i|we) (?:have|get)|let me have|give me(?=  ))(?= (?!to\b))/.exec(
      line,
    )
  return match ? match[0].split(' ').length : 0
}
function asClause(text: string, given: readonly Token[], link: Clause['link'], isTeller: (stem: string) => boolean): Clause | null {
  const kept = trim(given)
  const asked = kept.at(-1)?.lower === '?'
  while (kept.length > 0 && !kept.at(-1)?.slot && TAIL.has(kept.at(-1)?.lower ?? '')) kept.pop()
  // "in x.txt replace …": the place may stand first.
  if (['in', 'from', 'on'].includes(kept[0]?.lower ?? '') && kept[1]?.slot && kept.length > 2) kept.push(...kept.splice(0, 2))
  // "@spotify pause": the tag says where and is no part of the wish.
  while (kept[0]?.slot?.kind === 'tag') kept.shift()
  while (kept[0]?.lower === ',' || kept[0]?.lower === ':') kept.shift()
  const verb = phrasal(kept.slice(0, 4).map((token) => (token.slot ? '' : token.lower)))
  const [opening] = kept
  const closing = kept[(verb?.length ?? 0) - 1]
  if (verb && opening && closing)
    kept.splice(0, verb.length, {
      text: text.slice(opening.start, closing.end),
      lower: verb.deed,
      stem: stem(verb.deed),
      start: opening.start,
      end: closing.end,
    })
  const first = kept[0]
  if (!first) return null
  const words = kept.map((token) => (token.slot ? '' : token.lower))
  const line = words.join(' ')
  const free = isFreeText(kept, [], isTeller)
  const polite = given.some(
    (token, index) =>
      MODAL.has(token.lower) && ['you', 'i', 'we'].includes(given[index + 1]?.lower ?? '') && trim(given.slice(index)).length < given.length - index,
  )
  return {
    text,
    tokens: kept,
    link,
    question: !first.slot && (isQuestionWord(first.lower) || first.lower.startsWith('what') || (asked && !polite)),
    negated: !free && /\b(?:don't|dont|do not|never|must not|mustn't|shouldn't)\b/.test(line),
    conditional: !free && /\b(?:if|unless|whenever|until|in case)\b/.test(line),
    hypothetical:
      /^(?:how (?:do|can|could|would|should|to)\b|should (?:i|we)\b|what (?:if|would|happens)\b|why\b|can i\b|is it (?:safe|ok|possible)\b|do i\b|would it\b)/.test(
        line,
      ),
    remark:
      /^(?:i|we|he|she|they|it|it's|he's|she's|they're|i'm|we're|there's|that's|this is)\b|^(?:the |my |a |an )?[\p{L}-]+(?: [\p{L}-]+)? (?:is|are|was|were) (?:an?|the|not|so|too|very|\p{L}+)\b/u.test(
        line,
      ) && !isQuestionWord(first.lower),
  }
}
/** "read a.txt, b.txt and c.txt" is one wish for each. */
function spread(clause: Clause): Clause[] {
  const { tokens } = clause
  for (let first = 0; first < tokens.length; first += 1) {
    const kind = tokens[first]?.slot?.kind
    if (kind !== 'path' && kind !== 'url') continue
    let last = first
    const members = [first]
    while (tokens[last + 1] && isListWord(tokens[last + 1])) {
      const next = isListWord(tokens[last + 2]) ? last + 3 : last + 2
      if (tokens[next]?.slot?.kind !== kind) break
      members.push(next)
      last = next
    }
    if (members.length > 1)
      return members.map((member, index) =>
        Object.assign({}, clause, {
          tokens: [...tokens.slice(0, first), ...tokens.slice(member, member + 1), ...tokens.slice(last + 1)],
          link: index === 0 ? clause.link : 'and',
        }),
      )
  }
  return [clause]
}
const isListWord = (token: Token | undefined): boolean => token !== undefined && !token.slot && (token.lower === 'and' || token.lower === ',')
