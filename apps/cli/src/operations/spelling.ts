import type { Operation } from '@steward/contract'
import { fieldsOf, type Field } from './fields.ts'

/** Flags that every operation has beside its own fields, and the longer names they take where a field has the short one. */
export const commonFlags = {
  key: 'idempotency-key',
  input: 'input-file',
  output: 'output-file',
  json: 'json-output',
  url: 'daemon-url',
  token: 'daemon-token',
  home: 'steward-home',
} as const
export type CommonFlag = keyof typeof commonFlags

/** How an operation is spelled on a command line. */
export interface Spelling {
  readonly name: string
  readonly noun: string
  readonly verb: string
  readonly op: Operation
  readonly fields: readonly Field[]
  readonly positionals: readonly Field[]
  /** Fields given by flag, a positional's own inner fields with them. */
  readonly flags: readonly Field[]
  /** The flag of each common one: short where it is free. */
  readonly common: Readonly<Record<CommonFlag, string>>
}
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Spells one operation: `sessions.rename` is `steward sessions rename <id> --title <title>`. */
export function spell(name: string, op: Operation): Spelling {
  const [noun = name, ...rest] = name.split('.')
  const fields = fieldsOf(op)
  const byPlace = op.cli?.positionals ?? []
  const flags = fields.filter((field) => !byPlace.includes(field.name))
  const taken = new Set(flags.map((field) => kebab(field.name)))
  const common = Object.fromEntries(Object.entries(commonFlags).map(([short, long]) => [short, taken.has(short) ? long : short])) as Record<
    CommonFlag,
    string
  >
  const positionals = byPlace.flatMap((place) => fields.filter((field) => field.name === place))
  return { name, noun, verb: kebab(rest.join('-')), op, fields, positionals, flags, common }
}
