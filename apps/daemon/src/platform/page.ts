import { Fault } from '@steward/contract'

/** Where the next page begins, as opaque text: base64url of JSON. */
export const encodePage = (place: Readonly<Record<string, string | number>>): string => Buffer.from(JSON.stringify(place)).toString('base64url')
/** What is answered to a cursor that this list did not give out. */
export const wrongCursor = () => new Fault('invalid', 'The page cursor is not one that this list gave out; leave it away to start at the first page.')
/** Reads one field of a page cursor. Throws Fault `invalid` for text that no list gave out. */
export function decodePage(cursor: string, field: string): number {
  const value = decodePlace(cursor)[field]
  if (typeof value !== 'number') throw wrongCursor()
  return value
}
/** Reads a whole page cursor. Throws Fault `invalid` for text that no list gave out. */
export function decodePlace(cursor: string): Record<string, string | number> {
  let place: unknown
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw wrongCursor()
  }
  if (typeof place !== 'object' || place === null || Array.isArray(place)) throw wrongCursor()
  for (const value of Object.values(place)) if (typeof value !== 'string' && typeof value !== 'number') throw wrongCursor()
  return place as Record<string, string | number>
}
/** A page of items that stand in the order of a text which no two of them share: those after the cursor's, at most `limit`. Throws Fault `invalid` for a wrong cursor. */
export function pageByKey<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { items: T[]; nextCursor: string | null } {
  const after = cursor === undefined ? undefined : decodePlace(cursor)['after']
  if (cursor !== undefined && typeof after !== 'string') throw wrongCursor()
  const rest = items.filter((item) => after === undefined || keyOf(item) > after)
  const shown = rest.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown, nextCursor: rest.length > limit && last !== undefined ? encodePage({ after: keyOf(last) }) : null }
}

/** A part of a list that is ordered by id: at most `limit` of those that come after `beyond`, or from its beginning on. */
export interface OrderedPart {
  readonly order: 'oldest' | 'newest'
  readonly beyond: string | undefined
  readonly limit: number
}
/** Where a list of ids begins, by its order: before, and after, every id. */
export const beginning = { oldest: '', newest: '~' } as const
