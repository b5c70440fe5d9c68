import { ScheduleFault } from './types.ts'

const hourMs = 3_600_000
/** Farther from any time than a zone has ever changed its offset, so that the offsets before and after a change are seen. */
const farMs = 36 * hourMs
const dayMs = 24 * hourMs
const mostKept = 2_000

/** The wall clock of one zone. A wall time is written as if it were UTC, in milliseconds since 1970. */
export interface Zone {
  wallAt(instant: number): number
  /**
   * The instant at which the wall clock shows this. A time that is shown twice (clocks went back) is its first instant. A time that is never
   * shown (clocks went forward) is the first instant after the gap. So later wall times never give earlier instants.
   */
  instantOf(wall: number): number
}
/** Throws ScheduleFault with `path` for a name that is no IANA zone. An offset such as `+02:00` is none: it knows no daylight saving. */
export function createZone(name: string, path: string): Zone {
  let format: Intl.DateTimeFormat
  try {
    if (!/^[A-Za-z]/.test(name)) throw new RangeError(name)
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw new ScheduleFault(path, `${path}: ${JSON.stringify(name.slice(0, 100))} is no time zone; give an IANA name such as Europe/Berlin, or UTC.`)
  }
  const ask = (instant: number): number => {
    const found = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 }
    for (const { type, value } of format.formatToParts(instant)) if (type in found) found[type as keyof typeof found] = Number(value)
    const { year, month, day, hour, minute, second } = found
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
  }
  const kept = new Map<number, number>()
  const atDay = (day: number): number => {
    const known = kept.get(day)
    if (known !== undefined) return known
    if (kept.size >= mostKept) kept.clear()
    const offset = ask(day * dayMs)
    kept.set(day, offset)
    return offset
  }
  /** No zone changes twice in a day: where a day ends with the offset that it began with, it has no other. */
  const offsetAt = (instant: number): number => {
    const day = Math.floor(instant / dayMs)
    const offset = atDay(day)
    return offset === atDay(day + 1) ? offset : ask(instant)
  }
  /** The first instant after `before` at which the offset is another; it is by `after`. */
  const changeBetween = (before: number, after: number): number => {
    const old = offsetAt(before)
    let [low, high] = [before, after]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetAt(middle) === old) low = middle
      else high = middle
    }
    return high
  }
  return {
    wallAt: (instant) => instant + offsetAt(instant),
    instantOf(wall) {
      const offsets = [offsetAt(wall - farMs), offsetAt(wall + farMs)]
      const shown = offsets.map((offset) => wall - offset).filter((instant) => instant + offsetAt(instant) === wall)
      if (shown.length > 0) return Math.min(...shown)
      return changeBetween(wall - Math.max(...offsets) - 1, wall - Math.min(...offsets) + 1)
    },
  }
}
