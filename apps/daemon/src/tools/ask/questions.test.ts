import { expect, test } from 'vitest'
import { createPlace } from '../testing/place.ts'
import { questions } from './questions.ts'

const options = [{ label: 'SQLite' }, { label: 'PostgreSQL', description: 'needs a server' }]

test('the person is asked what the model asks, and the answers come by id', async () => {
  await using place = await createPlace({ answers: { db: 'SQLite', extras: ['a', 'b'] } })
  const asked = [
    { id: 'db', question: 'Which database?', options },
    { id: 'extras', question: 'Which extras?', multiSelect: true },
    { id: 'late', question: 'Anything else?' },
  ]
  const { output, text } = await place.call(questions, { questions: asked })
  expect(place.asked).toEqual(asked)
  expect(output).toEqual({ answers: { db: 'SQLite', extras: ['a', 'b'], late: [] } })
  expect(text).toBe('Which database?\n→ SQLite\nWhich extras?\n→ a, b\nAnything else?\n→ (no answer)')
})

const one = (more: object = {}) => ({ id: 'a', question: 'Q?', ...more })
const valid = (...all: object[]) => questions.inputs.safeParse({ questions: all }).success

test('none, five, equal ids, a single option and equal options are refused', () => {
  expect(valid(one())).toBe(true)
  expect(valid()).toBe(false)
  expect(valid(...Array.from({ length: 5 }, (_, index) => one({ id: `${index}` })))).toBe(false)
  expect(valid(one(), one())).toBe(false)
  expect(valid(one({ options: [{ label: 'x' }] }))).toBe(false)
  expect(valid(one({ options: [{ label: 'x' }, { label: 'x' }] }))).toBe(false)
  expect(valid(one({ header: 'x'.repeat(21) }))).toBe(false)
})

test('an endless answer stays in the limit of one output', async () => {
  await using place = await createPlace({ answers: { a: 'é'.repeat(50_000) } })
  const { output, text } = await place.call(questions, { questions: [{ id: 'a', question: 'Q?' }] }, { outputBytes: 4000 })
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4000)
  expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(4000)
})
