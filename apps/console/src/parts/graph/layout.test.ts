import { expect, test } from 'vitest'
import { layOut } from './layout.ts'

test('what comes after stands to the right, or below where it is narrow; links to nothing and to oneself are left out', async () => {
  const links = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'b' },
    { from: 'b', to: 'gone' },
  ]
  const [wide, narrow] = await Promise.all([layOut(['a', 'b'], links, false), layOut(['a', 'b'], links, true)])
  const at = (layout: typeof wide, id: string) => layout.nodes.find((node) => node.id === id)!
  expect(at(wide, 'b').x).toBeGreaterThan(at(wide, 'a').x)
  expect(at(narrow, 'b').y).toBeGreaterThan(at(narrow, 'a').y)
  expect(wide.lines).toHaveLength(1)
  expect(wide.lines[0]!.path).toMatch(/^M\d+,\d+C/)
})
test('a circle is drawn too', async () => {
  const circle = await layOut(
    ['a', 'b'],
    [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ],
    false,
  )
  expect(circle.lines).toHaveLength(2)
})
