import { expect, test } from 'vitest'
import { stretches } from './excerpt.ts'

test('what was found is set off, and lone marks are text', () => {
  expect(stretches('a ‹b› c›')).toEqual([
    { text: 'a ', hit: false },
    { text: 'b', hit: true },
    { text: ' c›', hit: false },
  ])
  expect(stretches('')).toEqual([])
})
