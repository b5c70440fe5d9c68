import { expect, test } from 'vitest'
import { createPlace } from '../testing/place.ts'
import { read } from './read.ts'
import { write } from './write.ts'

test('a written list replaces the old one and is read back', async () => {
  await using place = await createPlace()
  expect((await place.call(read, {})).text).toBe('The to-do list is empty.')
  const first = [
    { id: 'a', content: 'bäck', status: 'completed' },
    { id: 'b', content: 'eat', status: 'in_progress' },
  ]
  expect((await place.call(write, { todos: first })).text).toBe('[x] a: bäck\n[>] b: eat')
  await place.call(write, { todos: [{ id: 'c', content: 'rest', status: 'pending' }] })
  expect((await place.call(read, {})).output).toEqual({ todos: [{ id: 'c', content: 'rest', status: 'pending' }], total: 1 })
})

const item = (id: string, status: string, content = 'x') => ({ id, content, status })
const said = (...todos: object[]) => write.inputs.safeParse({ todos }).error?.issues[0]?.message

test('equal ids, two items in progress and empty items are refused in words', () => {
  expect(said(item('a', 'pending'), item('a', 'pending'))).toBe('Two items have the same id; each needs its own.')
  expect(said(item('a', 'in_progress'), item('b', 'in_progress'))).toBe('Only one item may be in_progress.')
  expect(said(item('a', 'pending', '  '))).toBeDefined()
  expect(said()).toBeUndefined()
})

test('a long list stays in the limit of one output', async () => {
  await using place = await createPlace()
  const todos = Array.from({ length: 200 }, (_, index) => ({ id: `${index}`, content: 'x'.repeat(900), status: 'pending' }))
  const { output, text } = await place.call(write, { todos }, { outputBytes: 5000 })
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(5000)
  expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(5000)
  expect(output).toMatchObject({ total: 200 })
})
