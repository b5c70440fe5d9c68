import { expect, test } from 'vitest'
import { byDay, dayOfKey, daysOf, moved, plusMonths } from './calendar.ts'

const keys = (view: Parameters<typeof daysOf>[0], day: string) => daysOf(view, dayOfKey(day)).map(({ key }) => key)

test('a month is shown in whole weeks from Monday on, also over a change of the clock', () => {
  const march = keys('month', '2026-03-15')
  expect([march[0], march.at(-1), march.length]).toEqual(['2026-02-23', '2026-04-05', 42])
  expect(keys('month', '2027-02-10')).toHaveLength(28)
  expect(keys('week', '2026-03-29')).toEqual(['2026-03-23', '2026-03-24', '2026-03-25', '2026-03-26', '2026-03-27', '2026-03-28', '2026-03-29'])
  expect(new Set(keys('agenda', '2026-10-20')).size).toBe(14)
})
test('a month later than the 31st is the last day of a shorter one', () => {
  expect(plusMonths(dayOfKey('2026-01-31'), 1).key).toBe('2026-02-28')
  expect(moved('week', dayOfKey('2026-01-01'), -1).key).toBe('2025-12-25')
})
test('a task stands once on each day with how often it fires; where its fires were cut off the last day says so', () => {
  const at = (day: number, hour: number) => new Date(2026, 5, day, hour).toISOString()
  const days = byDay([
    { taskId: 'b', name: 'B', zone: null, fires: [at(1, 9), at(1, 10), at(2, 9)], isCut: true },
    { taskId: 'a', name: 'A', zone: 'UTC', fires: [at(1, 7)], isCut: false },
  ])
  expect(days.get('2026-06-01')?.map(({ name, count, isMore }) => [name, count, isMore])).toEqual([
    ['A', 1, false],
    ['B', 2, false],
  ])
  expect(days.get('2026-06-02')).toMatchObject([{ name: 'B', isMore: true }])
})
