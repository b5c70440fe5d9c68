/** A value of JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }
/** Reads JSON that a person wrote. */
export function jsonOf(text: string): { readonly ok: true; readonly value: JsonValue } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue }
  } catch {
    return { ok: false }
  }
}
/** An object of JSON, or null for any other value. */
export const objectOf = (value: unknown): Record<string, JsonValue> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, JsonValue>) : null
/** Stands where a secret stood. */
const mark = '[redacted]'
/** Whether a secret was taken out of a value, so that it is not whole. */
export const isRedacted = (value: unknown): boolean => JSON.stringify(value ?? null).includes(mark)
