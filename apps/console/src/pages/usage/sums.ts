import type { ItemOf } from '../../platform/operations.ts'

export type Total = ItemOf<'usage.totals'>
/** The figures of a row; all that can be added up. */
export type Figures = Omit<Total, 'key' | 'runs'>
const names = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'costUsd',
  'turns',
  'tools',
] as const satisfies readonly (keyof Figures)[]
export const noFigures: Figures = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0, turns: 0, tools: 0 }

/** All rows together. Runs are not added up: one that went on over midnight is in two days. */
export const sumOf = (rows: readonly Figures[]): Figures =>
  rows.reduce((sum, row) => Object.fromEntries(names.map((name) => [name, sum[name] + row[name]])) as unknown as Figures, noFigures)
/** All tokens that went to a model or came from it. */
export const tokensOf = ({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Figures): number =>
  inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens
/** Which part of what models read came from their cache, 0 to 1; undefined where they read nothing. */
export function cacheShare({ inputTokens, cacheReadTokens, cacheWriteTokens }: Figures): number | undefined {
  const read = inputTokens + cacheReadTokens + cacheWriteTokens
  return read === 0 ? undefined : cacheReadTokens / read
}
export type Measure = 'cost' | 'tokens'
export const measureOf = (measure: Measure, figures: Figures): number => (measure === 'cost' ? figures.costUsd : tokensOf(figures))

/** A stretch of time: whole days of UTC from `since` on and before `until`, ISO 8601; undefined: without an end. */
export interface Stretch {
  readonly since: string | undefined
  readonly until: string | undefined
}
const dayMs = 86_400_000
const lengths: Readonly<Record<string, number>> = { '7d': 7, '30d': 30, '90d': 90, year: 365 }
const midnight = (day: string | undefined, plus = 0) => {
  const at = Date.parse(`${day ?? ''}T00:00:00Z`)
  return Number.isNaN(at) ? undefined : new Date(at + plus * dayMs).toISOString()
}
/** What an address asks for; the last 30 days unless it says. `to` is the last day, included. */
export function stretchOf(range: string, from: string | undefined, to: string | undefined, now: number): Stretch {
  if (range === 'all') return { since: undefined, until: undefined }
  if (range === 'chosen') return { since: midnight(from), until: midnight(to, 1) }
  const today = new Date(now).toISOString().slice(0, 10)
  return { since: midnight(today, 1 - (lengths[range] ?? 30)), until: undefined }
}
/** Every day from the first to the last, so that days without usage have their place; at most 400, the newest. */
export function daysBetween(first: string, last: string): readonly string[] {
  const end = Date.parse(last)
  const begin = Math.max(Date.parse(first), end - 399 * dayMs)
  return Array.from({ length: Math.max(0, Math.round((end - begin) / dayMs) + 1) }, (_, index) =>
    new Date(begin + index * dayMs).toISOString().slice(0, 10),
  )
}
