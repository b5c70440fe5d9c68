/** A day of a calendar: its year, month (0 – 11) and day, by the clock of this device. */
export interface Day {
  readonly key: string
  readonly start: Date
}
const two = (value: number) => String(value).padStart(2, '0')
/** `2026-06-01`, by the clock of this device. */
export const dayKey = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
const dayOf = (date: Date): Day => {
  const start = new Date(date.getFullYear(), date.getMonth(), date.getDate())
  return { key: dayKey(start), start }
}
/** The day that a key names; today where it names none. */
export function dayOfKey(key: string | undefined, now = new Date()): Day {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(key ?? '') ?? []
  return dayOf(year === undefined ? now : new Date(Number(year), Number(month) - 1, Number(day)))
}
/** So many days later, also over changes of the clock. */
export const plusDays = ({ start }: Day, days: number): Day => dayOf(new Date(start.getFullYear(), start.getMonth(), start.getDate() + days))
export const plusMonths = ({ start }: Day, months: number): Day => {
  const last = new Date(start.getFullYear(), start.getMonth() + months + 1, 0).getDate()
  return dayOf(new Date(start.getFullYear(), start.getMonth() + months, Math.min(start.getDate(), last)))
}
/** The Monday before, or the day itself. */
const monday = (day: Day) => plusDays(day, -((day.start.getDay() + 6) % 7))
export type View = 'month' | 'week' | 'agenda'
const agendaDays = 14

/** The days a view shows: whole weeks from Monday on for a month, one week, or two weeks from a day on. */
export function daysOf(view: View, day: Day): readonly Day[] {
  if (view === 'agenda') return Array.from({ length: agendaDays }, (_, index) => plusDays(day, index))
  if (view === 'week') return Array.from({ length: 7 }, (_, index) => plusDays(monday(day), index))
  const first = monday(dayOf(new Date(day.start.getFullYear(), day.start.getMonth(), 1)))
  const last = new Date(day.start.getFullYear(), day.start.getMonth() + 1, 0)
  const days: Day[] = []
  for (let next = first; days.length % 7 > 0 || next.start <= last; next = plusDays(next, 1)) days.push(next)
  return days
}
/** One view further, or back. */
export const moved = (view: View, day: Day, by: 1 | -1): Day =>
  view === 'month' ? plusMonths(day, by) : plusDays(day, by * (view === 'week' ? 7 : agendaDays))

/** When a task fires; `isCut`: and more often than is told. */
export interface Fires {
  readonly taskId: string
  readonly name: string
  /** Of its schedule, null where that has none. */
  readonly zone: string | null
  readonly fires: readonly string[]
  readonly isCut: boolean
}
/** What a task does on one day. `isMore`: its fires were cut off on this day, or before it. */
export interface DayEntry {
  readonly taskId: string
  readonly name: string
  readonly zone: string | null
  readonly first: string
  readonly count: number
  readonly isMore: boolean
}
/** The fires of tasks by day, each task once a day, the earliest first. */
export function byDay(tasks: readonly Fires[]): ReadonlyMap<string, readonly DayEntry[]> {
  const days = new Map<string, DayEntry[]>()
  for (const { taskId, name, zone, fires, isCut } of tasks) {
    const ofTask = new Map<string, DayEntry>()
    for (const at of fires) {
      const key = dayKey(new Date(at))
      const before = ofTask.get(key)
      ofTask.set(key, before ? { ...before, count: before.count + 1 } : { taskId, name, zone, first: at, count: 1, isMore: false })
    }
    const last = [...ofTask.keys()].at(-1)
    for (const [key, entry] of ofTask) {
      const entries = days.get(key) ?? []
      entries.push(isCut && key === last ? { ...entry, isMore: true } : entry)
      days.set(key, entries)
    }
  }
  for (const entries of days.values()) entries.sort((a, b) => (a.first < b.first ? -1 : 1))
  return days
}
