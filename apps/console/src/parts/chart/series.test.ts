import { expect, test } from 'vitest'
import { figuresAt, heights } from './series.ts'

const series = [
  { label: 'a', values: [1, null, 3] },
  { label: 'b', values: [2, 5, 0] },
]
test('bars stand on each other, lines do not; what is unknown counts as nothing in a sum', () => {
  expect(heights(series, true)).toEqual([
    [1, 0, 3],
    [3, 5, 3],
  ])
  expect(heights(series, false)).toEqual(series.map(({ values }) => values))
  expect(figuresAt(series, 1)).toEqual({
    figures: [
      { label: 'a', value: null },
      { label: 'b', value: 5 },
    ],
    total: 5,
  })
})
