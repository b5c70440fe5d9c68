import { expect, test } from 'vitest'
import { boundHead, boundMiddle, byteLength, cutAround, fitItems, headBytes, tailBytes } from './bounds.ts'

test('a text is never cut inside a character', () => {
  const text = 'aé日👍'.repeat(10)
  for (let bytes = 0; bytes < 110; bytes++) {
    for (const part of [headBytes(text, bytes), tailBytes(text, bytes)]) {
      expect(byteLength(part)).toBeLessThanOrEqual(bytes)
      expect(part).not.toContain('\uFFFD')
    }
    expect(text.startsWith(headBytes(text, bytes))).toBe(true)
    expect(text.endsWith(tailBytes(text, bytes))).toBe(true)
  }
})

test('a cut text says how much is missing and stays in its limit', () => {
  const text = 'x'.repeat(5000)
  expect(boundHead(text, 5000)).toBe(text)
  expect(boundHead(text, 1000, 'Ask for less.')).toMatch(/^x{800,}\n\[4,\d{3} bytes left out here\. Ask for less\.\]$/)
  expect(byteLength(boundHead(text, 1000, 'Ask for less.'))).toBeLessThanOrEqual(1000)
  const middle = boundMiddle(`start${text}end`, 1000)
  expect(middle).toMatch(/^start.*\n\[4,\d{3} bytes left out here\]\n.*end$/s)
  expect(byteLength(middle)).toBeLessThanOrEqual(1000)
})

test('items are kept in order while their JSON fits, and a long line is cut around a place', () => {
  expect(fitItems(['aaaa', 'bbbb', 'cccc'], 17)).toEqual(['aaaa', 'bbbb'])
  expect(cutAround('abcdefghij', 8, 4)).toBe('…ghij')
  expect(cutAround('abcdefghij', 0, 4)).toBe('abcd…')
})
