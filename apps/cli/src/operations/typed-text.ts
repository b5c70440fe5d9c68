import type { FieldKind } from './fields.ts'

/** Reads a text as what a field takes. What does not fit stays text, for the operation to refuse. */
export function typedText(kind: FieldKind, text: string): unknown {
  if (kind === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (kind === 'list' && !text.startsWith('[')) return text.split(',')
  if (kind === 'text' || kind === 'choice') return text
  return jsonOr(text, text)
}
/** The JSON value of a text; `otherwise` where it is none. */
export function jsonOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return otherwise
  }
}
