import type { ValueShape } from './fields.ts'
import { jsonOr, typedText } from './typed-text.ts'

type Values = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A record from `name=value`, given once or several times, over what is there already; `{…}` is the whole record as JSON. A text that is
 * neither stays as it is, for the operation to refuse.
 */
export function recordFrom(given: string | readonly string[], shape: ValueShape, there: unknown): unknown {
  let record: Values = isObject(there) ? there : {}
  for (const text of typeof given === 'string' ? [given] : given) {
    const whole = text.trimStart().startsWith('{') ? jsonOr(text, text) : undefined
    const equals = text.indexOf('=')
    if (whole !== undefined && isObject(whole)) record = whole
    else if (whole !== undefined || equals < 1) return text
    else record = { ...record, ...Object.fromEntries([[text.slice(0, equals), valueOf(text.slice(equals + 1), shape)]]) }
  }
  return record
}
function valueOf(text: string, shape: ValueShape): unknown {
  if (shape.nullable && text === 'null') return null
  return shape.kind === 'json' ? plainly(text) : typedText(shape.kind, text)
}
/** JSON where the text clearly is a number, true, false, null, a list or an object; else the text. A number that would lose digits is text. */
function plainly(text: string): unknown {
  if (!/^(-?\d|true$|false$|null$|\[|\{)/.test(text)) return text
  const value = jsonOr(text, text)
  return typeof value === 'number' && (!Number.isFinite(value) || (/^-?\d+$/.test(text) && !Number.isSafeInteger(value))) ? text : value
}
