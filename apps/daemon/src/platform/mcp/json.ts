import type { Json } from '../../engine/types.ts'

/**
 * A copy of what a server sent as plain JSON, without any key `__proto__`. null when it is nested deeper than `depth` or is no JSON.
 */
export function plainJson(value: unknown, depth: number): { readonly value: Json } | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { value }
  if (typeof value === 'number') return Number.isFinite(value) ? { value } : null
  if (typeof value !== 'object' || depth <= 0) return null
  if (Array.isArray(value)) {
    const items: Json[] = []
    for (const each of value) {
      const item = plainJson(each, depth - 1)
      if (item === null) return null
      items.push(item.value)
    }
    return { value: items }
  }
  const copy: { [key: string]: Json } = {}
  for (const [key, each] of Object.entries(value)) {
    if (key === '__proto__' || each === undefined) continue
    const item = plainJson(each, depth - 1)
    if (item === null) return null
    copy[key] = item.value
  }
  return { value: copy }
}
export const isObject = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
