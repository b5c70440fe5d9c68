import type { Contract, Operation } from '@steward/contract'
import { fieldsOf, kebab, type Field } from './fields.ts'

/** Flags that every operation has beside its own fields, and the longer names they take where a field has the short one. */
export const commonFlags = {
  key: 'idempotency-key',
  input: 'input-file',
  output: 'output-file',
  json: 'json-output',
  url: 'daemon-url',
  remote: 'daemon-remote',
  local: 'in-process',
  token: 'daemon-token',
  home: 'steward-home',
} as const
export type CommonFlag = keyof typeof commonFlags

/** How an operation is spelled on a command line. */
export interface Spelling {
  readonly name: string
  readonly noun: string
  readonly verb: string
  /** The short name beside `noun verb`: `plan` is `plans create`. */
  readonly short?: string
  readonly op: Operation
  readonly fields: readonly Field[]
  readonly positionals: readonly Field[]
  /** Fields given by flag, a positional's own inner fields with them. */
  readonly flags: readonly Field[]
  /** The flag of each common one: short where it is free. */
  readonly common: Readonly<Record<CommonFlag, string>>
}
/** Spells one operation: `sessions.rename` is `steward sessions rename <id> --title <title>`. */
export function spell(name: string, op: Operation): Spelling {
  const [noun = name, ...rest] = name.split('.')
  const fields = fieldsOf(op)
  const byPlace = op.cli?.positionals ?? []
  const flags = fields.filter((field) => !byPlace.includes(field.name))
  const taken = new Set(flags.map(({ flag }) => flag))
  const common = Object.fromEntries(Object.entries(commonFlags).map(([short, long]) => [short, taken.has(short) ? long : short])) as Record<
    CommonFlag,
    string
  >
  const positionals = byPlace.flatMap((place) => fields.filter((field) => field.name === place))
  const short = op.cli?.name
  return { name, noun, verb: kebab(rest.join('-')), ...(short === undefined ? {} : { short }), op, fields, positionals, flags, common }
}
/** The operation that the first words of a command line name: by noun and verb, else by its short name. */
export function operationNamed(contract: Contract, first: string, second: string | undefined): Operation | undefined {
  const all = Object.entries(contract)
  const byVerb = all.find(([name]) => {
    const [noun, ...rest] = name.split('.')
    return noun === first && kebab(rest.join('-')) === second
  })
  return (byVerb ?? all.find(([, op]) => op.cli?.name === first))?.[1]
}
/** How each short name is used, and what it does. */
export const shortNames = (contract: Contract): [usage: string, about: string][] =>
  Object.values(contract).flatMap((op): [string, string][] =>
    op.cli?.name === undefined ? [] : [[['steward', op.cli.name, ...(op.cli.positionals ?? []).map((place) => `<${place}>`)].join(' '), op.summary]],
  )
