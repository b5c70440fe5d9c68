import { expect, test } from 'vitest'
import { spliceText } from './splice-text.ts'

test('text spliced at its offsets is the whole text, in UTF-16 units', () => {
  const message = spliceText()
  for (const [offset, text] of [
    [0, 'Hi 😀'],
    [5, ' there'],
  ] as const)
    expect(message.splice(offset, text)).toBe(true)
  expect(message.text).toBe('Hi 😀 there')
})
test('a piece that comes again, and the whole after a re-connection, change nothing that was right', () => {
  const message = spliceText('Hello wor')
  message.splice(0, 'Hello')
  expect(message.text).toBe('Hello wor')
  message.splice(0, 'Hello world')
  expect(message.text).toBe('Hello world')
})
test('a piece beyond a gap is ignored and says so, and the final text replaces all', () => {
  const message = spliceText('ab')
  expect([message.splice(5, 'x'), message.text]).toEqual([false, 'ab'])
  message.finish('abc')
  expect([message.splice(0, 'late'), message.text]).toEqual([false, 'abc'])
})
