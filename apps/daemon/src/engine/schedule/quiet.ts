import { ScheduleFault, type QuietHours } from './types.ts'
import { createZone } from './zone.ts'

const dayMs = 86_400_000
export interface Stretch {
  readonly start: number
  /** The first instant that is no longer in it. */
  readonly end: number
}
/** Answers the stretch of quiet hours that an instant lies in, or undefined. Throws ScheduleFault for times or a zone that cannot be. */
export function createQuiet({ from, to, zone: name }: QuietHours): (instant: number) => Stretch | undefined {
  const zone = createZone(name, 'quietHours.zone')
  const ofDay = (time: string, path: string): number => {
    const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
    if (hours === undefined || minutes === undefined)
      throw new ScheduleFault(path, `${path}: ${JSON.stringify(time.slice(0, 40))} is no time of day; write it as 22:30.`)
    return (Number(hours) * 60 + Number(minutes)) * 60_000
  }
  const begins = ofDay(from, 'quietHours.from')
  const ends = ofDay(to, 'quietHours.to')
  if (begins === ends)
    throw new ScheduleFault('quietHours.to', 'quietHours.to: Quiet hours that end when they begin would be the whole day, or none.')
  return (instant) => {
    const today = Math.floor(zone.wallAt(instant) / dayMs) * dayMs
    for (const day of [today - dayMs, today]) {
      const start = zone.instantOf(day + begins)
      const end = zone.instantOf(day + ends + (ends < begins ? dayMs : 0))
      if (start <= instant && instant < end) return { start, end }
    }
    return undefined
  }
}
