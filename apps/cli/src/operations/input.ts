import type { Operation } from '@steward/contract'
import { coerce } from '@steward/kernel/text'
import type { Field } from './fields.ts'
import { recordFrom } from './pairs.ts'
import { typedText } from './typed-text.ts'

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
    const path = field.name.split('.')
    put(input, path, field.nullable && value === 'null' ? null : typed(op, field, value, at(input, path)))
  }
  return input
}
/** What is there is handed in for records, which are added to. Top-level fields are coerced as at every door, inner ones by what they take. */
function typed(op: Operation, field: Field, value: string | readonly string[] | boolean, there: unknown): unknown {
  if (typeof value === 'boolean') return value
  if (field.values) return recordFrom(value, field.values, there)
  if (!field.name.includes('.')) return coerce(op.input, { [field.name]: value })[field.name]
  return typeof value === 'string' ? typedText(field.kind, value) : value
}
const at = (tree: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Tree)[key] : undefined), tree)

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
