import { gitSubcommandAt } from './shell-git.ts'
import { baseName, type Assignment } from './shell-reading.ts'
import { gitVerbs, sharpFlags, type Sharp } from './sharp-table.ts'

/** A long flag may be shortened to any part that begins it (getopt_long), letters may be joined (`-no`). */
function isSharp(word: string, { long = [], short = '', words }: Sharp): boolean {
  if (words?.test(word)) return true
  if (word.startsWith('--')) {
    const name = word.split('=')[0] ?? ''
    return name.length > 2 && long.some((flag) => flag.startsWith(name))
  }
  return /^-./.test(word) && [...short].some((letter) => word.includes(letter)) && !/^-\d+$/.test(word)
}

const tameGlobals = /^(?:--no-pager|--no-optional-locks|--literal-pathspecs|--no-replace-objects|--version|--help|-P|-v|-h)$/

/** The words of a command by which it may run or write more than its name says. `known`: the command has such flags at all. */
export function sharpWords(words: readonly string[]): { known: boolean; words: readonly string[] } {
  const name = baseName(words[0] ?? '')
  const args = words.slice(1)
  if (name === 'git') {
    const at = gitSubcommandAt(args)
    const verb = Object.hasOwn(gitVerbs, args[at] ?? '') ? gitVerbs[args[at] ?? ''] : undefined
    const rest = args.slice(at + 1)
    return {
      known: verb !== undefined || at >= args.length,
      words: [...args.slice(0, at).filter((word) => !tameGlobals.test(word)), ...rest.filter((word) => verb && isSharp(word, verb))],
    }
  }
  const entry = sharpFlags.get(name)
  if (!entry) return { known: false, words: [] }
  const found = args.filter((word) => isSharp(word, entry))
  if (name === 'uniq') found.push(...args.filter((word) => !word.startsWith('-')).slice(1))
  return { known: true, words: found }
}

const tameNames =
  /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CLICOLOR|CI|NODE_ENV|RUST_BACKTRACE|RUST_LOG|GIT_TERMINAL_PROMPT|GIT_OPTIONAL_LOCKS)$/

/**
 * True when an assignment cannot change what a later command runs. Known harmless names only: what steers programs by environment (PATH, LD_*, GIT_*,
 * PAGER, BASH_ENV, IFS, NODE_OPTIONS, PYTHON*, …) has no end. A variable of the line's own, in lower case, is harmless where it is not exported.
 */
export const harmlessAssignment = ({ name }: Assignment, exported: boolean): boolean =>
  tameNames.test(name) ||
  (!exported && /^[a-z_][a-z0-9_]*$/.test(name) && !/_proxy$|^npm_|^(?:path|cdpath|fpath|mailpath|manpath|module_path|prompt|_)$/.test(name))
