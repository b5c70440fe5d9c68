import type { JsonSchema } from '../execution/types.ts'
import { unknownRoot } from './evaluate.ts'
import { filterNamed, misuse } from './filters.ts'
import { parsePath } from './parse.ts'
import { kindsOf } from './schema-kinds.ts'
import { schemaAt } from './schema.ts'
import type { Expression, FilterUse, PathExpression } from './types.ts'
import { kindWords, own, placeIn } from './values.ts'

/** The schemas of the roots; a root that is there but undefined may hold anything. */
export type ScopeSchemas = Readonly<Record<string, JsonSchema | undefined>>
/** Told of what is wrong in an expression, and where in its text. */
export type Report = (message: string, at: number) => void
const boolean: JsonSchema = { type: 'boolean' }
const unknown: JsonSchema = {}

/**
 * The schema of what an expression gives, `{}` where nothing is known. Reports what can never work: roots and filters that there are not, paths that
 * the schemas rule out, values of a kind that a filter or a comparison does not take.
 */
export function infer(expression: Expression, scope: ScopeSchemas, report: Report): JsonSchema {
  switch (expression.kind) {
    case 'literal':
      return { const: expression.value }
    case 'path':
      return ofPath(expression, scope, report)
    case 'not':
      infer(expression.of, scope, report)
      return boolean
    case 'every':
    case 'some':
      for (const each of expression.of) infer(each, scope, report)
      return boolean
    case 'compare':
      judgeComparison(expression, infer(expression.left, scope, report), infer(expression.right, scope, report), report)
      return boolean
    case 'pipe':
      return expression.filters.reduce((value, use) => ofFilter(value, use, scope, report), infer(expression.of, scope, report))
  }
}
function ofPath({ root, segments, at }: PathExpression, scope: ScopeSchemas, report: Report): JsonSchema {
  if (!Object.hasOwn(scope, root)) {
    report(unknownRoot(root, Object.keys(scope)), at)
    return unknown
  }
  const schema = own(scope, root)
  if (schema === undefined) return unknown
  const { schema: found, missing } = schemaAt(schema, segments)
  if (missing === undefined) return found
  const place = segments.slice(0, missing.at).reduce(placeIn, root)
  const wanted = placeIn('', segments[missing.at] ?? null)
  const kinds = kindsOf(missing.holder)
  const isScalar = !kinds.includes('object') && !kinds.includes('array')
  const names = missing.names.slice(0, 20).map((name) => `\`${placeIn('', name)}\``)
  const why = isScalar ? ` is ${kinds.map((kind) => kindWords[kind]).join(' or ')}, so it` : ''
  report(`\`${place}\`${why} has no \`${wanted}\`.${names.length > 0 && !isScalar ? ` It has: ${names.join(', ')}.` : ''}`, at)
  return unknown
}
function ofFilter(value: JsonSchema, use: FilterUse, scope: ScopeSchemas, report: Report): JsonSchema {
  const values = use.arguments.map((each) => infer(each, scope, report))
  const kinds = (schema: JsonSchema) => kindsOf(schema)
  const wrong = misuse(use, kinds(value), values.map(kinds))
  if (wrong !== undefined) report(wrong, use.at)
  const filter = filterNamed(use.name)
  if (filter === undefined || wrong !== undefined) return unknown
  const path = use.name === 'map' || use.name === 'sort' ? values[0]?.['const'] : undefined
  if (typeof path === 'string' && parsePath(path) === undefined) report(`The filter \`${use.name}\` needs a path like 'name' or 'a.b[0]'.`, use.at)
  return filter.gives(value, values)
}
type Comparison = Extract<Expression, { kind: 'compare' }>
function judgeComparison({ operator, at }: Comparison, left: JsonSchema, right: JsonSchema, report: Report): void {
  if (operator === '==' || operator === '!=') return
  const [mine, theirs] = [kindsOf(left), kindsOf(right)]
  if (mine.length === 0 || theirs.length === 0) return
  const words = `${mine.map((kind) => kindWords[kind]).join(' or ')} and ${theirs.map((kind) => kindWords[kind]).join(' or ')}`
  if (operator === 'contains') {
    const fits = mine.some((kind) => kind === 'null' || kind === 'array' || ((kind === 'string' || kind === 'object') && theirs.some(isTextOrNull)))
    if (!fits) report(`\`contains\` looks for anything in a list, or for a text in a text or in the names of an object; these are ${words}.`, at)
    return
  }
  const mayBeNull = mine.includes('null') || theirs.includes('null')
  const both = mine.some((kind) => (kind === 'number' || kind === 'string') && theirs.includes(kind))
  if (!mayBeNull && !both) report(`\`${operator}\` compares two numbers or two texts; these are ${words}.`, at)
}
const isTextOrNull = (kind: string): boolean => kind === 'string' || kind === 'null'
