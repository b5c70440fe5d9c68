const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })
const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** A time as seen from now: `5 min. ago`, `in 2 hr.`, `now` under a minute. `at` ISO 8601, `now` in milliseconds of the epoch. */
export function ago(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? []
  return unit === undefined || size === undefined ? relative.format(0, 'second') : relative.format(Math.round(seconds / size), unit)
}
/** US dollars to the cent; what is under a cent is `<$0.01`. */
export function money(usd: number): string {
  if (usd > 0 && usd < 0.01) return '<$0.01'
  return usd.toLocaleString('en-US', { style: 'currency', currency: 'USD' })
}
/** Milliseconds as people say them: `12 ms`, `8.2 s`, `3 min 4 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
}
/** A count, shortened from a thousand on: `987`, `12.4k`, `3.1M`. */
export const count = (value: number): string =>
  value < 1_000 ? String(value) : value < 1_000_000 ? `${(value / 1_000).toFixed(1)}k` : `${(value / 1_000_000).toFixed(1)}M`
/** Bytes: `312 B`, `4.2 kB`, `18 MB`. */
export const bytes = (value: number): string =>
  value < 1_000
    ? `${value} B`
    : value < 1_000_000
      ? `${(value / 1_000).toFixed(1)} kB`
      : value < 1e9
        ? `${(value / 1e6).toFixed(1)} MB`
        : `${(value / 1e9).toFixed(1)} GB`
/** What a person is told of something that went wrong. */
export const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))
