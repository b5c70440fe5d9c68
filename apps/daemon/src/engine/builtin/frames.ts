import type { Token } from './slots.ts'
import { tokenise } from './slots.ts'
import { isDeed, isLight, isStop, synonyms } from './words.ts'

/** How far a request has the form of one of a tool's examples ("remind me to …", "how do you say … in …"). */
export interface Framed {
  /** Words of the request that stand in the example too, at its start or its end. */
  readonly shared: ReadonlySet<Token>
  /** What stands where the example has something else; empty when nothing does. */
  readonly argument: readonly Token[]
  /** How many words from the start are the example's. */
  readonly opening: number
}
const NONE: Framed = { shared: new Set(), argument: [], opening: 0 }
/** Words that may differ or be missing without a difference in form. */
const LOOSE = new Set('me us a an the my our your their some any all please just ? ! . , :'.split(' '))
const PERSON = new Set(['i', 'we', 'you', 'they'])

/** The examples cut into words, once for each tool. */
export const formsOf = (examples: readonly string[]): readonly (readonly Token[])[] => examples.map((example) => tokenise(example).filter(isTelling))
/** The example that the request has most in common with, word by word from both ends. */
export function framed(tokens: readonly Token[], forms: readonly (readonly Token[])[]): Framed {
  const said = tokens.filter(isTelling)
  return forms.map((form) => align(said, form)).reduce((best, found) => (found.shared.size > best.shared.size ? found : best), NONE)
}
const isTelling = (token: Token): boolean => (token.slot ? token.slot.kind !== 'tag' : !LOOSE.has(token.lower))
function align(said: readonly Token[], example: readonly Token[]): Framed {
  const most = Math.min(said.length, example.length)
  let front = 0
  while (front < most && alike(said[front], example[front])) front += 1
  let back = 0
  while (back < most - front && alike(said.at(-1 - back), example.at(-1 - back))) back += 1
  const [open, rest] = [said.slice(front, said.length - back), example.slice(front, example.length - back)]
  const shared = [...said.slice(0, front), ...said.slice(said.length - back)]
  const words = shared.filter((token) => !token.slot)
  // One deed and an object of its own is no form; nor is a gap where the example has none.
  const telling = words.some((token) => !isStop(token.lower)) && words.length >= 2
  const opening = said.slice(0, front).filter((token) => !token.slot).length
  // "turn the vpn off": the whole example, and a verb that adds nothing.
  if (rest.length === 0 && open.length > 0 && words.length >= 2 && open.every((token) => isLight(token.lower)))
    return { shared: new Set(said), argument: [], opening: said.length }
  if (!(telling || opening >= 3) || (open.length > 2 && rest.length === 0)) return NONE
  if (opening === 1 && !isDeed(said[0]?.stem ?? '')) return NONE
  if (rest.length === 0) return { shared: new Set(shared), argument: [], opening }
  return { shared: new Set(shared), argument: opening > 0 ? open : [], opening }
}
function alike(one: Token | undefined, other: Token | undefined): boolean {
  if (!one || !other) return false
  if (one.slot || other.slot) return one.slot?.kind === other.slot?.kind
  if (one.lower === other.lower || (PERSON.has(one.lower) && PERSON.has(other.lower))) return true
  return !isStop(one.lower) && (one.stem === other.stem || (!isDeed(one.stem) && synonyms(one.stem).has(other.stem)))
}
