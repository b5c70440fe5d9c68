import type { Json } from '../engine/types.ts'
import { find } from './files/edits.ts'
import { locate, type Place, readText } from './locate.ts'

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: '\u00A0' }
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos|nbsp));/gi

/** The text with HTML entities decoded, once: `&amp;lt;` becomes `&lt;`. */
export const decodeEntities = (text: string): string =>
  text.replace(entity, (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return point > 0 && point <= 0x10_ff_ff && (point < 0xd8_00 || point > 0xdf_ff) ? String.fromCodePoint(point) : whole
  })

type JsonObject = { [key: string]: Json }
const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The edit with its entities decoded, when its old text is in the file only that way; otherwise the edit itself. */
const decodedEdit = (edit: JsonObject, text: string): JsonObject => {
  const { oldText, newText } = edit
  if (typeof oldText !== 'string' || typeof newText !== 'string' || oldText === '' || find(text, oldText).length > 0) return edit
  const decoded = decodeEntities(oldText)
  if (decoded === oldText || decoded === '' || find(text, decoded).length === 0) return edit
  return { ...edit, oldText: decoded, newText: decodeEntities(newText) }
}

/** The input of an edit with HTML entities decoded where only that makes it fit the file as it is now; null when nothing is to be repaired. */
export const entityRepair = async (toolId: string, input: Json, at: Place): Promise<Json | null> => {
  if ((toolId !== 'files.edit' && toolId !== 'files.multi_edit') || !isObject(input) || typeof input['path'] !== 'string') return null
  if (!JSON.stringify(input).includes('&')) return null
  const text = await locate(input['path'], at, 'read')
    .then((file) => readText(file, at))
    .catch(() => null)
  if (text === null) return null
  if (toolId === 'files.edit') {
    const edit = decodedEdit(input, text.text)
    return edit === input ? null : edit
  }
  const edits = input['edits']
  if (!Array.isArray(edits)) return null
  const decoded = edits.map((edit) => (isObject(edit) ? decodedEdit(edit, text.text) : edit))
  return decoded.every((edit, index) => edit === edits[index]) ? null : { ...input, edits: decoded }
}
