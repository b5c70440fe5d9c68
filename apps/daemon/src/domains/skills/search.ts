import { rankBy } from '../../engine/builtin/bm25.ts'
import { tellingStems } from '../../engine/builtin/words.ts'
import type { FoundSkill } from './shelf.ts'
import { tagsOf } from './standard.ts'

/** How much a word counts where it stands. */
const weights = { name: 4, tags: 3, description: 2, body: 1 } as const
/** Of a long text so many characters are looked at. */
const searchedBody = 50_000

function wordsOf(found: FoundSkill): ReadonlyMap<string, number> {
  const words = new Map<string, number>()
  const add = (text: string, weight: number) => {
    for (const word of tellingStems(text)) words.set(word, (words.get(word) ?? 0) + weight)
  }
  add(found.name, weights.name)
  add(tagsOf(found.head).join(' '), weights.tags)
  add(found.head.description, weights.description)
  add(found.body.slice(0, searchedBody), weights.body)
  return words
}
/** Search by BM25 over names, tags, descriptions and texts. Words are read once for each state of a skill. */
export function createSearch() {
  const read = new WeakMap<FoundSkill, ReadonlyMap<string, number>>()
  const wordsIn = (found: FoundSkill) => {
    const known = read.get(found) ?? wordsOf(found)
    read.set(found, known)
    return known
  }
  return (skills: readonly FoundSkill[], query: string): { readonly skill: FoundSkill; readonly score: number }[] => {
    const asked = new Map(tellingStems(query).map((word) => [word, 1]))
    return rankBy(skills.map(wordsIn))
      .search(asked, skills.length)
      .flatMap(({ document, score }) => {
        const skill = skills[document]
        return skill ? [{ skill, score }] : []
      })
  }
}
