import type { Token } from './slots.ts'
import { tokenise } from './slots.ts'
import { isDeed, isProgram, isQuestionWord } from './words.ts'

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
}
const COURTESY = new Set(
  "please hey hi hello ok okay so now kindly just also then steward and , thanks well first next finally afterwards lets let's".split(' '),
)
const TAIL = new Set('please thanks . ! ? , ; : and then'.split(' '))
const MODAL = new Set(['can', 'could', 'would', 'will'])
const TELLING = new Set('add create new remember note remind tell say send write ask save'.split(' '))
const OPENER = new Set('that saying says say todo todos task reminder to :'.split(' '))
const THEN = new Set(['then', 'afterwards', 'finally'])
const SENTENCE = new Set(['.', '!', '?', ';'])

/** Cuts a request into its wishes. Words after an opener of free text ("remember that …", "add todo …") stay whole, so that nothing inside them is taken for a wish. */
export function clauses(text: string, isVerb: (stem: string) => boolean = () => false): Clause[] {
  const found: Clause[] = []
  let open: Token[] = []
  let link: Clause['link'] = 'first'
  const close = (next: Clause['link'], end?: Token): void => {
    const clause = asClause(text, end ? [...open, end] : open, found.length === 0 ? 'first' : link)
    if (clause) found.push(...spread(clause))
    open = []
    link = next
  }
  const tokens = tokenise(text)
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    if (!token.slot && SENTENCE.has(token.lower)) close('then', token)
    else if (!token.slot && !isFreeText(open, tokens.slice(index)) && THEN.has(token.lower) && open.length > 0) close('then')
    else if (isJoint(token) && !isFreeText(open, tokens.slice(index)) && startsWish(tokens, index + 1, isVerb))
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
  return isDeed(word.stem) || isVerb(word.stem) || isQuestionWord(word.lower)
}
function isFreeText(before: readonly Token[], after: readonly Token[]): boolean {
  const words = trim(before)
  const opener = words.findIndex((token, index) => index > 0 && OPENER.has(token.lower))
  if (!TELLING.has(words[0]?.lower ?? '') || opener < 0) return false
  const rest = [...words.slice(opener), ...after]
  if (words[opener]?.lower === 'to' && !['remember', 'remind'].includes(words[0]?.lower ?? '')) return false
  return !rest.some((token) => token.slot?.kind === 'quoted')
}
function trim(tokens: readonly Token[]): Token[] {
  let at = 0
  for (let moved = true; moved;) {
    const [one, two, three] = [tokens[at], tokens[at + 1], tokens[at + 2]].map((token) => (token?.slot ? '' : (token?.lower ?? '')))
    const wish = one === "i'd" || (one === 'i' && ['want', 'need', 'would'].includes(two ?? ''))
    const to = wish ? tokens.slice(at, at + 5).findIndex((token) => token.lower === 'to') : -1
    const skip = COURTESY.has(one ?? '')
      ? 1
      : MODAL.has(one ?? '') && two === 'you'
        ? 2
        : to > 0
          ? to + 1
          : one === 'help' && two === 'me'
            ? three === 'to'
              ? 3
              : 2
            : one === 'go' && two === 'ahead'
              ? 2
              : 0
    at += skip
    moved = skip > 0
  }
  return tokens.slice(at)
}
function asClause(text: string, given: readonly Token[], link: Clause['link']): Clause | null {
  const kept = trim(given)
  const asked = kept.at(-1)?.lower === '?'
  while (kept.length > 0 && !kept.at(-1)?.slot && TAIL.has(kept.at(-1)?.lower ?? '')) kept.pop()
  // "in x.txt replace …": the place may stand first.
  if (['in', 'from', 'on'].includes(kept[0]?.lower ?? '') && kept[1]?.slot && kept.length > 2) kept.push(...kept.splice(0, 2))
  if (kept[0]?.lower === ',') kept.shift()
  const first = kept[0]
  if (!first) return null
  const words = kept.map((token) => (token.slot ? '' : token.lower))
  const line = words.join(' ')
  const free = TELLING.has(first.lower) && isFreeText(kept, [])
  const polite = given.some((token, index) => MODAL.has(token.lower) && given[index + 1]?.lower === 'you')
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
