import type { JsonSchema, Problem } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { fitProblems, misfitWords, type JudgedText } from './fit.ts'
import { infer, type ScopeSchemas } from './infer.ts'
import { createEffort, type Effort } from './literals.ts'
import { parseExpression, parseText } from './parse.ts'
import { mayFit } from './schema-kinds.ts'
import { limits, TemplateFault } from './types.ts'
import { placeIn } from './values.ts'

export interface CheckOptions {
  /** What is known of each root; one that is there but undefined may hold anything, one that is not there is a problem. */
  readonly scope: ScopeSchemas
  /** Where the value stands, put before the path of each problem. */
  readonly path: string
  /** Shared by checks that belong together, to bound what they cost in all. */
  readonly effort?: Effort
}
/**
 * Checks a value with templates before anything runs: the syntax, roots, paths, filters and kinds of each template, and the value against `target`,
 * the schema of what it becomes. Where no template is involved the schema judges by itself; a template is judged by the kinds of values it may give.
 * What is not known is no problem. Never throws.
 */
export function checkValue(
  value: Json,
  { scope, target, path, effort = createEffort() }: CheckOptions & { readonly target?: JsonSchema },
): Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, JudgedText>()
  const judge = (text: string): JudgedText => {
    const judged = seen.get(text) ?? judgeText(text, scope)
    seen.set(text, judged)
    return judged
  }
  /** False when the value is too deep to be gone through. */
  const visit = (inner: Json, at: string, depth: number): boolean => {
    if (typeof inner === 'string') problems.push(...judge(inner).faults.map((message) => ({ path: at, message })))
    if (typeof inner !== 'object' || inner === null) return true
    if (depth > limits.valueDepth) {
      problems.push({ path, message: `This is nested deeper than ${limits.valueDepth} levels.` })
      return false
    }
    if (Array.isArray(inner)) return inner.every((each, n) => visit(each, placeIn(at, n), depth + 1))
    return Object.entries(inner).every(([key, each]) => visit(each, placeIn(at, key), depth + 1))
  }
  if (visit(value, path, 0) && target !== undefined) problems.push(...fitProblems(value, target, path, { judge, effort, left: 20_000 }))
  return problems
}
/** Checks a condition: one expression, with or without `{{ }}` around it. Never throws. */
export function checkCondition(text: string, options: CheckOptions): Problem[] {
  return checkExpression(text, options).problems
}
/** Checks an expression that stands alone and tells what it gives; `wanted` is what it must be able to give. Never throws. */
export function checkExpression(text: string, { scope, path }: CheckOptions, wanted: JsonSchema = {}): { problems: Problem[]; schema: JsonSchema } {
  const { faults, schema = {} } = judgeExpression(text, scope)
  const misfit = faults.length > 0 || mayFit(schema, wanted) ? [] : [misfitWords(schema, wanted)]
  return { problems: [...faults, ...misfit].map((message) => ({ path, message })), schema }
}
function judgeText(text: string, scope: ScopeSchemas): JudgedText {
  if (!text.includes('{{')) return { faults: [], schema: { const: text } }
  const faults: string[] = []
  const parts = caught(faults, () => parseText(text))
  const schemas = parts?.map((part) => {
    if (typeof part === 'string') return part
    return infer(part.expression, scope, (message, at) => faults.push(placed(message, at)))
  })
  const [first] = schemas ?? []
  if (faults.length > 0 || schemas === undefined) return { faults }
  return { faults, schema: schemas.length === 1 && typeof first === 'object' ? first : { type: 'string' } }
}
function judgeExpression(text: string, scope: ScopeSchemas): JudgedText {
  const faults: string[] = []
  const expression = caught(faults, () => parseExpression(text))
  const schema = expression && infer(expression, scope, (message, at) => faults.push(placed(message, at)))
  return faults.length > 0 || schema === undefined ? { faults } : { faults, schema }
}
function caught<T>(faults: string[], parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    faults.push(placed(error.message, error.at))
    return undefined
  }
}
/** Counted from 1, as editors do. */
const placed = (message: string, at: number): string => `${message} (Character ${at + 1}.)`
