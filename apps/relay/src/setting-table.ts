import { Fault } from '@steward/contract'
import type { SettingText } from './setting-texts.ts'

/** How a field of the configuration is set from outside. */
export interface Setting<T> {
  /** The environment variable, and other names that are in use for the same, in the order they count. */
  readonly variables: readonly [string, ...string[]]
  readonly reads: SettingText<T>
  /** What it is for, as the reference tells it. */
  readonly about: string
}
export const setting = <T>(variables: Setting<T>['variables'], reads: SettingText<T>, about: string): Setting<T> => ({ variables, reads, about })
/** A row for each field. */
export type SettingTable<T> = { readonly [K in keyof T]-?: Setting<NonNullable<T[K]>> }
const hyphened = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/**
 * What is said of the fields of a table: on the command line, else in the environment. An empty variable says nothing. Throws Fault `invalid` with the name of a flag
 * or variable that does not fit, and never with a value, which may be a secret.
 */
export function readTable(
  table: Readonly<Record<string, Setting<unknown>>>,
  flags: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const [field, { variables, reads }] of Object.entries(table)) {
    const variable = variables.find((name) => (env[name] ?? '') !== '')
    const text = flags[field] ?? (variable === undefined ? undefined : env[variable])
    if (text === undefined) continue
    const parsed = reads.safeParse(text)
    const source = flags[field] === undefined ? variable : `--${hyphened(field)}`
    if (!parsed.success) throw new Fault('invalid', `${source} must be ${parsed.error.issues[0]?.message ?? 'something else'}.`)
    read[field] = parsed.data
  }
  return read
}
