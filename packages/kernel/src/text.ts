import type { z } from 'zod'

type Known = { def?: { type: string; innerType?: unknown; element?: unknown; options?: unknown[] } } | undefined
/** Turns flag and query text into what the schema asks for, by the schema alone. What does not fit is left for the parser to refuse. */
export function coerce(input: z.ZodObject, text: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(text)) {
    if (value === undefined) continue
    const schema: unknown = Object.hasOwn(input.shape, key) ? input.shape[key] : undefined
    out[key] = Array.isArray(value) ? value.map((item) => one(elementOf(schema), item)) : one(schema, value)
  }
  return out
}
function bare(schema: unknown): Known {
  let inner = schema as Known
  while (inner?.def?.innerType) inner = inner.def.innerType as Known
  return inner
}
const elementOf = (schema: unknown): unknown => bare(schema)?.def?.element ?? schema
function one(schema: unknown, value: unknown): unknown {
  if (typeof value !== 'string') return value
  const inner = bare(schema)
  switch (inner?.def?.type) {
    case 'number':
    case 'int':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value
    case 'array':
      return value.startsWith('[') ? json(value) : value.split(',').map((item) => one(inner.def?.element, item))
    case 'object':
    case 'record':
      return json(value)
    case 'lazy':
    case 'union':
      return looseUnion(inner.def?.options, value)
    default:
      return value
  }
}
/** A union takes text as it is where one of its options is text; else it is read as JSON (`z.json()` takes both: JSON first). */
function looseUnion(options: unknown[] | undefined, value: string): unknown {
  if (options === undefined) return json(value)
  const kinds = options.map((option) => bare(option)?.def?.type)
  return kinds.includes('string') && !/^[[{]/.test(value) ? value : json(value)
}
const json = (value: string): unknown => {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
