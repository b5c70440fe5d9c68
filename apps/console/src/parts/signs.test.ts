import { expect, test } from 'vitest'
import { oneLine, pieces, withoutTerminal } from './signs.ts'

test('terminal sequences are taken out, also those that change a title or were cut off', () => {
  expect(withoutTerminal('\u001b[1;31mred\u001b[0m')).toBe('red')
  expect(withoutTerminal('\u001b]0;owned\u0007after')).toBe('after')
  expect(withoutTerminal('\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\')).toBe('click')
  expect(withoutTerminal('a\u009b2Jb\u001b[')).toBe('ab')
  expect(withoutTerminal('a\r\nb')).toBe('a\nb')
})
test('a sign that would turn the text around is shown as what it is', () => {
  expect(pieces('a\u202eb')).toEqual([{ text: 'a' }, { shown: '⟨RLO⟩', name: 'U+202E' }, { text: 'b' }])
  expect(pieces('\u0007')).toEqual([{ shown: '␇', name: 'U+0007' }])
  expect(oneLine('a\u200bb\nc')).toBe('a⟨ZWSP⟩b c')
})
test('joiners stay where a script or an emoji needs them', () => {
  const family = '👩‍👩‍👧'
  expect(pieces(family)).toEqual([{ text: family }])
  const persian = 'می\u200cخواهم'
  expect(pieces(persian)).toEqual([{ text: persian }])
  expect(pieces('pay\u200dpal')).toHaveLength(3)
})
