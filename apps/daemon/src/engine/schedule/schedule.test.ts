import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPlan, nextFires, type PlanOptions } from './plan.ts'
import type { Schedule } from './types.ts'

const minuteMs = 60_000
const start = Date.UTC(2026, 0, 1)
const end = Date.UTC(2028, 0, 1)
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']
const iso = (at: number) => new Date(at).toISOString()

/** The slow reference: the wall clock of every minute, as Intl shows it, asked each quarter of an hour. Wall times are written as UTC minutes. */
function wallMinutes(zone: string): Int32Array {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  const walls = new Int32Array((end - start) / minuteMs)
  for (let index = 0; index < walls.length; index += 15) {
    const wall = Date.parse(`${format.format(start + index * minuteMs).replace(' ', 'T')}:00Z`) / minuteMs
    for (let more = 0; more < 15; more++) walls[index + more] = wall + more
  }
  return walls
}
/** A field's values: numbers, ranges, steps and lists. */
function valuesOf(field: string, from: number, to: number): Set<number> {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/')
    const [low = from, high = range === '*' ? to : low] = range === '*' ? [from, to] : range.split('-').map(Number)
    for (let value = low; value <= high; value += Number(step)) values.add(value)
  }
  return values
}
function matcher(expression: string): (wallMinute: number) => boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = expression.split(' ')
  const minutes = valuesOf(minute, 0, 59)
  const hours = valuesOf(hour, 0, 23)
  const [days, months, weekdays] = [valuesOf(day, 1, 31), valuesOf(month, 1, 12), valuesOf(weekday, 0, 6)]
  return (wall) => {
    if (!minutes.has(wall % 60) || !hours.has(Math.floor(wall / 60) % 24)) return false
    const date = new Date(wall * minuteMs)
    if (!months.has(date.getUTCMonth() + 1)) return false
    const [isDay, isWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())]
    return day !== '*' && weekday !== '*' ? isDay || isWeekday : isDay && isWeekday
  }
}
/** Minute by minute: a wall time that was shown before does not fire, one that is jumped over fires at the minute after the jump. */
function reference(expression: string, walls: Int32Array): number[] {
  const matches = matcher(expression)
  const fires: number[] = []
  let shown = (walls[0] ?? 0) - 1
  for (let index = 0; index < walls.length; index++) {
    const wall = walls[index]!
    let isFire = false
    for (let passed = shown + 1; passed <= wall; passed++) isFire ||= matches(passed)
    shown = Math.max(shown, wall)
    if (isFire) fires.push(start + index * minuteMs)
  }
  return fires
}
/** All fires of the two years, as a clock would find them one after another. */
function fired(options: PlanOptions): number[] {
  const plan = createPlan(options)
  const fires: number[] = []
  for (let at = plan(start - 1); at !== null && at < end; at = plan(at)) fires.push(at)
  return fires
}
const expressions =
  '0 0 * * *|30 2 * * *|15 2 * * *|0 3 * * *|45 1 * * *|*/20 1-3 * * *|7 */2 * * *|0 9 * * 1-5|30 2 * 3,10,11 0|0 12 13 * 5|59 23 31 12 *|0 2 1-7 * *'.split(
    '|',
  )
describe.each(zones)('two years in %s, with daylight saving both ways', (zone) => {
  const walls = wallMinutes(zone)
  test('the wall clock of the reference does go forward and back twice', () => {
    const jumps = [...walls.entries()].flatMap(([index, wall]) => {
      const step = index === 0 ? 1 : wall - (walls[index - 1] ?? 0)
      return step === 1 ? [] : [step - 1]
    })
    expect(jumps.filter((step) => step > 0)).toHaveLength(2)
    expect(jumps.filter((step) => step < 0)).toHaveLength(2)
  })
  test.each(expressions)('cron %s fires when a slow reference says', (expression) => {
    const expected = reference(expression, walls)
    expect(fired({ schedule: { kind: 'cron', expression, zone } }).map(iso)).toEqual(expected.map(iso))
  })
  test('quiet hours put every fire off to their end, and several to one', () => {
    const quietHours = { from: '22:30', to: '06:15', zone }
    const isQuiet = (wall: number) => wall % 1440 >= 22 * 60 + 30 || wall % 1440 < 6 * 60 + 15
    const expected: number[] = []
    let putOff = false
    const plain = new Set(reference('*/30 * * * *', walls))
    for (let index = 0; index < walls.length; index++) {
      const wall = walls[index]!
      const at = start + index * minuteMs
      if (isQuiet(wall)) putOff ||= plain.has(at)
      else {
        if (plain.has(at) || putOff) expected.push(at)
        putOff = false
      }
    }
    expect(fired({ schedule: { kind: 'cron', expression: '*/30 * * * *', zone }, quietHours }).map(iso)).toEqual(expected.map(iso))
  })
})
test.each([15, 60, 90, 1440, 10_080])('an interval of %i minutes fires at its anchor and at every multiple, whatever the clocks do', (minutes) => {
  const anchor = Date.UTC(2025, 11, 31, 22, 5)
  const expected: number[] = []
  for (let at = start; at < end; at += minuteMs) if ((at - anchor) % (minutes * minuteMs) === 0) expected.push(at)
  expect(fired({ schedule: { kind: 'interval', everyMs: minutes * minuteMs, anchor } })).toEqual(expected)
})
test('an interval does not fire before its anchor, and a once-schedule fires once', () => {
  const anchor = Date.UTC(2026, 5, 1)
  expect(nextFires({ kind: 'interval', everyMs: 1000, anchor }, start, 2)).toEqual([anchor, anchor + 1000])
  expect(fired({ schedule: { kind: 'once', at: anchor } })).toEqual([anchor])
  expect(nextFires({ kind: 'once', at: anchor }, anchor, 5)).toEqual([])
})
test('the preview shows the next five, over a change of the clocks', () => {
  const berlin = { kind: 'cron', expression: '30 2 * * *', zone: 'Europe/Berlin' } as const
  expect(nextFires(berlin, Date.parse('2026-03-27T12:00:00Z'), 5).map(iso)).toEqual(
    ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30', '2026-03-31T00:30', '2026-04-01T00:30'].map((at) => `${at}:00.000Z`),
  )
  expect(nextFires(berlin, Date.parse('2026-10-24T12:00:00Z'), 2).map(iso)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'])
  // A whole day was left out in Apia: what falls into it fires when the next day begins.
  const apia = { kind: 'cron', expression: '0 12 * * *', zone: 'Pacific/Apia' } as const
  expect(nextFires(apia, Date.parse('2011-12-29T00:00:00Z'), 3).map(iso)).toEqual(
    ['2011-12-29T22:00', '2011-12-30T10:00', '2011-12-30T22:00'].map((at) => `${at}:00.000Z`),
  )
})
const refused: [Schedule, string][] = [
  [{ kind: 'cron', expression: '61 * * * *', zone: 'UTC' }, 'schedule.expression: Field 1, the minute, cannot be "61"; it goes from 0 to 59.'],
  [{ kind: 'cron', expression: '0 0 * FOO *', zone: 'UTC' }, 'schedule.expression: Field 4, the month, cannot be "FOO"'],
  [{ kind: 'cron', expression: '* * * *', zone: 'UTC' }, 'this one has 4.'],
  [{ kind: 'cron', expression: '@reboot', zone: 'UTC' }, 'schedule.expression: A cron expression has five fields'],
  [{ kind: 'cron', expression: '0 0 * * *', zone: 'Mars/Olympus' }, 'schedule.zone: "Mars/Olympus" is no time zone'],
  [{ kind: 'cron', expression: '0 0 * * *', zone: '+02:00' }, 'schedule.zone: "+02:00" is no time zone'],
]
test.each(refused)('%j is refused with a sentence that names the place', (schedule, words) => {
  expect(() => createPlan({ schedule })).toThrow(words)
})
test.each([
  [{ from: '24:00', to: '06:00', zone: 'UTC' }, 'quietHours.from: "24:00" is no time of day'],
  [{ from: '22:00', to: '22:00', zone: 'UTC' }, 'quietHours.to:'],
  [{ from: '22:00', to: '06:00', zone: 'Nowhere' }, 'quietHours.zone: "Nowhere" is no time zone'],
])('quiet hours %j are refused with a sentence that names the place', (quietHours, words) => {
  expect(() => createPlan({ schedule: { kind: 'once', at: 0 }, quietHours })).toThrow(words)
})
test('an expression that no date fits has no fire at all', () => {
  expect(nextFires({ kind: 'cron', expression: '0 0 30 2 *', zone: 'UTC' }, start, 1)).toEqual([])
})
const anyTime = fc.integer({ min: start, max: end })
const anyCron = fc
  .record({ minute: fc.constantFrom('0', '*/30', '15,45'), hour: fc.constantFrom('*', '2', '1-3', '23'), zone: fc.constantFrom(...zones) })
  .map(({ minute, hour, zone }): Schedule => ({ kind: 'cron', expression: `${minute} ${hour} * * *`, zone }))
const anySchedule = fc.oneof(
  anyCron,
  anyTime.map((at): Schedule => ({ kind: 'once', at })),
  fc.record({ kind: fc.constant('interval' as const), everyMs: fc.integer({ min: 60_000, max: 90_000_000 }), anchor: anyTime }),
)
const anyPlan = fc.record({
  schedule: anySchedule,
  jitterMs: fc.integer({ min: 0, max: 3_600_000 }),
  id: fc.string(),
  quietHours: fc.option(
    fc.record({ from: fc.constantFrom('22:00', '01:30'), to: fc.constantFrom('06:00', '02:15'), zone: fc.constantFrom(...zones) }),
  ),
})
test('fires are after what was asked, later for a later question, and the same from wherever they are asked', () => {
  fc.assert(
    fc.property(anyPlan, anyTime, fc.nat(200_000_000), (options, after, more) => {
      const plan = createPlan(options)
      const first = plan(after)
      if (first === null) return
      expect(first).toBeGreaterThan(after)
      // Nothing in between is lost or made up by asking again from in between.
      const between = after + (more % (first - after))
      expect(plan(between)).toBe(first)
      const second = plan(first)
      if (second !== null) expect(second).toBeGreaterThan(first)
    }),
    { numRuns: 1_000 },
  )
})
test('no fire falls into quiet hours, jitter or not, and the jitter of an id is always the same', () => {
  fc.assert(
    fc.property(anySchedule, fc.string(), fc.integer({ min: 0, max: 3_600_000 }), (schedule, id, jitterMs) => {
      const quietHours = { from: '22:00', to: '06:00', zone: 'UTC' }
      for (const at of nextFires({ schedule, id, jitterMs, quietHours }, start, 5)) {
        const hour = new Date(at).getUTCHours()
        expect(hour >= 6 && hour < 22).toBe(true)
      }
      const [plain, late] = [nextFires(schedule, start, 3), nextFires({ schedule, id, jitterMs }, start + jitterMs, 3)]
      const by = (late[0] ?? 0) - (plain.find((at) => at > start) ?? 0)
      if (schedule.kind === 'once' && late.length > 0 && plain.length > 0) expect(by >= 0 && by < Math.max(1, jitterMs)).toBe(true)
      expect(nextFires({ schedule, id, jitterMs }, start + jitterMs, 3)).toEqual(late)
    }),
  )
})
