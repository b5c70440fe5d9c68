export interface Series {
  readonly label: string
  readonly values: readonly (number | null)[]
}
/** Colours of series, in their order. */
export const colours = ['bg-series-1', 'bg-series-2', 'bg-series-3', 'bg-series-4', 'bg-series-5', 'bg-series-6'] as const
export const textColours = ['text-series-1', 'text-series-2', 'text-series-3', 'text-series-4', 'text-series-5', 'text-series-6'] as const

/** What is drawn: values as they are, or each on top of those below it. */
export function heights(series: readonly Series[], stacked: boolean): (number | null)[][] {
  if (!stacked) return series.map(({ values }) => [...values])
  const below: number[] = []
  return series.map(({ values }) =>
    values.map((value, index) => {
      below[index] = (below[index] ?? 0) + (value ?? 0)
      return below[index]
    }),
  )
}
/** Everything at one place of the axis: each series' figure and, of several bars, their sum. */
export function figuresAt(
  series: readonly Series[],
  index: number,
): { readonly figures: readonly { label: string; value: number | null }[]; readonly total: number } {
  const figures = series.map(({ label, values }) => ({ label, value: values[index] ?? null }))
  return { figures, total: figures.reduce((sum, { value }) => sum + (value ?? 0), 0) }
}
