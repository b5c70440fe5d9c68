import path from 'node:path'
import { withinAnyCase, within } from './paths.ts'
import { baseName, type SimpleCommand } from './shell-reading.ts'
import { sedScripts } from './shell-scripts.ts'
import { gitValued } from './shell-git.ts'
import { harmlessAssignment, sharpWords } from './sharp-flags.ts'

/** Where a line runs. `moved`: the line changes its folder on the way, but not out of the workspace. */
export interface Place {
  readonly cwd: string
  readonly workspace: string
  readonly home: string
  readonly moved: boolean
}

/** Commands that only read, whatever their words, but for the flags of the sharp table and for paths outside of the workspace. */
const readers = new Set(
  (
    'ls cat head tail wc pwd grep egrep fgrep rg find stat file du df cmp diff sort uniq cut tr nl tac rev column comm fold expand unexpand paste seq which whereis whoami id uname hostname ' +
    'date basename dirname realpath readlink tree jq md5sum sha1sum sha256sum cksum od hexdump strings arch nproc uptime sed test ['
  ).split(' '),
)
/** Commands whose words are no paths. */
const speakers = new Set(['echo', 'printf', 'true', 'false', ':'])
const gitFlags = /^(?:--no-pager|--no-optional-locks|-P)$/
const gitReaders: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  status: () => true,
  diff: () => true,
  log: () => true,
  show: () => true,
  blame: () => true,
  'rev-parse': () => true,
  'ls-files': () => true,
  'ls-tree': () => true,
  describe: () => true,
  shortlog: () => true,
  'rev-list': () => true,
  'merge-base': () => true,
  'cat-file': () => true,
  grep: () => true,
  'diff-tree': () => true,
  'name-rev': () => true,
  branch: (args) =>
    args.every((arg) =>
      /^(?:-a|-r|-v|-vv|--all|--remotes|--verbose|--show-current|--list|-l|--no-color|--merged|--no-merged|--sort=.*)$/.test(arg),
    ) || /^(?:--list|-l)$/.test(args[0] ?? ''),
  tag: (args) => args.length === 0 || /^(?:--list|-l)$/.test(args[0] ?? ''),
  remote: (args) => args.every((arg) => arg === '-v' || arg === '--verbose'),
  stash: (args) => args[0] === 'list' || args[0] === 'show',
  worktree: (args) => args.length === 1 && args[0] === 'list',
  reflog: (args) => args.length === 0 || args[0] === 'show',
}
/** Branch and tag flags that change something, also after `--list`. */
const gitChanges = /^(?:-[dDmMcCfu]|--(?:delete|move|copy|force|set-upstream-to|unset-upstream|edit-description|track|create-reflog))/

/** The parts of a word that may be paths: the word itself, what follows `=`, what follows a one-letter flag. Null for a home folder by `~`. */
function partsOf(word: string): readonly string[] | null {
  if (/(?:^|[=:])~/.test(word)) return null
  const parts = word.startsWith('-') ? [word.includes('=') ? word.slice(word.indexOf('=') + 1) : word.startsWith('--') ? '' : word.slice(2)] : [word]
  if (!word.startsWith('-') && word.includes('=')) parts.push(word.slice(word.indexOf('=') + 1))
  const slash = word.indexOf('/')
  if (word.startsWith('-') && slash > 0) parts.push(word.slice(slash))
  return parts.filter((part) => part !== '')
}

/** The paths that a word may name, as absolute paths. Null for a home folder by `~`. */
export const pathsOf = (word: string, cwd: string): readonly string[] | null => partsOf(word)?.map((part) => path.resolve(cwd, part)) ?? null

/** True when nothing that the word may name lies outside of the workspace. */
export function staysInside(word: string, place: Place): boolean {
  if (place.moved && /(?:^|[/=])\.\.(?:\/|$)/.test(word)) return false
  const paths = pathsOf(word, place.cwd)
  return paths !== null && paths.every((file) => file === '/dev/null' || (within(file, place.workspace) && !withinAnyCase(file, place.home)))
}

/** The folder a `cd` goes to, when it is known and in the workspace. */
export const entersWorkspace = (command: SimpleCommand, place: Place): boolean =>
  command.words[0] === 'cd' &&
  command.words.length === 2 &&
  command.literal &&
  !/^[-+]|^$/.test(command.words[1] ?? '') &&
  staysInside(command.words[1] ?? '', { ...place, moved: true })

function gitReads(args: readonly string[]): boolean {
  let at = 0
  while (gitFlags.test(args[at] ?? '')) at++
  const verb = args[at] ?? ''
  if (gitValued.has(verb) || !Object.hasOwn(gitReaders, verb)) return /^(?:--version|version)$/.test(verb) && args.length === at + 1
  const rest = args.slice(at + 1)
  return gitReaders[verb]?.(rest) === true && !((verb === 'branch' || verb === 'tag') && rest.some((arg) => gitChanges.test(arg)))
}

/** Flags by which a reader goes where its words do not say: through links below a folder, or to files that another file names. */
const wanders: Readonly<Record<string, RegExp>> = {
  grep: /^(?:-[a-zA-Z]*R|--deref)/,
  egrep: /^(?:-[a-zA-Z]*R|--deref)/,
  fgrep: /^(?:-[a-zA-Z]*R|--deref)/,
  rg: /^(?:-[a-zA-Z]*L|--follow)/,
  diff: /^(?:-[a-zA-Z]*r|--rec)/,
  find: /^-(?:L|follow)$/,
  wc: /^--files0/,
  du: /^(?:--files0|-[a-zA-Z]*L|--deref)/,
  file: /^(?:-[a-zA-Z]*f|--files-from)/,
  md5sum: /^(?:-[a-z]*c|--c)/,
  sha1sum: /^(?:-[a-z]*c|--c)/,
  sha256sum: /^(?:-[a-z]*c|--c)/,
  jq: /\b(?:import|include)\b/,
}
/**
 * True for a command that is known only to read, from inside the workspace: all words literal, no file written by redirection, no flag that runs or
 * writes something, no path outside. Links are not followed here: the tool hands resolved paths in as targets.
 */
export function onlyReads(command: SimpleCommand, place: Place): boolean {
  const { words, redirections, assignments } = command
  if (!command.literal || !redirections.every((one) => !one.write && one.literal && (one.op !== '<' || staysInside(one.target, place)))) return false
  if (!assignments.every((assignment) => assignment.literal && harmlessAssignment(assignment, words.length > 0))) return false
  const name = words[0]
  if (name === undefined) return true
  const args = words.slice(1)
  if (sharpWords(words).words.length > 0) return false
  if (speakers.has(name)) return true
  if (!args.every((word) => staysInside(word, place))) return false
  if (name === 'cd') return entersWorkspace(command, place)
  if (name === 'command') return /^-[vV]$/.test(args[0] ?? '')
  if (name === 'git') return gitReads(args)
  if (name === 'sed') return sedScripts(args.map((value) => ({ text: value, value, literal: true, open: false }))) !== null
  if (name === 'date') return args.every((arg) => /^[-+]/.test(arg))
  if (name === 'hostname') return args.every((arg) => /^-[aAdfiIsy]+$/.test(arg))
  if (args.some((arg) => wanders[name]?.test(arg))) return false
  return readers.has(name) && baseName(name) === name
}

const mostFolders = 64
/** Joined as text: normalising would drop `..` before the links in front of it are followed. */
const joined = (folder: string, part: string): string => (path.isAbsolute(part) ? part : `${folder}${path.sep}${part}`)

/** The folders in which a line's commands may run: where it begins, and wherever each `cd` may lead from there. Null when there are too many. */
function foldersOf(commands: readonly SimpleCommand[], cwd: string): readonly string[] | null {
  const folders = new Set([cwd])
  for (const { words } of commands) {
    if (!/^(?:cd|chdir|pushd)$/.test(words[0] ?? '')) continue
    for (const word of words.slice(1)) {
      const before = Array.from(folders)
      for (const folder of before) folders.add(joined(folder, word))
    }
    if (folders.size > mostFolders) return null
  }
  return [...folders]
}

/**
 * Absolute paths that a line's known words and redirections may name, for the tool to resolve through links and hand in as targets; not
 * normalised. A line that changes its folder too often names the root of the disk.
 */
export function wordPaths(commands: readonly SimpleCommand[], cwd: string): readonly string[] {
  const folders = foldersOf(commands, cwd)
  if (folders === null) return [path.parse(cwd).root]
  const words = commands.flatMap((command) => [
    ...command.words.slice(1).filter((_, i) => !command.unsure.includes(i + 1)),
    ...command.redirections.filter((one) => one.literal).map((one) => one.target),
  ])
  const parts = new Set(words.filter((word) => word !== '').flatMap((word) => partsOf(word) ?? []))
  return [...new Set([...parts].flatMap((part) => folders.map((folder) => joined(folder, part))))]
}
