import { Cron } from 'croner'
import { ScheduleFault } from './types.ts'
import { createZone } from './zone.ts'

const fields = [
  ['minute', '0 to 59'],
  ['hour', '0 to 23'],
  ['day of the month', '1 to 31, or L'],
  ['month', '1 to 12, or JAN to DEC'],
  ['day of the week', '0 to 7, or SUN to SAT'],
] as const
const shortcuts: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
}
/** croner reads the expression and walks the wall clock as if it were UTC; what daylight saving does to it is decided in one place, `Zone`. */
const read = (expression: string) => new Cron(expression, { utcOffset: 0, mode: '5-part' })
const isReadable = (expression: string): boolean => {
  try {
    read(expression)
    return true
  } catch {
    return false
  }
}
/** Throws ScheduleFault that names the field. */
function parse(expression: string, path: string): Cron {
  const refuse = (why: string): never => {
    throw new ScheduleFault(path, `${path}: ${why}`)
  }
  const text = shortcuts[expression.trim().toLowerCase()] ?? expression
  const parts = text.trim().split(/\s+/)
  if (parts.length !== fields.length)
    return refuse(`A cron expression has five fields (minute, hour, day of the month, month, day of the week); this one has ${parts.length}.`)
  for (const [index, [name, range]] of fields.entries()) {
    const alone = fields.map((_, at) => (at === index ? (parts[index] ?? '') : '*')).join(' ')
    if (!isReadable(alone)) refuse(`Field ${index + 1}, the ${name}, cannot be ${JSON.stringify(parts[index])}; it goes from ${range}.`)
  }
  if (!isReadable(parts.join(' '))) return refuse(`${JSON.stringify(text.slice(0, 200))} cannot be read as a cron expression.`)
  return read(parts.join(' '))
}

/**
 * The fires of a cron expression: answers the first one after an instant, or null when there is none any more. Where clocks go forward, what
 * falls into the gap fires once, at the first moment after it. Where clocks go back, a wall-clock time that is shown twice fires once, at its
 * first showing. Days of the month and of the week that are both given are alternatives, as in cron(8). Throws ScheduleFault.
 */
export function createCron({ expression, zone: name }: { readonly expression: string; readonly zone: string }): (after: number) => number | null {
  const zone = createZone(name, 'schedule.zone')
  const cron = parse(expression, 'schedule.expression')
  return (after) => {
    let wall = zone.wallAt(after)
    for (;;) {
      const next = cron.nextRun(new Date(wall))
      if (!next) return null
      const instant = zone.instantOf(next.getTime())
      if (instant > after) return instant
      wall = next.getTime()
    }
  }
}
