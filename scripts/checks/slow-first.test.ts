import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { slow, slowFirst } from './slow-first.ts'

test('the slow files are begun first, the slowest before the others, and the rest keep their order', () => {
  const [slowest = '', next = ''] = slow
  const files = ['z.test.ts', next, 'a.test.ts', slowest].map((file) => ({ file }))
  expect(slowFirst(files, ({ file }) => file).map(({ file }) => file)).toEqual([slowest, next, 'z.test.ts', 'a.test.ts'])
})
test('each file that is called slow is there', () => {
  expect(slow.filter((file) => !existsSync(fileURLToPath(new URL(`../../${file}`, import.meta.url))))).toEqual([])
})
