const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const two = (value: number): string => String(value).padStart(2, '0')

/**
 * The RFC 3339 form of a written date ("2026-01-31", "tomorrow at 9am", "friday", "10:00"), in the host's time zone; null when it cannot be told.
 * Words that count from today need `now` (milliseconds since 1970). A date without a clock time has no date-time, and is then null too.
 */
export function writtenDate(text: string, format: string, now: number | null): string | null {
  const lower = text.toLowerCase().trim()
  if (/^\d{4}-\d{2}-\d{2}t[\d:]+(?:z|[+-]\d{2}:\d{2})$/.test(lower)) return format === 'date' ? lower.slice(0, 10) : text.trim()
  const clock = /(\d{1,2}):(\d{2})\s?([ap]m)?$|(\d{1,2})\s?([ap]m)$/.exec(lower)
  const half = clock?.[3] ?? clock?.[5]
  const written = Number(clock?.[1] ?? clock?.[4] ?? 0)
  const hour = half === undefined ? written : (written % 12) + (half === 'pm' ? 12 : 0)
  const minute = Number(clock?.[2] ?? 0)
  if (hour > 23 || minute > 59) return null
  if (format === 'time') return clock ? `${two(hour)}:${two(minute)}:00` : null
  if (format === 'clock') return clock ? `${two(hour)}:${two(minute)}` : null
  const day = dayOf(lower, now, clock !== null)
  if (!day) return null
  if (format === 'date') return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
  if (!clock) return null
  day.setHours(hour, minute, 0, 0)
  return day.toISOString().replace('.000Z', 'Z')
}
/** True for a written date that says which day, not only at what time. */
export const saysDay = (text: string): boolean => !/^\d{1,2}(?::\d{2})?\s?(?:[ap]m)?$/i.test(text.trim())

function dayOf(lower: string, now: number | null, hasClock: boolean): Date | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})/.exec(lower)
  if (iso) return new Date(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]))
  if (now === null) return null
  const day = new Date(now)
  const shift = (days: number): Date => new Date(day.getFullYear(), day.getMonth(), day.getDate() + days)
  if (/^to(?:day|night)/.test(lower)) return shift(0)
  if (lower.startsWith('tomorrow')) return shift(1)
  if (lower.startsWith('yesterday')) return shift(-1)
  const weekday = DAYS.findIndex((name) => lower.includes(name))
  if (weekday >= 0) return shift(((weekday - day.getDay() + 6) % 7) + 1)
  return hasClock ? shift(0) : null
}
