/** Words that say nothing about what is looked for. */
const idle = new Set(
  `a about after all also am an and any are as at be been before but by can could did do does for from get got had has have he her him his how i if in
  into is it its just know let me my no not of on or our out over please remember she should so some tell than that the their them then there these
  they this to under up us was we were what when where which who whom whose why will with would you your`.split(/\s+/),
)
const mostTerms = 20
/** Scripts that put no spaces between words: each sign is a word of its own, and a run of them a phrase. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const spacedOut = (text: string): string => text.replaceAll(new RegExp(unspaced.source, 'gu'), ' $& ')

/** Without NUL, which would end a text for the index. */
const isAscii = (text: string): boolean => !/[^\p{ASCII}]|\0/u.test(text)
/** In lower case, without marks on Latin, Greek and Cyrillic letters. */
export const bare = (text: string): string =>
  isAscii(text)
    ? text.toLowerCase()
    : text
        .normalize('NFD')
        .replaceAll(/[\u0300-\u036f]/g, '')
        .normalize('NFC')
        .toLowerCase()

/** What the index is given for a text; undefined where it is the text itself. */
export function indexed(text: string): string | undefined {
  if (isAscii(text)) return undefined
  const words = (unspaced.test(text) ? spacedOut(text) : text).normalize('NFC').replaceAll('\0', ' ')
  return words === text ? undefined : words
}
/** The words of a text in lower case, without marks on letters, as the index splits it (unicode61). */
export const wordsOf = (text: string): string[] => spacedOut(bare(text)).match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? []

export interface Term {
  /** In lower case; of a script without spaces the run as it was written. */
  readonly word: string
  /** The term as an FTS5 string (https://sqlite.org/fts5.html#fts5_strings): no sign in it is syntax. */
  readonly match: string
}
/** The terms of a query, each once, without words that say nothing unless there are no others; of a long text the 20 longest. */
export function termsOf(query: string): Term[] {
  const words = [...new Set((bare(query).match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? []).flatMap(runs))]
  const telling = words.filter((word) => !idle.has(word) && (word.length > 1 || unspaced.test(word) || /\p{N}/u.test(word)))
  const all = telling.length > 0 ? telling : words
  const taken = all.length > mostTerms ? all.toSorted((one, other) => other.length - one.length).slice(0, mostTerms) : all
  return taken.map((word) => ({ word, match: `"${spacedOut(word).trim()}"` }))
}
/** A word that mixes scripts falls into its parts. */
const runs = (word: string): string[] => word.match(new RegExp(`(?:${unspaced.source})+|(?:(?!${unspaced.source}).)+`, 'gu')) ?? []
const endings = /(?:ations?|ments?|ings?|ness|ies|ly|ed|ers?|es|s)$/
/** A beginning that the forms of an English word share, roughly; the index has its own, better one (Porter). */
export const stemOf = (word: string): string => {
  const stem = word
    .replace(endings, '')
    .replace(/[ey]$/, '')
    .replace(/(.)\1$/, '$1')
  return stem.length >= 3 ? stem : word
}
const inWord = /[\p{L}\p{N}\p{M}]/u
const restOfWord = /^[\p{L}\p{N}\p{M}]*/u
/** Whether a word stands in a text in any of its forms. `plain` is the text through `bare`; a run of a script without spaces may stand anywhere. */
export function standsIn(word: string, plain: string): boolean {
  if (unspaced.test(word)) return plain.includes(word)
  const stem = stemOf(word)
  for (let at = plain.indexOf(stem); at >= 0; at = plain.indexOf(stem, at + 1)) {
    if (at > 0 && inWord.test(plain[at - 1] ?? '')) continue
    const whole = restOfWord.exec(plain.slice(at, at + stem.length + 12))?.[0] ?? ''
    if (stemOf(whole) === stem) return true
  }
  return false
}
