import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { dateText } from './date.ts'
import { textAt, type Argument, type Fail, type Filter } from './filter-types.ts'
import { limits } from './types.ts'

type Work = (text: string, values: readonly Json[], fail: Fail) => Json
const gives = (): JsonSchema => ({ type: 'string' })
const aText: Argument = { kinds: ['string'] }
const onText = (work: Work, ...parameters: readonly Argument[]): Filter => ({
  takes: ['string'],
  arguments: parameters,
  gives,
  apply: (value, values, fail) => work(typeof value === 'string' ? value : '', values, fail),
})

function replace(text: string, values: readonly Json[], fail: Fail): string {
  const [found, put] = [textAt(values, 0), textAt(values, 1)]
  if (found === '') throw fail('`replace` needs a text to look for; it got an empty one.')
  const pieces = text.split(found)
  if (text.length + (pieces.length - 1) * put.length > limits.madeText) throw fail('`replace` makes a text that is too long.')
  return pieces.join(put)
}
function split(text: string, values: readonly Json[], fail: Fail): string[] {
  const separator = textAt(values, 0)
  if (separator === '') throw fail('`split` needs a separator; it got an empty text.')
  return text.split(separator, limits.madeList + 1)
}
function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let binary = ''
  for (let from = 0; from < bytes.length; from += 8_192) binary += String.fromCharCode(...bytes.subarray(from, from + 8_192))
  return btoa(binary)
}
const date: Filter = {
  takes: ['string', 'number'],
  arguments: [{ kinds: ['string'], isOptional: true }],
  gives,
  apply: (value, values, fail) => {
    const made = dateText(value, textAt(values, 0, 'YYYY-MM-DDTHH:mm:ss.SSSZ'))
    if (made === undefined) throw fail('`date` takes an ISO 8601 text like 2026-01-31 or 2026-01-31T12:00:00Z, or milliseconds since 1970.')
    return made
  },
}
/** Filters on texts, and on times. */
export const textFilters: readonly (readonly [string, Filter])[] = [
  ['upper', onText((text) => text.toUpperCase())],
  ['lower', onText((text) => text.toLowerCase())],
  ['trim', onText((text) => text.trim())],
  ['replace', onText(replace, aText, aText)],
  ['split', { ...onText(split, aText), gives: () => ({ type: 'array', items: { type: 'string' } }) }],
  ['urlencode', onText((text) => encodeURIComponent(text.toWellFormed()))],
  ['base64', onText(base64)],
  ['date', date],
]
