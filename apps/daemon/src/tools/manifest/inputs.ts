import { z } from 'zod'
import type { JsonSchema } from '../../engine/execution/types.ts'
import { schemaCheck } from '../../engine/json-schema.ts'
import type { Json } from '../../engine/types.ts'

/** A check by a JSON Schema, as the zod type that the tools have. What does not fit is told with its place. */
export function checkedBy(schema: JsonSchema): z.ZodType<Json> {
  const check = schemaCheck(schema)
  return z.custom<Json>().superRefine((value, context) => {
    for (const { path, message } of check(value)) context.addIssue({ code: 'custom', path: path === '' ? [] : [path], message })
  })
}
