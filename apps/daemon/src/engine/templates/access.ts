import type { Json } from '../types.ts'
import { limits, type Segment } from './types.ts'
import { isObject, kindOf, kindWords, own, placeIn } from './values.ts'

/** What stands at a path, or a sentence that says where the path ends. */
export type Found = { readonly value: Json } | { readonly missing: string }

/**
 * Follows a path. Only own, enumerable properties of plain objects and elements of lists are read: `constructor`, `__proto__` or the `length` of a
 * list are not there. After `[*]` the rest is followed in each element, and elements that do not have it are left out.
 */
export function select(start: Json, segments: readonly Segment[], root: string): Found {
  const many = segments.indexOf(null)
  const single = many < 0 ? segments : segments.slice(0, many)
  let value = start
  let place = root
  for (const segment of single) {
    const inner = child(value, segment)
    if (inner === undefined) return { missing: missingWords(value, segment, place) }
    value = inner
    place = placeIn(place, segment)
  }
  if (many < 0) return { value }
  const elements = elementsOf(value)
  if (elements === undefined) return { missing: `\`${place}\` is ${kindWords[kindOf(value)]}, so it has no elements.` }
  return collect(elements, segments.slice(many + 1), place)
}
function collect(first: readonly Json[], segments: readonly Segment[], place: string): Found {
  let values: readonly Json[] = first
  for (const segment of segments) {
    const step = (value: Json): readonly Json[] => {
      if (segment === null) return elementsOf(value) ?? []
      const inner = child(value, segment)
      return inner === undefined ? [] : [inner]
    }
    values = values.flatMap(step)
  }
  if (values.length <= limits.madeList) return { value: [...values] }
  return { missing: `\`${place}[*]\` has more than ${limits.madeList} elements, which is too many.` }
}
function elementsOf(value: Json): readonly Json[] | undefined {
  if (Array.isArray(value)) return value
  return isObject(value) ? Object.values(value) : undefined
}
function child(value: Json, segment: Segment): Json | undefined {
  if (typeof segment === 'number') return Array.isArray(value) ? value.at(segment) : undefined
  return segment !== null && isObject(value) ? own(value, segment) : undefined
}
function missingWords(value: Json, segment: Segment, place: string): string {
  const wanted = placeIn('', segment)
  if (Array.isArray(value) && typeof segment === 'number') return `\`${place}\` has ${value.length} elements, so there is no \`${wanted}\`.`
  if (isObject(value) && typeof segment === 'string') return `\`${place}\` has no \`${wanted}\`.`
  return `\`${place}\` is ${kindWords[kindOf(value)]}, so it has no \`${wanted}\`.`
}
