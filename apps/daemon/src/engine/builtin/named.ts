import type { FillRequest, Take } from './fill-types.ts'
import type { Property } from './schema.ts'
import type { Token } from './slots.ts'
import { stems } from './words.ts'

/** Gives an input the value that a word of the request stands for ("focus" a playlist's address). Two values at once are no choice. */
export function byNamedValue(property: Property, { tokens }: FillRequest, take: Take): void {
  const found: { value: Property['named'][number]['value']; hits: readonly Token[] }[] = []
  for (const { stems: wanted, value } of property.named) {
    const hits = hitsOf(wanted, tokens)
    if (hits && !found.some((other) => other.hits.some((token) => hits.includes(token)))) found.push({ value, hits })
  }
  const [first, ...others] = found
  if (first && others.every((other) => other.value === first.value)) take(property, first.value, ...found.flatMap(({ hits }) => hits))
}
/** The words in a row, or one quoted text that is nothing but them. */
function hitsOf(wanted: readonly string[], tokens: readonly Token[]): readonly Token[] | null {
  const quoted = tokens.find((token) => token.slot?.kind === 'quoted' && stems(token.slot.value).join(' ') === wanted.join(' '))
  if (quoted) return [quoted]
  const start = tokens.findIndex((_, index) => wanted.every((word, offset) => isWord(tokens[index + offset], word)))
  return start < 0 ? null : tokens.slice(start, start + wanted.length)
}
const isWord = (token: Token | undefined, word: string): boolean => token !== undefined && !token.slot && token.stem === word
