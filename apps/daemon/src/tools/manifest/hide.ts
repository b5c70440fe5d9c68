import type { Json } from '../../engine/types.ts'

const mark = '[redacted]'
/** Shorter ones would take letters out of every word. */
const shortest = 4

/** The forms in which a server or a program may say a secret back. */
const formsOf = (secret: string): string[] => {
  const bytes = Buffer.from(secret)
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams([['', secret]]).toString().slice(1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]
}
/** Takes secrets of at least 4 characters out of texts, in the forms that they travel in, and out of JSON wherever they stand. */
export function createHider(secrets: readonly string[]) {
  const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form.length >= shortest).toSorted((one, other) => other.length - one.length)
  const text = (value: string): string => forms.reduce((clean, form) => clean.replaceAll(form, mark), value)
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), json(inner)]))
  }
  return { text, json: (value: Json): Json => (forms.length === 0 ? value : json(value)) }
}
export type Hider = ReturnType<typeof createHider>
