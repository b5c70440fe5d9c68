import type { Json } from '../types.ts'
import { numberAt, type Filter } from './filter-types.ts'
import { textOf } from './values.ts'

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const booleans: ReadonlyMap<Json, boolean> = new Map<Json, boolean>([
  ['true', true],
  ['false', false],
  [1, true],
  [0, false],
])
const json: Filter = {
  arguments: [{ kinds: ['number'], isOptional: true }],
  gives: () => ({ type: 'string' }),
  apply: (value, values, fail) => {
    const spaces = numberAt(values, 0) ?? 0
    if (!Number.isInteger(spaces) || spaces < 0 || spaces > 8) throw fail('`json` takes 0 to 8 spaces.')
    return JSON.stringify(value, null, spaces)
  },
}
const string: Filter = { arguments: [], gives: () => ({ type: 'string' }), apply: (value) => textOf(value) }
const number: Filter = {
  takes: ['number', 'string'],
  arguments: [],
  gives: () => ({ type: 'number' }),
  apply: (value, _values, fail) => {
    if (typeof value === 'number') return value
    const text = String(value).trim()
    const made = text.length <= 400 && numeric.test(text) ? Number(text) : Number.NaN
    if (!Number.isFinite(made)) throw fail('`number` got a text that is no number.')
    return made
  },
}
const boolean: Filter = {
  takes: ['boolean', 'number', 'string'],
  arguments: [],
  gives: () => ({ type: 'boolean' }),
  apply: (value, _values, fail) => {
    if (typeof value === 'boolean') return value
    const made = booleans.get(typeof value === 'string' ? value.trim().toLowerCase() : value)
    if (made === undefined) throw fail("`boolean` takes 'true', 'false', 1 or 0.")
    return made
  },
}
/** Filters that turn one kind of value into another. */
export const conversions: readonly (readonly [string, Filter])[] = [
  ['json', json],
  ['string', string],
  ['number', number],
  ['boolean', boolean],
]
