import { useQueries } from '@tanstack/react-query'
import { Chart, type Series } from '../../parts/chart.tsx'
import { count, money } from '../../parts/format.ts'
import { call } from '../../platform/daemon.ts'
import { usage as words } from '../../text/usage.ts'
import { daysBetween, measureOf, type Measure, type Stretch, type Total } from './sums.ts'
import type { Grouping } from './use-totals.ts'

const mostSeries = 5
const mostBars = 24
const formats: Readonly<Record<Measure, (value: number) => string>> = { cost: money, tokens: count }
export interface UsageChartProps {
  readonly by: Grouping
  readonly rows: readonly Total[]
  readonly models: readonly Total[]
  readonly stretch: Stretch
  readonly measure: Measure
  readonly nameOf: (key: string) => string
}
/** The figures as bars: a day's by its models, else the largest. */
export function UsageChart({ by, rows, models, stretch, measure, nameOf }: UsageChartProps) {
  if (by === 'day') return <DayChart rows={rows} models={models} stretch={stretch} measure={measure} />
  const largest = rows.toSorted((a, b) => measureOf(measure, b) - measureOf(measure, a)).slice(0, mostBars)
  const series: readonly Series[] = [{ label: words.measures[measure], values: largest.map((row) => measureOf(measure, row)) }]
  return <Chart label={words.chart[measure]} kind="bars" x={largest.map(({ key }) => nameOf(key))} series={series} format={formats[measure]} />
}
/** One series a model; small ones are one, so that all bars together are all there is. */
function DayChart({ rows, models, stretch: { since, until }, measure }: Omit<UsageChartProps, 'by' | 'nameOf'>) {
  const [newest, oldest] = [rows[0]?.key, rows.at(-1)?.key]
  const shown = models.length === 1 ? [] : models.toSorted((a, b) => measureOf(measure, b) - measureOf(measure, a)).slice(0, mostSeries)
  const ofModels = useQueries({
    queries: shown.map(({ key }) => {
      const input = {
        by: 'day' as const,
        model: key,
        limit: 200,
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
      }
      return { queryKey: ['usage.totals', input], queryFn: ({ signal }: { signal: AbortSignal }) => call('usage.totals', input, { signal }) }
    }),
  })
  if (newest === undefined || oldest === undefined) return null
  const today = new Date().toISOString().slice(0, 10)
  const last = until === undefined ? today : newest
  const days = daysBetween(since?.slice(0, 10) ?? oldest, last < newest ? newest : last)
  const valuesOf = (some: readonly Total[]) => {
    const byDay = new Map(some.map((row) => [row.key, measureOf(measure, row)]))
    return days.map((day) => byDay.get(day) ?? 0)
  }
  const whole = valuesOf(rows)
  const isWhole = ofModels.some(({ data }) => data === undefined || data.nextCursor !== null)
  const known = isWhole ? [] : ofModels.map(({ data }, index) => ({ label: shown[index]?.key ?? '', values: valuesOf(data?.items ?? []) }))
  const rest = whole.map((value, index) => Math.max(0, value - known.reduce((sum, { values }) => sum + (values[index] ?? 0), 0)))
  const series: readonly Series[] =
    known.length === 0
      ? [{ label: models.length === 1 ? (models[0]?.key ?? '') : words.measures[measure], values: whole }]
      : [...known, ...(models.length > shown.length ? [{ label: words.other, values: rest }] : [])]
  return <Chart label={words.chart[measure]} kind="bars" x={days} series={series} format={formats[measure]} />
}
