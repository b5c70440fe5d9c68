import type { Catalog, Entry } from './catalog.ts'
import type { Clause } from './clauses.ts'
import { isContent } from './cues.ts'
import type { PlanStep } from './types.ts'

const SOURCE = new Set(['into', 'to', 'as', 'onto'])

/** "copy a.txt to b.txt" where no tool copies: the one is read and the other written. Null for any other clause, and where there are no such tools. */
export function copySteps({ tokens, question }: Clause, catalog: Catalog, inScope: (entry: Entry) => boolean, at: number): PlanStep[] | null {
  if (
    question ||
    !['copy', 'duplicate'].includes(tokens[0]?.lower ?? '') ||
    catalog.entries.some((entry) => inScope(entry) && entry.own.includes('copy'))
  )
    return null
  const [from, to, ...more] = tokens.filter((token) => token.slot)
  if (from?.slot?.kind !== 'path' || to?.slot?.kind !== 'path' || more.length > 0 || tokens.at(-1) !== to) return null
  if (!SOURCE.has(tokens[tokens.indexOf(to) - 1]?.lower ?? '')) return null
  const reader = only(catalog, (entry) => inScope(entry) && !entry.acts && entry.own.includes('read') && needs(entry).join() === 'path')
  const writer = only(catalog, (entry) => inScope(entry) && entry.own.includes('writ') && needs(entry).toSorted().join() === 'content,path')
  if (!reader || !writer) return null
  const path = (entry: Entry): string => entry.properties().find((property) => property.required && property.kind === 'path')?.name ?? ''
  const content = writer.properties().find((property) => property.required && isContent(property))?.name ?? ''
  return [
    { toolId: reader.tool.id, inputs: { [path(reader)]: from.slot.value } },
    { toolId: writer.tool.id, inputs: { [path(writer)]: to.slot.value }, from: { [content]: { step: at, pick: 'text' } } },
  ]
}
/** What kinds of inputs it needs. */
const needs = (entry: Entry): string[] =>
  entry
    .properties()
    .filter((property) => property.required)
    .map((property) => (isContent(property) ? 'content' : property.kind))
function only(catalog: Catalog, fits: (entry: Entry) => boolean): Entry | null {
  const found = catalog.entries.filter(fits)
  return found.length === 1 ? (found[0] ?? null) : null
}
