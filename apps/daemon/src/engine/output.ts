import { z } from 'zod'
import type { Json } from './types.ts'

const asSchema = z.record(z.string(), z.json())

/** The answer as a value that fits the schema, or what is wrong with it, in words for the model. A Markdown fence around the whole answer is taken off. */
export function fitOutput(answer: string, schema: Json): { readonly value: Json } | { readonly fault: string } {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(answer)
  let value: unknown
  try {
    value = JSON.parse(fenced?.[1] ?? answer)
  } catch (error) {
    return { fault: `it is not JSON (${error instanceof Error ? error.message : String(error)})` }
  }
  const fitted = z.fromJSONSchema(asSchema.parse(schema)).safeParse(value)
  if (!fitted.success) return { fault: z.prettifyError(fitted.error) }
  return { value: z.json().parse(value) }
}

/** Why a JSON Schema cannot be used for answers, or null when it can. */
export function schemaFault(schema: Json | undefined): string | null {
  if (schema === undefined) return null
  try {
    z.fromJSONSchema(asSchema.parse(schema))
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
