import { expect, test } from 'vitest'
import { mergeLines, type Line } from './merge-lines.ts'

const line = (second: number, message = 'a'): Line => ({
  time: `2026-01-01T00:00:0${second}.000Z`,
  level: 'info',
  component: 'http',
  pid: 1,
  message,
  details: {},
  raw: false,
})

test('a line that is read again stays one, and one that was written twice stays two', () => {
  const first = mergeLines([], [line(2), line(1), line(1)])
  expect(first).toHaveLength(3)
  const again = mergeLines(first, [line(3), line(2), line(1), line(1)])
  expect(again.map(({ time }) => time.slice(17, 19))).toEqual(['03', '02', '01', '01'])
  expect(mergeLines(again, [line(1)])).toBe(again)
  expect(new Set(again.map(({ key }) => key)).size).toBe(4)
})
test('a line of another process that was written late finds its place', () => {
  const merged = mergeLines(mergeLines([], [line(5), line(1)]), [line(3, 'late')])
  expect(merged.map(({ message }) => message)).toEqual(['a', 'late', 'a'])
})
