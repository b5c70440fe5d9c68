import { expect, test } from 'vitest'
import { createBoundedLog, createLineReader } from './lines.ts'

test('lines are whole however they are cut into chunks, characters of several bytes too', () => {
  const whole = Buffer.from('one\r\nzwölf €\n\nlast')
  for (let size = 1; size <= whole.length; size += 1) {
    const lines: string[] = []
    const reader = createLineReader(100, (line) => lines.push(line))
    for (let at = 0; at < whole.length; at += size) expect(reader.push(whole.subarray(at, at + size))).toBe(true)
    expect(lines).toEqual(['one', 'zwölf €', ''])
  }
})

test('a line that is too long is told, whether its end came or not', () => {
  const reader = createLineReader(5, () => undefined)
  expect(reader.push(Buffer.from('123456\n'))).toBe(false)
  expect(createLineReader(5, () => undefined).push(Buffer.from('123456'))).toBe(false)
  const slow = createLineReader(5, () => undefined)
  expect([slow.push(Buffer.from('123')), slow.push(Buffer.from('456'))]).toEqual([true, false])
})

test('a log has its bounds, and its end is known', () => {
  const lines: string[] = []
  const log = createBoundedLog((line) => lines.push(line))
  for (let n = 0; n < 500; n += 1) log.push(Buffer.from(`line ${n}\n\n`))
  log.push(Buffer.from('without an end'))
  expect(lines).toHaveLength(101)
  expect(lines.at(-1)).toMatch(/left out/)
  expect(log.tail()).toMatch(/line 499\s+without an end$/)
})
