import type { Operation } from '@steward/contract'
import { coerce } from '@steward/kernel/text'
import type { Field } from './fields.ts'

/** Text given for fields, by the field's path. A list given several times comes as an array. */
export type Given = ReadonlyMap<string, string | readonly string[] | boolean>
type Tree = { [key: string]: unknown }

/**
 * Makes the input of an operation from flags and positionals over a JSON input, by the schema alone. Nothing is judged here: what does not
 * fit is refused by the operation, with the same fault as at every door.
 */
export function inputFrom(op: Operation, fields: readonly Field[], given: Given, base: Tree = {}): Tree {
  const input = structuredClone(base)
  for (const field of fields) {
    const value = given.get(field.name)
    if (value === undefined) continue
    put(input, field.name.split('.'), field.nullable && value === 'null' ? null : typed(op, field, value))
  }
  return input
}
/** Coerces with the schema the field lies under, reached by asking for its whole path as one nested JSON text only where it is nested. */
function typed(op: Operation, field: Field, value: string | readonly string[] | boolean): unknown {
  if (typeof value === 'boolean') return value
  if (!field.name.includes('.')) return coerce(op.input, { [field.name]: value })[field.name]
  return scalar(field, value)
}
function scalar({ kind }: Field, value: string | readonly string[]): unknown {
  if (typeof value !== 'string') return value
  if (kind === 'number') return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
  if (kind === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  if (kind === 'list' && !value.startsWith('[')) return value.split(',')
  if (kind === 'text' || kind === 'choice') return value
  return json(value)
}
function put(into: Tree, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return
  if (rest.length === 0) {
    into[key] = value
    return
  }
  const there = into[key]
  const next: Tree = typeof there === 'object' && there !== null && !Array.isArray(there) ? (there as Tree) : {}
  into[key] = next
  put(next, rest, value)
}
function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
