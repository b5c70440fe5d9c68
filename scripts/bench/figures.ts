import { performance } from 'node:perf_hooks'

/** One measured figure. `limit` is the most that is aimed at, or with `atMost: false` the least; without one it only informs. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly limit?: number
  readonly atMost?: boolean
  /** Median and 95th percentile of what was measured, in the figure's unit, where `value` is made of many. */
  readonly p50?: number
  readonly p95?: number
  readonly note?: string
  /** What another program has at the same, in its own words. */
  readonly reference?: string
}
/** A figure as the table and the JSON have it. */
export interface Row extends Figure {
  readonly ok: boolean
}
/** How often each measurement is repeated; the best round counts, because a shared machine only ever adds to a time. */
export const rounds = 3

/** The value below which the given share (0 to 1) of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
export const median = (samples: readonly number[]): number => quantile(samples, 0.5)
export interface Spread {
  readonly p50: number
  readonly p95: number
}
/** The round with the lowest median. */
export function bestOf(found: readonly (readonly number[])[]): Spread {
  const [best = []] = found.toSorted((one, other) => median(one) - median(other))
  return { p50: median(best), p95: quantile(best, 0.95) }
}
/** Runs `once` so many times, after a few that do not count, in several rounds; milliseconds. */
export async function timed(times: number, once: (index: number) => Promise<unknown>): Promise<Spread> {
  let index = 0
  for (let warm = 0; warm < times; warm++) await once(index++)
  const found: number[][] = []
  for (let round = 0; round < rounds; round++) {
    const samples: number[] = []
    for (let n = 0; n < times; n++) {
      const from = performance.now()
      await once(index++)
      samples.push(performance.now() - from)
    }
    found.push(samples)
  }
  return bestOf(found)
}
/** The figure with its judgement. A figure without an aim is always well. */
export function judge(figure: Figure): Row {
  const { value, limit, atMost = true } = figure
  return { ...figure, ok: limit === undefined || (atMost ? value <= limit : value >= limit) }
}
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
/** The rows as text for a terminal, one line each. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ name, value, unit, limit, atMost = true, p95, ok, note, reference }) => [
    limit === undefined ? '·' : ok ? 'ok' : 'MISSED',
    name,
    `${number(value)} ${unit}`,
    limit === undefined ? '' : `${atMost ? '<' : '>'} ${number(limit)}`,
    p95 === undefined ? '' : `p95 ${number(p95)}`,
    reference === undefined ? '' : `reference ${reference}`,
    note ?? '',
  ])
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
