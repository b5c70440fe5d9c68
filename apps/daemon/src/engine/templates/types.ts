import type { Json } from '../types.ts'

/** What templates read: a value for each root (`inputs`, `steps`, …). A root that is there but undefined has no value yet. */
export type Scope = Readonly<Record<string, Json | undefined>>
/** One step of a path: a property, a place in a list (negative: from its end), or `null` for every element (`[*]`). */
export type Segment = string | number | null
export interface PathExpression {
  readonly kind: 'path'
  readonly root: string
  readonly segments: readonly Segment[]
  readonly at: number
}
/** A filter as it is used: `| name: argument, argument`. */
export interface FilterUse {
  readonly name: string
  readonly arguments: readonly Expression[]
  readonly at: number
}
export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains'
/** An expression, parsed. `at` is where it stands in the text, in UTF-16 units. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Json; readonly at: number }
  | PathExpression
  | { readonly kind: 'not'; readonly of: Expression; readonly at: number }
  | { readonly kind: 'every' | 'some'; readonly of: readonly Expression[]; readonly at: number }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: Expression; readonly right: Expression; readonly at: number }
  | { readonly kind: 'pipe'; readonly of: Expression; readonly filters: readonly FilterUse[]; readonly at: number }
/** A text, parsed: what is copied and what is computed. */
export type TextPart = string | { readonly expression: Expression }

/** What no template goes beyond. Texts are counted in UTF-16 units. */
export const limits = {
  /** A text with templates, and a condition. */
  text: 20_000,
  /** Parentheses, `not` and lists of arguments inside each other. */
  expressionDepth: 50,
  /** Lists and objects inside each other, in what is rendered. */
  valueDepth: 100,
  /** Lists and objects inside each other, in what a template reads and compares, joins or inserts. */
  readDepth: 200,
  /** A text that a filter or an insertion makes. */
  madeText: 4_000_000,
  /** A list that a filter or `[*]` makes. */
  madeList: 100_000,
  /** Values and characters that one rendering handles in all. */
  work: 16_000_000,
} as const

/**
 * A template that cannot be read or filled in. The message is a sentence that says what to do; it never quotes a value, which may be secret.
 * `at` is the place in the text in UTF-16 units; `path` the place of the text in the value (`steps[2].inputs.uri`), '' if unknown.
 */
export class TemplateFault extends Error {
  readonly at: number
  path: string
  constructor(message: string, at: number, path = '') {
    super(message)
    this.name = 'TemplateFault'
    this.at = at
    this.path = path
  }
}
