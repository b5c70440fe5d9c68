import type { Filter } from './filter-types.ts'
import { conversions } from './filters-convert.ts'
import { listFilters } from './filters-list.ts'
import { textFilters } from './filters-text.ts'
import type { FilterUse } from './types.ts'
import { kindWords, type Kind } from './values.ts'

/**
 * All filters. None runs code or a pattern, none depends on the place or the time where it runs.
 *
 * - `default: x`: x where the value is missing or null
 * - `json`, `json: spaces`; `string`; `number`; `boolean`: conversions. `number` reads a text like '1.5', `boolean` 'true', 'false', 1 and 0
 * - `upper`, `lower`, `trim`; `replace: 'a', 'b'` (every one, as plain text); `split: ','`; `urlencode`; `base64` (of UTF-8)
 * - `date`, `date: 'YYYY-MM-DD HH:mm:ss.SSS'`: an ISO 8601 text or milliseconds since 1970, in UTC
 * - `length` of a text (in characters), list or object, 0 for null; `slice: from, to` of a text or list, negative from the end
 * - `first`, `last` (null if there is none), `join: ', '`, `reverse`, `unique`, `sort`, `sort: 'path'`, `map: 'path'` (what lacks it is left out)
 * - `keys`, `values` of an object
 */
const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  [
    'default',
    {
      arguments: [{ kinds: ['null', 'boolean', 'number', 'string', 'array', 'object'] }],
      gives: (value, [other]) => ({ anyOf: [value, other ?? {}] }),
      apply: (value, [other]) => value ?? other ?? null,
    },
  ],
  ...conversions,
  ...textFilters,
  ...listFilters,
])
export const filterNamed = (name: string): Filter | undefined => filters.get(name)

/** Why a filter cannot be used so, undefined if it can. The kinds are those that value and arguments have, or may have. */
export function misuse({ name, arguments: uses }: FilterUse, value: readonly Kind[], given: readonly (readonly Kind[])[]): string | undefined {
  const filter = filterNamed(name)
  if (filter === undefined) return `There is no filter \`${name.slice(0, 60)}\`. Known: ${[...filters.keys()].join(', ')}.`
  const least = filter.arguments.filter(({ isOptional }) => isOptional !== true).length
  const most = filter.arguments.length
  if (uses.length < least || uses.length > most) return `The filter \`${name}\` takes ${countWords(least, most)}, but got ${uses.length}.`
  if (filter.takes !== undefined && !overlap(filter.takes, value)) {
    const advice = value.every((kind) => kind === 'null') ? ' Put `| default: …` before it.' : ''
    return `The filter \`${name}\` takes ${anyOf(filter.takes)}, but got ${anyOf(value)}.${advice}`
  }
  const wrong = filter.arguments.findIndex(({ kinds }, n) => given[n] !== undefined && !overlap(kinds, given[n]))
  const wanted = filter.arguments[wrong]
  return wanted && `Argument ${wrong + 1} of the filter \`${name}\` is ${anyOf(wanted.kinds)}, but got ${anyOf(given[wrong] ?? [])}.`
}
const overlap = (wanted: readonly Kind[], given: readonly Kind[]): boolean => given.some((kind) => wanted.includes(kind))
const anyOf = (kinds: readonly Kind[]): string => kinds.map((kind) => kindWords[kind]).join(' or ')
function countWords(least: number, most: number): string {
  if (most === 0) return 'no arguments'
  return `${least === most ? most : `${least} to ${most}`} ${most === 1 ? 'argument' : 'arguments'}`
}
