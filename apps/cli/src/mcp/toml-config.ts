import { isDeepStrictEqual } from 'node:util'
import { Fault } from '@steward/contract'
import { parse } from 'smol-toml'
import type { ConfigFile, Launch } from './clients.ts'

type Table = Record<string, unknown>
const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value)
/** Text as a TOML basic string: what JSON escapes, TOML reads alike. */
const quoted = (text: string) => JSON.stringify(text).replaceAll('\u007F', '\\u007F')
const isHeader = (line: string) => /^\s*\[/.test(line)
const isKey = (line: string) => /^\s*["']?[\w.-]+["']?\s*=/.test(line)
const isOurs = (line: string) => /^\s*["']?(command|args)["']?\s*=/.test(line)

/** Writes Steward into a TOML file of servers: its own section alone is changed. Throws Fault `unprocessable` for a file that is broken, or written so that it must be changed by hand. */
export function withServerInToml(text: string, file: ConfigFile, name: string, { command, args }: Launch): string {
  const before = read(text, file)
  const servers = before[file.table]
  const known = isTable(servers) ? servers[name] : undefined
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const ours = [`command = ${quoted(command)}`, `args = [${args.map(quoted).join(', ')}]`]
  const wanted = { ...before, [file.table]: { ...(isTable(servers) ? servers : {}), [name]: { ...(isTable(known) ? known : {}), command, args } } }
  if (isDeepStrictEqual(plain(before), plain(wanted))) return text
  const lines = text.split(/\r?\n/)
  const header = new RegExp(`^\\s*\\[\\s*${file.table}\\s*\\.\\s*["']?${name}["']?\\s*\\]\\s*(#.*)?$`)
  const at = lines.findIndex((line) => header.test(line))
  const after = at === -1 ? appended(text, [`[${file.table}.${name}]`, ...ours], eol) : replaced(lines, at, ours).join(eol)
  // A header may have stood inside a text of many lines, or the table in a form of its own: then nothing is touched.
  if (!isDeepStrictEqual(plain(tryRead(after)), plain(wanted)))
    throw new Fault(
      'unprocessable',
      `${file.path} is written in a way that must be changed by hand: put ${ours.join(' and ')} under [${file.table}.${name}].`,
    )
  return after
}
function appended(text: string, section: readonly string[], eol: string): string {
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : `${eol}${eol}`
  return `${text}${gap}${section.join(eol)}${eol}`
}
/** The section's lines with our keys in place of the old ones; what else stands in it is kept. */
function replaced(lines: readonly string[], at: number, ours: readonly string[]): string[] {
  const next = lines.findIndex((line, place) => place > at && isHeader(line))
  const end = next === -1 ? lines.length : next
  let dropping = false
  const kept = lines.slice(at + 1, end).filter((line) => {
    if (isOurs(line)) dropping = true
    else if (isKey(line) || line.trim() === '' || line.trimStart().startsWith('#')) dropping = false
    return !dropping
  })
  return [...lines.slice(0, at + 1), ...ours, ...kept, ...lines.slice(end)]
}
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))
function tryRead(text: string): Table | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
function read(text: string, file: ConfigFile): Table {
  try {
    return parse(text)
  } catch (error) {
    const why = (error as Error).message.split('\n', 1)[0] ?? ''
    throw new Fault('unprocessable', `${file.path} is not to be read as TOML (${why}). Mend it first; nothing was changed.`, undefined, {
      cause: error,
    })
  }
}
