import type { Json } from '../types.ts'
import { parseExpression, parseText } from './parse.ts'
import { limits, TemplateFault, type Expression, type PathExpression } from './types.ts'
import { isObject, placeIn } from './values.ts'

export interface Reference {
  readonly root: string
  /** `*` stands for every element. */
  readonly path: readonly (string | number | '*')[]
  /** The place in the value of the text that reads it (`steps[2].x`), '' for the value itself. */
  readonly at: string
}

/** What the templates of a value read, in the order they are written. A text that cannot be parsed reads nothing: `checkValue` tells of it. */
export function references(value: Json): readonly Reference[] {
  const found: Reference[] = []
  const visit = (inner: Json, at: string, depth: number): void => {
    if (typeof inner === 'string') found.push(...ofText(inner, at))
    else if (depth > limits.valueDepth) return
    else if (Array.isArray(inner)) inner.forEach((each, n) => visit(each, placeIn(at, n), depth + 1))
    else if (isObject(inner)) for (const [key, each] of Object.entries(inner)) visit(each, placeIn(at, key), depth + 1)
  }
  visit(value, '', 0)
  return found
}
/** The same for a condition or another expression that stands alone, with or without `{{ }}`. */
export function referencesOfExpression(text: string): readonly Reference[] {
  return orNothing(() => pathsOf(parseExpression(text)).map((path) => toReference(path, '')))
}
/** Every path in an expression, also in the arguments of filters. */
export function pathsOf(expression: Expression): readonly PathExpression[] {
  switch (expression.kind) {
    case 'literal':
      return []
    case 'path':
      return [expression]
    case 'not':
      return pathsOf(expression.of)
    case 'every':
    case 'some':
      return expression.of.flatMap(pathsOf)
    case 'compare':
      return [...pathsOf(expression.left), ...pathsOf(expression.right)]
    case 'pipe':
      return [...pathsOf(expression.of), ...expression.filters.flatMap((use) => use.arguments.flatMap(pathsOf))]
  }
}
function ofText(text: string, at: string): readonly Reference[] {
  if (!text.includes('{{')) return []
  return orNothing(() =>
    parseText(text)
      .flatMap((part) => (typeof part === 'string' ? [] : pathsOf(part.expression)))
      .map((path) => toReference(path, at)),
  )
}
const toReference = ({ root, segments }: PathExpression, at: string): Reference => ({ root, path: segments.map((segment) => segment ?? '*'), at })
function orNothing(find: () => readonly Reference[]): readonly Reference[] {
  try {
    return find()
  } catch (error) {
    if (error instanceof TemplateFault) return []
    throw error
  }
}
