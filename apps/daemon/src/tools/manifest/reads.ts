import { references } from '../../engine/templates/references.ts'
import type { Scope } from '../../engine/templates/types.ts'
import { placeIn } from '../../engine/templates/values.ts'
import type { Json } from '../../engine/types.ts'

/** What a template in a manifest may read. */
export type Root = 'inputs' | 'settings' | 'secrets' | 'call'
export type ManifestScope = Scope & { readonly [root in Root]: Json }

/** True when a text's templates read a root. */
export const readsOf = (text: string, root: Root): boolean => references(text).some((reference) => reference.root === root)

/** Every text of a JSON value, with its place. */
export function textsIn(value: Json, path = ''): readonly { readonly text: string; readonly path: string }[] {
  if (typeof value === 'string') return [{ text: value, path }]
  if (typeof value !== 'object' || value === null) return []
  return Array.isArray(value)
    ? value.flatMap((each, index) => textsIn(each, placeIn(path, index)))
    : Object.entries(value).flatMap(([key, each]) => textsIn(each, placeIn(path, key)))
}
export const isFlat = (value: Json): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
