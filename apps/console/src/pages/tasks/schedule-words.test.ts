import { expect, test } from 'vitest'
import { cronOf, lengthWords, plainCron, scheduleWords } from './schedule-words.ts'

const cron = (expression: string, zone = 'Europe/Berlin') => ({ kind: 'cron', expression, zone }) as const

test('a schedule is told in the words of people, with its zone where that is another', () => {
  const here = 'Europe/Berlin'
  expect(scheduleWords(cron('0 7 * * 1-5'), here)).toBe('Weekdays at 07:00')
  expect(scheduleWords(cron('30 2 * * *', 'Asia/Tokyo'), here)).toBe('Every day at 02:30 (Asia/Tokyo)')
  expect(scheduleWords(cron('5 9 * * 1,3'), here)).toBe('Monday, Wednesday at 09:05')
  expect(scheduleWords(cron('5 * * * *'), here)).toBe('Every hour at :05')
  expect(scheduleWords(cron('0 8 L * *'), here)).toBe('On the last day of each month at 08:00')
  expect(scheduleWords(cron('*/7 1-3 * JAN *'), here)).toBe('Cron */7 1-3 * JAN *')
  expect(scheduleWords({ kind: 'interval', everyMs: 900_000 }, here)).toBe('Every 15 minutes')
  expect(scheduleWords({ kind: 'once', at: '2026-06-01T05:00:00.000Z' }, here)).toBe('Once, Mon, 1 Jun 2026, 07:00')
  expect(scheduleWords(null, here)).toBe('When told')
  expect([1_000, 3_600_000, 86_400_000, 90_000].map(lengthWords)).toEqual(['second', 'hour', 'day', '90 seconds'])
})
test('a plain choice becomes an expression and is known again; another expression is none', () => {
  for (const plain of [
    { kind: 'daily', time: '07:05' } as const,
    { kind: 'weekdays', time: '23:59' } as const,
    { kind: 'weekly', time: '00:00', days: [0, 6] } as const,
  ])
    expect(plainCron(cronOf(plain))).toEqual(plain)
  for (const expression of ['0 25 * * *', '*/5 * * * *', '0 7 1 * *', '0 7 * 2 *', '']) expect(plainCron(expression)).toBeUndefined()
})
