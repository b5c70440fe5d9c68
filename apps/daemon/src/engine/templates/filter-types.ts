import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import type { TemplateFault } from './types.ts'
import type { Kind } from './values.ts'

/** Makes the fault of a filter; its place is that of the filter. */
export type Fail = (message: string) => TemplateFault
export interface Argument {
  readonly kinds: readonly Kind[]
  readonly isOptional?: boolean
}
export interface Filter {
  /** The kinds of values it takes; absent: every kind. */
  readonly takes?: readonly Kind[]
  readonly arguments: readonly Argument[]
  /** The schema of what it gives, by those of what it is given. */
  readonly gives: (value: JsonSchema, values: readonly JsonSchema[]) => JsonSchema
  /** Value and arguments have the kinds that are said above, and are bounded. */
  readonly apply: (value: Json, values: readonly Json[], fail: Fail) => Json
}
/** An argument that is a text, or what stands for it when it is not given. */
export const textAt = (values: readonly Json[], n: number, absent = ''): string => {
  const value = values[n]
  return typeof value === 'string' ? value : absent
}
/** An argument that is a number, or undefined when it is not given. */
export const numberAt = (values: readonly Json[], n: number): number | undefined => {
  const value = values[n]
  return typeof value === 'number' ? value : undefined
}
