/** Text that stands for a value which is only known later: `{{inputs.place}}`. */
export const isTemplate = (value: unknown): value is string => typeof value === 'string' && /\{\{[^]*?\}\}/.test(value)

/** What a person has written as a number. Nothing is undefined; what is no number (yet) stays the text, so that a check can say so. */
export function readNumber(written: string): number | string | undefined {
  const text = written.trim()
  if (text === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) && /^[-+.\de]+$/i.test(text) ? value : text
}
/** A time as the device's picker has it (local, `2026-03-01T09:30`) from one as the daemon has it; empty for what is none. */
export function localTime(value: unknown): string {
  const at = typeof value === 'string' ? new Date(value) : undefined
  if (!at || Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
/** The other way: ISO 8601 in UTC; undefined for nothing. */
export function utcTime(local: string): string | undefined {
  const at = new Date(local)
  return local === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
/** JSON from text, or why it is none. Nothing is undefined. */
export function readJson(written: string): { readonly value: unknown } | { readonly fault: string } {
  if (written.trim() === '') return { value: undefined }
  try {
    return { value: JSON.parse(written) as unknown }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}
