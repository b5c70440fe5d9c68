import { tokens, matchTokens, escapeGlob } from './globs.ts'
import { baseName, type SimpleCommand } from './shell-reading.ts'

/** Stand-ins, in the joined text, for blanks inside a word and for an empty word: `"git status"` is one word and no call of git. */
const INNER_BLANK = '\u0001'
const EMPTY = '\u0002'
const one = (word: string): string => (word === '' ? EMPTY : word.replaceAll(' ', INNER_BLANK))
const joined = (words: readonly string[]): string => words.map(one).join(' ')

/** True for the pattern that stands for every line, also one that cannot be read. */
export const isBare = (pattern: string | undefined): boolean => pattern === undefined || pattern.trim() === '*'

/** `\ ` in a pattern is a blank inside a word; `''` an empty word. */
const parse = (pattern: string) =>
  tokens(
    pattern
      .trim()
      .replaceAll('\\ ', INNER_BLANK)
      .replace(/(?<= |^)''(?= |$)/g, EMPTY),
  )

/**
 * Narrow reading, for allow rules: a star at the end of a name (`git status*`) goes on only after a blank, so that `git statusx` is another command;
 * `git status *` is also bare `git status`. The path of a command's name may climb by `..` only where the pattern says so.
 */
export function matchesNarrowly(pattern: string, words: readonly string[]): boolean {
  const name = words[0]
  if (name === undefined) return false
  if (/(?:^|\/)\.\.(?:\/|$)/.test(name) && !pattern.startsWith(escapeGlob(name))) return false
  const glob = parse(pattern)
  const text = joined(words)
  const last = glob.at(-1)
  const before = glob.at(-2)?.char
  if (last?.char === null && before != null && /[A-Za-z0-9_ ]/.test(before)) {
    const head = glob.slice(0, before === ' ' ? -2 : -1)
    return matchTokens(head, text) || matchTokens([...head, { char: ' ' }, { char: null }], text)
  }
  return matchTokens(glob, text)
}

/** Wide reading, for deny and ask rules: stars are any text, blanks are blanks, and the command may be called by its path. */
export function matchesWidely(pattern: string, words: readonly string[]): boolean {
  const name = words[0]
  if (name === undefined) return false
  const plain = tokens(pattern.trim())
  const bare = pattern.trim().endsWith(' *') ? plain.slice(0, -2) : plain
  return [words, [baseName(name), ...words.slice(1)]].some((list) => {
    const text = list.join(' ')
    return matchTokens(plain, text) || matchTokens(bare, text)
  })
}

/** True when a word that is not known yet could make a deny or ask pattern match. */
export function mayMatch(pattern: string, command: SimpleCommand): boolean {
  const first = command.unsure.includes(0) ? 0 : command.open[0]
  if (first === undefined) return false
  const known = [baseName(command.words[0] ?? ''), ...command.words.slice(1)].slice(0, first).join(' ')
  const head = pattern.trim().split('*')[0] ?? ''
  return known === '' || head === '' || head.startsWith(`${known} `) || known.startsWith(head.trimEnd())
}

/** The pattern that means exactly these words. */
export const exactPattern = (words: readonly string[]): string =>
  words.map((word) => (word === '' ? "''" : escapeGlob(word).replaceAll(' ', '\\ '))).join(' ')

/** True when the pattern spells the flag itself: as a word of its own, or up to its `=`. */
export function spells(pattern: string, word: string): boolean {
  const flag = escapeGlob(word).replaceAll(' ', '\\ ')
  const bare = flag.startsWith('-') ? (flag.split('=')[0] ?? flag) : flag
  return pattern.split(/(?<!\\) /).some((part) => part === flag || part === bare || (part.startsWith(`${bare}=`) && flag.startsWith(`${bare}=`)))
}
