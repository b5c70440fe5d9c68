import { expect, test } from 'vitest'
import { inOrder, nextOrder, shownColumns, tracksOf } from './columns.ts'

const columns = [
  { id: 'name', header: 'Name', cell: (row: { name: string; size: number }) => row.name, hideBelow: 'sm' },
  {
    id: 'size',
    header: 'Size',
    cell: (row: { name: string; size: number }) => row.size,
    sort: (a: { size: number }, b: { size: number }) => a.size - b.size,
    hideBelow: 'lg',
  },
] as const
const rows = [
  { name: 'b', size: 2 },
  { name: 'a', size: 1 },
  { name: 'c', size: 2 },
]

test('a column is sorted up, then down, then as it came; equal rows keep their places', () => {
  const names = (order: Parameters<typeof inOrder>[2]) => inOrder(rows, columns, order).map(({ name }) => name)
  const up = nextOrder(undefined, 'size')
  const down = nextOrder(up, 'size')
  expect([names(up), names(down), names(nextOrder(down, 'size'))]).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'a'],
    ['b', 'a', 'c'],
  ])
  expect(nextOrder(down, 'name')).toEqual({ id: 'name', down: false })
})
test('columns leave in narrow windows, the first one stays', () => {
  expect(shownColumns(columns, true, true).map(({ id }) => id)).toEqual(['name'])
  expect(shownColumns(columns, false, false)).toHaveLength(2)
})
test('a long word never pushes its neighbours away', () => {
  expect(tracksOf([{ width: 80 }, {}, { width: '2fr' }, { width: '12ch' }])).toBe('80px minmax(0, 1fr) minmax(0, 2fr) 12ch')
})
