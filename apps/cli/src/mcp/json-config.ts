import { isDeepStrictEqual } from 'node:util'
import { Fault } from '@steward/contract'
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import type { ConfigFile, Launch } from './clients.ts'

const isTable = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
interface Style {
  readonly indent: string
  readonly eol: string
}
/** The indent of the file's first line that has one, two spaces where none has; and how its lines end. */
const styleOf = (text: string): Style => ({ indent: /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ', eol: text.includes('\r\n') ? '\r\n' : '\n' })
const printed = (value: unknown, depth: number, { indent, eol }: Style): string =>
  JSON.stringify(value, null, indent).replaceAll('\n', `${eol}${indent.repeat(depth)}`)

/** The text with one more member at the end of an object that lies `depth` deep; not a character of the rest is touched. */
function withMember(text: string, object: Node, depth: number, key: string, value: unknown, style: Style): string {
  const line = (deep: number) => `${style.eol}${style.indent.repeat(deep)}`
  const member = `${line(depth)}${JSON.stringify(key)}: ${printed(value, depth, style)}`
  const last = object.children?.at(-1)
  const open = object.offset + 1
  const close = object.offset + object.length - 1
  if (last) return splice(text, last.offset + last.length, last.offset + last.length, `,${member}`)
  return text.slice(open, close).trim() === '' ? splice(text, open, close, `${member}${line(depth - 1)}`) : splice(text, open, open, member)
}
const splice = (text: string, from: number, to: number, by: string): string => `${text.slice(0, from)}${by}${text.slice(to)}`

/** Writes Steward into a JSON file of servers. All else in it stays byte for byte, comments too. Throws Fault `unprocessable` for a broken file. */
export function withServerInJson(text: string, file: ConfigFile, name: string, { command, args }: Launch): string {
  const errors: ParseError[] = []
  const from = text.trim() === '' ? '{}\n' : text
  const root = parseTree(from, errors, { allowTrailingComma: file.form === 'jsonc', disallowComments: file.form === 'json' })
  const [error] = errors
  if (error) {
    const line = from.slice(0, error.offset).split('\n').length
    throw new Fault(
      'unprocessable',
      `${file.path} is not to be read as JSON (line ${line}: ${printParseErrorCode(error.error)}). Mend it first; nothing was changed.`,
    )
  }
  const whole: unknown = root && getNodeValue(root)
  if (!root || !isTable(whole) || !isTable(whole[file.table] ?? {}))
    throw new Fault('unprocessable', `${file.path} has no object where "${file.table}" belongs. Mend it first; nothing was changed.`)
  const known = (whole[file.table] as Record<string, unknown> | undefined)?.[name]
  // What people have added there, such as an environment, is theirs.
  const server = { ...file.more, ...(isTable(known) ? known : {}), command, args }
  if (isDeepStrictEqual(known, server)) return text
  const style = styleOf(from)
  const there = findNodeAtLocation(root, [file.table, name])
  if (there) return splice(from, there.offset, there.offset + there.length, printed(server, 2, style))
  const table = findNodeAtLocation(root, [file.table])
  if (table?.type === 'object') return withMember(from, table, 2, name, server, style)
  return table
    ? splice(from, table.offset, table.offset + table.length, printed({ [name]: server }, 1, style))
    : withMember(from, root, 1, file.table, { [name]: server }, style)
}
