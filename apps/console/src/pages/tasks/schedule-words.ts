import type { AnswerOf } from '../../platform/daemon.ts'
import { tasks as words } from '../../text/tasks.ts'

export type StoredTask = Extract<AnswerOf<'tasks.get'>, { kind: 'stored' }>
export type Schedule = NonNullable<StoredTask['schedule']>
const dayMs = 86_400_000
/** Units of an interval, the largest first. */
export const units = { day: dayMs, hour: 3_600_000, minute: 60_000, second: 1_000 } as const
export type Unit = keyof typeof units
const unitNames = Object.keys(units) as Unit[]

/** The largest unit that an interval is a whole number of. */
export function inUnits(everyMs: number): { readonly number: number; readonly unit: Unit } {
  const unit = unitNames.find((name) => everyMs % units[name] === 0) ?? 'second'
  return { number: everyMs / units[unit], unit }
}
/** `15 minutes`, `hour`, `1.5 seconds`. */
export function lengthWords(ms: number): string {
  const { number, unit } = inUnits(ms)
  const [one, many] = words.unit[unit]
  return number === 1 ? one : `${number} ${many}`
}
/** The plain choices that a form offers in place of a cron expression. */
export type PlainCron = { readonly time: string } & (
  | { readonly kind: 'daily' | 'weekdays' }
  | { readonly kind: 'weekly'; readonly days: readonly number[] }
)
/** A cron expression that says no more than one of the plain choices. */
export function plainCron(expression: string): PlainCron | undefined {
  const [, minute, hour, days = ''] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|1-5|[0-6](?:,[0-6])*)$/.exec(expression.trim().replaceAll(/\s+/g, ' ')) ?? []
  if (minute === undefined || hour === undefined || Number(minute) > 59 || Number(hour) > 23) return undefined
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (days === '*') return { kind: 'daily', time }
  if (days === '1-5') return { kind: 'weekdays', time }
  return { kind: 'weekly', time, days: days.split(',').map(Number) }
}
/** The other way round. */
export function cronOf(plain: PlainCron): string {
  const [hour = '0', minute = '0'] = plain.time.split(':')
  const days = 'days' in plain ? plain.days.toSorted((a, b) => a - b).join(',') : plain.kind === 'daily' ? '*' : '1-5'
  return `${Number(minute)} ${Number(hour)} * * ${days}`
}
const cronWords = (expression: string): string => {
  const plain = plainCron(expression)
  if (plain?.kind === 'daily') return words.daily(plain.time)
  if (plain?.kind === 'weekdays') return words.weekdays(plain.time)
  if (plain?.kind === 'weekly') return words.onDays(plain.days.map((day) => words.dayNames[day]).join(', '), plain.time)
  const [, hourly] = /^(\d{1,2}) \* \* \* \*$/.exec(expression.trim()) ?? []
  if (hourly !== undefined) return words.hourly(hourly.padStart(2, '0'))
  const [, minute, hour, day] = /^(\d{1,2}) (\d{1,2}) (\d{1,2}|L) \* \*$/.exec(expression.trim()) ?? []
  if (minute !== undefined && hour !== undefined && day !== undefined) {
    const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
    return day === 'L' ? words.lastOfMonth(time) : words.monthly(day, time)
  }
  return words.cron(expression)
}
/** The zone of this device. */
export const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
/** When a task fires by the clock, as people say it. The zone is told where it is not `here`. */
export function scheduleWords(schedule: Schedule | null, here = zoneHere()): string {
  if (schedule === null) return words.manual
  if (schedule.kind === 'once') return words.once(timeIn(schedule.at, here))
  if (schedule.kind === 'interval') return words.every(lengthWords(schedule.everyMs))
  return schedule.zone === here ? cronWords(schedule.expression) : words.inZone(cronWords(schedule.expression), schedule.zone)
}
/** A moment by the clock of a zone: `Mon, 1 Jun 2026, 07:00`. In a zone that nobody knows, by UTC. */
export function timeIn(at: string | number, zone: string, withSeconds = false): string {
  const minute: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }
  const shape: Intl.DateTimeFormatOptions = withSeconds ? { ...minute, second: '2-digit' } : minute
  try {
    return new Date(at).toLocaleString('en-GB', { ...shape, timeZone: zone })
  } catch {
    return new Date(at).toLocaleString('en-GB', { ...shape, timeZone: 'UTC' })
  }
}
/** Only the time of day. */
export function clockIn(at: string | number, zone: string): string {
  try {
    return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone })
  } catch {
    return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
  }
}
/** All that sets a task off, in words. */
export function whenWords({ schedule, triggers }: Pick<StoredTask, 'schedule' | 'triggers'>, here = zoneHere()): string {
  const others = triggers.map((trigger) => (trigger.kind === 'webhook' ? words.onWebhook : words.onEvents(trigger.events.join(', '))))
  return [...(schedule === null && others.length > 0 ? [] : [scheduleWords(schedule, here)]), ...others].join(' · ')
}
