import { baseName, simpleCommand, type ShellReading, type SimpleCommand, type Word } from './shell-reading.ts'
import { shellTree } from './shell-tree.ts'
import { walkShell } from './shell-walk.ts'
import { innerOf } from './shell-wrappers.ts'

const LONGEST = 64 * 1024
const DEEPEST = 50
const MOST_COMMANDS = 5000
/** Beyond that a line made to confuse the parser can hold it up for seconds. */
const MOST_OPERATORS = 2500

/**
 * What shells and the grammar read differently, or what a person cannot see. A backslash before a line's end is read only where it stands by itself
 * between words, outside here-documents.
 */
function trouble(line: string): string | null {
  if (line.length > LONGEST || new TextEncoder().encode(line).length > LONGEST) return `it is longer than ${LONGEST} bytes`
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\x00-\x08\x0b-\x1f\x7f]/.test(line)) return 'it holds control characters'
  if (/[^\S \t\n]|[\u0085\u180e\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(line))
    return 'it holds blanks or marks that look like something else'
  if (!line.isWellFormed()) return 'it holds broken characters'
  if (/(?:[^ \t]|\\[ \t])\\\n|^\\\n/.test(line) || (line.includes('\\\n') && line.includes('<<'))) return 'a backslash joins two lines inside a word'
  return null
}

/** `env A=b command` and `sudo A=b command`: what is assigned stands before the inner command. */
function peelAssignments(words: readonly Word[]) {
  let at = 0
  while (/^[A-Za-z_]\w*=/.test(words[at]?.value ?? '')) at++
  const assignments = words
    .slice(0, at)
    .map(({ value, literal }) => ({ name: value.slice(0, value.indexOf('=')), value: value.slice(value.indexOf('=') + 1), literal }))
  return { words: words.slice(at), assignments }
}

/**
 * Reads which simple commands a shell line would run, wherever they stand (POSIX sh and bash), and those that known wrappers run. Runs nothing.
 * Never throws for a line; what cannot be read for certain is named in `opaque`, the commands that could be read are still listed. Lines over 64 KB
 * or nested deeper than 50 are opaque. Throws only when the grammar's file cannot be loaded.
 */
export async function parseShell(line: string): Promise<ShellReading> {
  const commands: SimpleCommand[] = []
  const opaque = new Set<string>()

  const add = async (command: SimpleCommand, words: readonly Word[], depth: number): Promise<void> => {
    if (commands.length >= MOST_COMMANDS) {
      opaque.add(`it holds more than ${MOST_COMMANDS} commands`)
      return
    }
    commands.push(command)
    const inner = innerOf(words)
    if (inner.opaque) opaque.add(inner.opaque)
    const via = baseName(words[0]?.value ?? '')
    for (const list of inner.commands ?? []) {
      if (depth >= DEEPEST) opaque.add(`it nests deeper than ${DEEPEST}`)
      else {
        const peeled = /^(?:env|sudo)$/.test(via) ? peelAssignments(list) : { words: list, assignments: [] }
        if (peeled.words.length + peeled.assignments.length === 0) continue
        const text = list.map((word) => word.text).join(' ')
        await add(simpleCommand(peeled.words, { text, assignments: peeled.assignments, via }), peeled.words, depth + 1)
      }
    }
    for (const text of inner.lines ?? []) await read(text, depth + 1, via)
  }

  const read = async (text: string, depth: number, via?: string): Promise<void> => {
    const bad = trouble(text)
    if (bad) opaque.add(bad)
    if (text.length > LONGEST) return
    if ((text.match(/[|&;(){}<>`$]/g) ?? []).length > MOST_OPERATORS) {
      opaque.add(`it holds more than ${MOST_OPERATORS} operators`)
      return
    }
    const tree = depth > DEEPEST ? null : await shellTree(text)
    if (!tree) {
      opaque.add(`it nests deeper than ${DEEPEST} or is too involved to read`)
      return
    }
    if (tree.broken) opaque.add('it is not complete shell syntax')
    const found = walkShell(text, tree.root, DEEPEST - depth)
    for (const reason of found.opaque) opaque.add(reason)
    for (const { words, ...extra } of found.commands) await add(simpleCommand(words, via ? { ...extra, via } : extra), words, depth)
  }

  await read(line, 0)
  return { line, commands, opaque: [...opaque] }
}
