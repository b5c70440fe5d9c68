import { isDeepStrictEqual } from 'node:util'
import { Fault, type Operation } from '@steward/contract'
import { coerce } from '../text.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Puts together what the text of a request (path, query, form fields) and its body say. A field may be said in several places, but only alike. Throws Fault `invalid`.
 * A body that is no object goes on as it is: the operation's schema refuses it as it would on any other door.
 */
export function gather(op: Operation, texts: readonly unknown[], body: unknown): unknown {
  if (body !== undefined && body !== null && !isObject(body)) return body
  const sources = [...texts.map((text) => textOf(op, text)), isObject(body) ? body : {}]
  const input: Record<string, unknown> = {}
  for (const source of sources) {
    for (const [field, value] of Object.entries(source)) {
      if (Object.hasOwn(input, field) && !isDeepStrictEqual(input[field], value))
        throw new Fault('invalid', `The field ${field} is given twice with different values.`)
      input[field] = value
    }
  }
  return input
}
function textOf(op: Operation, source: unknown): Record<string, unknown> {
  if (!isObject(source)) return {}
  if (Object.hasOwn(source, '__proto__')) throw new Fault('invalid', 'A field may not be called __proto__.')
  return coerce(op.input, source)
}
