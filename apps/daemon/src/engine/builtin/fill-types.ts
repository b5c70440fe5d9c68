import type { Json } from '../types.ts'
import type { Property } from './schema.ts'
import type { Token } from './slots.ts'

export interface FillRequest {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly properties: readonly Property[]
  /** Stems the tool is described by; they frame an input and are no part of it. */
  readonly vocabulary: ReadonlySet<string>
  /** The tool acts on the world: free text must be marked as such in the request. */
  readonly acts: boolean
  readonly now: number | null
  /** What stands in the request where an example of the tool has its own words; empty when it has the form of none. */
  readonly argument: readonly Token[]
  readonly app: string
}
export interface Filled {
  readonly inputs: { [name: string]: Json }
  readonly used: Set<Token>
  readonly missing: Property[]
}
/** Gives an input its value and marks the words it came from; false when there is no value. */
export type Take = (property: Property, value: Json | undefined, ...tokens: readonly Token[]) => boolean
