import { expect, test } from 'vitest'
import { mainText } from './main-text.ts'

test('the text that a person would read is found among what a tool gave; data has none', () => {
  expect(mainText('short')).toBe('short')
  expect(mainText({ path: 'a.txt', content: 'one\ntwo\n', encoding: 'utf-8' })).toBe('one\ntwo\n')
  expect(mainText({ files: ['a', 'b'], total: 2 })).toBe(null)
  expect(mainText(null)).toBe(null)
})
