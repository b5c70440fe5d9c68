import type { Json } from '../types.ts'

const iso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/
/** No part of a pattern is inside another, so that one pass replaces them all. */
const parts = /YYYY|MM|DD|HH|mm|ss|SSS/g

/**
 * A time in UTC, written after a pattern of YYYY, MM, DD, HH, mm, ss and SSS; everything else is copied. It is given as ISO 8601 (without a zone: in
 * UTC) or in milliseconds since 1970. Undefined for what is no time of the years 0 to 9999.
 */
export function dateText(value: Json, pattern: string): string | undefined {
  const time = typeof value === 'string' ? timeOf(value.trim()) : Number(value)
  if (!Number.isFinite(time) || Math.abs(time) > 8.64e15) return undefined
  const date = new Date(time)
  const year = date.getUTCFullYear()
  if (year < 0 || year > 9_999) return undefined
  const written: ReadonlyMap<string, number> = new Map([
    ['YYYY', year],
    ['MM', date.getUTCMonth() + 1],
    ['DD', date.getUTCDate()],
    ['HH', date.getUTCHours()],
    ['mm', date.getUTCMinutes()],
    ['ss', date.getUTCSeconds()],
    ['SSS', date.getUTCMilliseconds()],
  ])
  return pattern.replace(parts, (part) => String(written.get(part) ?? '').padStart(part.length, '0'))
}
function timeOf(text: string): number {
  const match = iso.exec(text)
  if (match === null) return Number.NaN
  return Date.parse(text.includes('T') && match[1] === undefined ? `${text}Z` : text)
}
