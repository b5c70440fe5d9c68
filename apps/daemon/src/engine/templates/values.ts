import type { Json } from '../types.ts'
import { limits } from './types.ts'

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'
/** How a kind is called in a sentence. */
export const kindWords: Readonly<Record<Kind, string>> = {
  null: 'nothing (null)',
  boolean: 'true or false',
  number: 'a number',
  string: 'a text',
  array: 'a list',
  object: 'an object',
}
/** The kind of a value, by its name in JSON Schema. */
export function kindOf(value: Json): Kind {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'string') return 'string'
  return Array.isArray(value) ? 'array' : 'object'
}
export type JsonObject = { readonly [key: string]: Json }
/** True for a plain object: no list, no null, nothing that a class made. */
export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
/** An own, enumerable property; never one that is inherited, and no getter is run. */
export function own<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  const property: TypedPropertyDescriptor<T> | undefined = Object.getOwnPropertyDescriptor(object, key)
  return property?.enumerable === true ? property.value : undefined
}
/** What counts as true in a condition: all but false, null, 0, '' and an empty list or object. */
export function isTruthy(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (isObject(value)) return Object.keys(value).length > 0
  return Boolean(value)
}
/**
 * How large a value is: the characters of its texts and names, and one for each value. Infinity when it is nested deeper than 200 levels or as soon
 * as it is more than `most`.
 */
export function sizeOf(value: Json, most: number = limits.work): number {
  let size = 0
  const open: { value: Json; depth: number }[] = [{ value, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    size += typeof next.value === 'string' ? next.value.length + 1 : 1
    if (next.depth > limits.readDepth || size > most) return Infinity
    if (typeof next.value !== 'object' || next.value === null) continue
    const inner = Array.isArray(next.value) ? next.value : Object.values(next.value)
    if (!Array.isArray(next.value)) for (const key of Object.keys(next.value)) size += key.length
    if (size + inner.length + open.length > most) return Infinity
    for (const each of inner) open.push({ value: each, depth: next.depth + 1 })
  }
  return size
}
/** True when two values are the same JSON; the order of properties does not matter. Their depth has been bounded by `sizeOf`. */
export function equal(one: Json, other: Json): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((each, n) => equal(each, other[n] ?? null))
  if (!isObject(one) || !isObject(other)) return false
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => {
    const [mine, theirs] = [own(one, key), own(other, key)]
    return mine !== undefined && theirs !== undefined && equal(mine, theirs)
  })
}
/** The same text for equal values, whatever the order of their properties. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const keys = Object.keys(value).toSorted()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(own(value, key) ?? null)}`).join()}}`
}
/** How a value reads inside a text: a text as it is, nothing for null, everything else as JSON. */
export function textOf(value: Json): string {
  if (typeof value === 'string') return value
  return value === null ? '' : JSON.stringify(value)
}
const plainName = /^[\p{L}_$][\p{L}\p{N}_$-]{0,99}$/u
/** A path, one step longer, as a person writes it: `inputs.uri`, `steps[2]`, `inputs['a key']`. Long names are cut. */
export function placeIn(path: string, key: string | number | null): string {
  if (key === null) return `${path}[*]`
  if (typeof key === 'number') return `${path}[${key}]`
  if (plainName.test(key)) return path === '' ? key : `${path}.${key}`
  return `${path}[${JSON.stringify(key.slice(0, 60))}]`
}
