import { expect, test } from 'vitest'
import { canonical, judgeRepetition, repeated, signature } from './guard.ts'
import { done } from './fakes.ts'
import { userText } from './messages.ts'
import type { ModelMessage } from './types.ts'

const results = (count: number): ModelMessage[] => [
  {
    role: 'tool',
    content: Array.from({ length: count }, (_, n) => ({ type: 'tool_result' as const, callId: `${n}`, name: 't', text: '', isError: false })),
  },
]

test('the order of keys does not make another call, their values and the result do', () => {
  expect(canonical({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}')
  const plain = signature('t', { a: 1, b: 2 }, done('r'))
  expect(signature('t', { b: 2, a: 1 }, done('r'))).toBe(plain)
  const others = [signature('t', { a: 1, b: 3 }, done('r')), signature('u', { a: 1, b: 2 }, done('r')), signature('t', { a: 1, b: 2 }, done('s'))]
  expect(new Set([...others, plain]).size).toBe(4)
})

test('three of the last six calls count as a repetition, older ones are forgotten', () => {
  expect(repeated(['x', 'a', 'x', 'b', 'x'])).toEqual(['x'])
  expect(repeated(['x', 'a', 'x', 'b', 'c', 'd', 'x'])).toEqual([])
})

test('only a call of the batch that has just finished is judged, and only one that was warned about stops the run', () => {
  expect(judgeRepetition(results(1), ['x', 'x', 'x'], [])).toBe('nudge')
  expect(judgeRepetition(results(1), ['x', 'x', 'x', 'x'], ['x'])).toBe('stop')
  expect(judgeRepetition(results(1), ['x', 'x', 'x', 'a'], ['x'])).toBe('fine')
  expect(judgeRepetition([...results(1), userText('nudge')], ['x', 'x', 'x'], ['x'])).toBe('fine')
})
