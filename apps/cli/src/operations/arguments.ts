import type { Field } from './fields.ts'

/** Writes a command line as its parser needs it: yes/no flags with their value, `--record.name x` as `--record name=x`. */
export const plainArguments = (fields: readonly Field[], argv: readonly string[]): string[] => joinBooleans(fields, foldNames(fields, argv))

/** Joins a yes/no flag with a `true` or `false` after it, and writes `--no-x` as `--x=false`, so that it never takes a positional for its value. */
export function joinBooleans(fields: readonly Field[], argv: readonly string[]): string[] {
  const flags = new Set(fields.filter(({ kind }) => kind === 'boolean').map(({ flag }) => `--${flag}`))
  const out: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') return [...out, ...argv.slice(at)]
    const next = argv[at + 1]
    if (flags.has(word)) {
      const said = next === 'true' || next === 'false'
      out.push(`${word}=${said ? next : 'true'}`)
      if (said) at++
    } else out.push(flags.has(word.replace(/^--no-/, '--')) ? `${word.replace(/^--no-/, '--')}=false` : word)
  }
  return out
}
/** The names of a record are not known before: `--settings.baseUrl x` and `--settings.baseUrl=x` become `--settings baseUrl=x`. */
export function foldNames(fields: readonly Field[], argv: readonly string[]): string[] {
  const records = fields.filter(({ kind }) => kind === 'record').map(({ flag }) => `--${flag}.`)
  const out: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') return [...out, ...argv.slice(at)]
    const start = records.find((record) => word.startsWith(record) && word.length > record.length)
    const pair = start === undefined ? '' : word.slice(start.length)
    if (start === undefined || (!pair.includes('=') && at + 1 >= argv.length)) out.push(word)
    else out.push(start.slice(0, -1), pair.includes('=') ? pair : `${pair}=${argv[++at]}`)
  }
  return out
}
