import { Fault } from '@steward/contract'
import type { SettingText } from './setting-texts.ts'

/** How a field of the configuration is set from outside. */
export interface Setting<T> {
  /** The environment variable, and other names that are in use for the same, in the order they count. */
  readonly variables: readonly [string, ...string[]]
  readonly reads: SettingText<T>
  /** What it is for, as the reference tells it. */
  readonly about: string
  /** In a group without defaults: its default. There a row without one must be said. */
  readonly otherwise?: T
}
export const setting = <T>(variables: Setting<T>['variables'], reads: SettingText<T>, about: string, otherwise?: T): Setting<T> => ({
  variables,
  reads,
  about,
  ...(otherwise === undefined ? {} : { otherwise }),
})
/** A row for each field; a table of its own, a group, for a field that has fields. A group without defaults counts when its first field is said. */
export type SettingTable<T> = {
  readonly [K in keyof T]-?: NonNullable<T[K]> extends object ? SettingTable<NonNullable<T[K]>> : Setting<NonNullable<T[K]>>
}
interface AnyTable {
  readonly [field: string]: Setting<unknown> | AnyTable
}
interface Said {
  /** What the command line says, by field; `a.b` for a field of a field. */
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
}
export const isRow = (entry: Setting<unknown> | AnyTable): entry is Setting<unknown> => typeof entry['reads'] === 'object' && 'variables' in entry
const hyphened = (name: string) => name.replaceAll('.', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/**
 * Reads a table: what the command line says, else what the environment says, else the defaults. An empty variable says nothing. Throws Fault `invalid` with the name of a flag
 * or variable that does not fit or is missing, and never with a value, which may be a secret.
 */
export function readTable(table: AnyTable, defaults: Readonly<Record<string, unknown>>, said: Said, within = ''): Record<string, unknown> {
  const read: Record<string, unknown> = { ...defaults }
  for (const [field, entry] of Object.entries(table)) {
    const value = isRow(entry) ? readRow(entry, `${within}${field}`, said) : readGroup(entry, defaults[field], said, `${within}${field}.`)
    if (value !== undefined) read[field] = value
  }
  return read
}
function sourceOf({ variables }: Setting<unknown>, field: string, { flags, env }: Said): { name: string; text: string } | undefined {
  const flag = flags[field]
  if (flag !== undefined) return { name: `--${hyphened(field)}`, text: flag }
  const name = variables.find((one) => (env[one] ?? '') !== '')
  return name === undefined ? undefined : { name, text: env[name] ?? '' }
}
function readRow(row: Setting<unknown>, field: string, said: Said): unknown {
  const source = sourceOf(row, field, said)
  if (source === undefined) return undefined
  const parsed = row.reads.safeParse(source.text)
  if (!parsed.success) throw new Fault('invalid', `${source.name} must be ${parsed.error.issues[0]?.message ?? 'something else'}.`)
  return parsed.data
}
function readGroup(group: AnyTable, defaults: unknown, said: Said, within: string): unknown {
  if (defaults !== undefined) return readTable(group, defaults as Readonly<Record<string, unknown>>, said, within)
  const rows = Object.entries(group).flatMap(([field, row]) => (isRow(row) ? [{ field, row, source: sourceOf(row, within + field, said) }] : []))
  const [head] = rows
  if (head?.source === undefined) return undefined
  const missing = rows.find(({ row, source }) => source === undefined && row.otherwise === undefined)
  if (missing) throw new Fault('invalid', `${missing.row.variables[0]} is missing: it goes with ${head.source.name}.`)
  return readTable(group, Object.fromEntries(rows.map(({ field, row }) => [field, row.otherwise])), said, within)
}
