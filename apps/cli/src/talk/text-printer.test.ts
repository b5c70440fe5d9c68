import { expect, test } from 'vitest'
import { createTextPrinter } from './text-printer.ts'

function printed(act: (printer: ReturnType<typeof createTextPrinter>) => void): string {
  let text = ''
  act(createTextPrinter((piece) => (text += piece)))
  return text
}
test('words come as they are written, and the final text adds nothing twice', () => {
  expect(
    printed((printer) => {
      printer.token('m', 0, 'Hel')
      printer.token('m', 3, 'lo wor')
      printer.final('m', 'Hello world.')
    }),
  ).toBe('Hello world.\n')
})
test('after a cut connection the text so far is not written again', () => {
  expect(
    printed((printer) => {
      printer.token('m', 0, 'Hello')
      printer.token('m', 0, 'Hello wor')
      printer.token('m', 5, ' world')
      printer.final('m', 'Hello world')
    }),
  ).toBe('Hello world\n')
})
test('a message that turns out different is written whole on a line of its own', () => {
  expect(
    printed((printer) => {
      printer.token('m', 0, 'Hello wrld')
      printer.final('m', 'Hello world')
    }),
  ).toBe('Hello wrld\nHello world\n')
})
test('each message has its own lines, and a late flash of an ended one is not shown', () => {
  expect(
    printed((printer) => {
      printer.token('a', 0, 'one')
      printer.token('b', 0, 'two')
      printer.final('b', 'two')
      printer.token('b', 0, 'two again')
      printer.final('c', '')
    }),
  ).toBe('one\ntwo\n')
})
