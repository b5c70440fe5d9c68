import { expect, test } from 'vitest'
import { answersOf, isAnswered, nothing, toggled } from './answer.ts'

const options = [{ label: 'a' }, { label: 'b' }]
const one = { id: 'one', question: '?', options }
const many = { id: 'many', question: '?', options, multiSelect: true }

test('an option takes the place of another where one may be chosen, and goes on and off where several may', () => {
  expect(toggled(one, { chosen: ['a'], own: 'c' }, 'b')).toEqual({ chosen: ['b'], own: '' })
  const both = toggled(many, toggled(many, nothing, 'b'), 'a')
  expect(both.chosen).toEqual(['b', 'a'])
  expect(toggled(many, both, 'b').chosen).toEqual(['a'])
})
test('answers are sent as texts or lists, an own answer beside or instead, and what is open as empty', () => {
  expect(answersOf([one, many], { one: { chosen: ['a'], own: '' }, many: { chosen: ['b', 'a'], own: ' c ' } })).toEqual({
    one: 'a',
    many: ['a', 'b', 'c'],
  })
  expect(answersOf([one, many], { one: { chosen: [], own: 'own' } })).toEqual({ one: 'own', many: [] })
  expect([isAnswered(nothing), isAnswered({ chosen: [], own: ' ' }), isAnswered({ chosen: ['a'], own: '' })]).toEqual([false, false, true])
})
