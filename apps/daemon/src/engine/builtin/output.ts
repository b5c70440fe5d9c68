import type { Json } from '../types.ts'
import { checker, properties } from './schema.ts'

/** The answer as JSON that fits the schema where its words can: as a string, or as the one text an object needs. Otherwise the words as they are, which the caller will refuse. */
export function fitting(words: string, schema: Json): string {
  const fits = checker(schema)
  const value = /is `([^`]*)`\.$/.exec(words)?.[1] ?? words
  const needed = properties(schema).filter((property) => property.required)
  const forms: Json[] = [
    value,
    ...(needed.length === 1 && needed[0] ? [{ [needed[0].name]: value }, { [needed[0].name]: Number(value) }] : []),
    Number(value),
  ]
  const form = forms.find((one) => !Number.isNaN(one) && fits(one))
  return form === undefined ? words : JSON.stringify(form)
}
