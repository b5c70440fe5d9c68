import { stemOf, wordsOf } from './terms.ts'

const before = 60

/** A piece of at most about `longest` characters of a text, around the first of the words that occurs in it; white space becomes single spaces. */
export function excerptOf(text: string, words: readonly string[], longest = 300): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim()
  if (flat.length <= longest) return flat
  const lower = flat.toLowerCase()
  const places = lower.length === flat.length ? words.flatMap(wordsOf).map((word) => lower.indexOf(stemOf(word))) : []
  const first = Math.min(...places.filter((at) => at >= 0), flat.length)
  const from = first === flat.length ? 0 : Math.max(0, Math.min(first - before, flat.length - longest))
  const start = from === 0 ? 0 : flat.indexOf(' ', from) + 1 || from
  const end = start + longest >= flat.length ? flat.length : Math.max(flat.lastIndexOf(' ', start + longest), start + longest / 2)
  return `${start > 0 ? '…' : ''}${flat.slice(start, end)}${end < flat.length ? '…' : ''}`.toWellFormed()
}
