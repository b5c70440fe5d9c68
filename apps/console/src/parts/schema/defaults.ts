import { isObject, resolve, shapeOf, type Schema } from './shape.ts'

/** Schemas that contain themselves end here. */
const deepest = 8

/** What a form begins with: defaults, what can be nothing else, and the objects that must be there. Undefined where a person has to say it. */
export function startOf(schema: Schema, root: Schema = schema, depth = 0): unknown {
  const resolved = resolve(schema, root)
  if (Object.hasOwn(resolved, 'default')) return resolved['default']
  const shape = shapeOf(schema, root)
  if (shape.kind === 'fixed') return shape.value
  if (depth >= deepest) return undefined
  if (shape.kind === 'object') {
    const entries = shape.properties.flatMap(({ name, schema: own, required }) => {
      const value = required || Object.hasOwn(resolve(own, root), 'default') ? startOf(own, root, depth + 1) : undefined
      return value === undefined ? [] : [[name, value] as const]
    })
    return Object.fromEntries(entries)
  }
  if (shape.kind === 'list') return Array.from({ length: Math.min(shape.minItems ?? 0, 20) }, () => startOf(shape.items, root, depth + 1) ?? null)
  if (shape.kind === 'map') return {}
  if (shape.kind === 'either' && shape.variants[0]) return startOf(shape.variants[0], root, depth + 1)
  return undefined
}
/** An object with one entry set; undefined takes it out. */
export function withEntry(value: unknown, name: string, entry: unknown): Readonly<Record<string, unknown>> {
  const { [name]: _, ...others } = isObject(value) ? value : {}
  if (entry === undefined) return others
  return isObject(value) && Object.hasOwn(value, name) ? { ...value, [name]: entry } : { ...others, [name]: entry }
}
