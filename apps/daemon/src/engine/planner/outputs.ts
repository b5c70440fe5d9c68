import type { Json } from '../types.ts'

/** Names that outputs carry their text under, the most telling first. */
const TEXTS = [
  'content',
  'text',
  'body',
  'summary',
  'message',
  'markdown',
  'answer',
  'result',
  'output',
  'stdout',
  'diff',
  'transcript',
  'description',
]

export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The output of a tool that plainly is its text: one named so, or the only text there is. Null when it cannot be told. */
export function textOutput(schema: Json | undefined): string | null {
  const fields = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {}
  const texts = Object.entries(fields).flatMap(([name, field]) =>
    isObject(field) && field['type'] === 'string' && !field['enum'] && /^[A-Za-z_]\w*$/.test(name) ? [name] : [],
  )
  const named = TEXTS.find((name) => texts.includes(name))
  return named ?? (texts.length === 1 ? (texts[0] ?? null) : null)
}
