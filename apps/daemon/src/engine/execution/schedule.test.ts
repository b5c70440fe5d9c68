import { expect, test } from 'vitest'
import { createSchedule, skipped, type Over } from './schedule.ts'
import type { OnError, Program } from './types.ts'

const step = (id: string, dependsOn: string[] = [], onError: OnError = 'halt'): Program['steps'][number] => ({
  kind: 'tool',
  id,
  toolId: 'a.b',
  inputs: {},
  literal: false,
  dependsOn,
  onError,
})
const done = (outputs: string): Over => ({ status: 'completed', outputs, error: null })
const failed: Over = { status: 'failed', outputs: null, error: { code: 'failed', message: 'It broke.' } }
const ids = (steps: readonly { id: string }[]) => steps.map(({ id }) => id)

test('steps without a dependency begin at once, the others when what they depend on is over', () => {
  const schedule = createSchedule({ steps: [step('a'), step('b'), step('c', ['a', 'b'])] })
  expect(ids(schedule.ready(new Map(), new Set()))).toEqual(['a', 'b'])
  expect(ids(schedule.ready(new Map([['a', done('1')]]), new Set(['a', 'b'])))).toEqual([])
  const both = new Map([
    ['a', done('1')],
    ['b', skipped],
  ])
  expect(ids(schedule.ready(both, new Set(['a', 'b'])))).toEqual(['c'])
  expect(schedule.outputs(both)).toEqual({ a: '1' })
})
test('a fallback begins only when its step has failed, and stands in for it', () => {
  const schedule = createSchedule({ steps: [step('a', [], { goto: 'x' }), step('x'), step('c', ['a'])] })
  expect(ids(schedule.ready(new Map(), new Set()))).toEqual(['a'])
  const broken = new Map([['a', failed]])
  expect(ids(schedule.ready(broken, new Set(['a'])))).toEqual(['x'])
  expect(schedule.passed(broken, new Set(['a']))).toEqual([])
  expect(schedule.halting(broken)).toBeUndefined()
  const saved = new Map([
    ['a', failed],
    ['x', done('spare')],
  ])
  expect(ids(schedule.ready(saved, new Set(['a', 'x'])))).toEqual(['c'])
  expect(schedule.scope(saved)).toMatchObject({ a: { outputs: 'spare', status: 'failed', error: { code: 'failed' } } })
})
test('a fallback that fails too leads to its own, which then stands in for both', () => {
  const schedule = createSchedule({ steps: [step('a', [], { goto: 'x' }), step('x', [], { goto: 'y' }), step('y', ['a']), step('c', ['a'])] })
  const twice = new Map([
    ['a', failed],
    ['x', failed],
  ])
  expect(ids(schedule.ready(twice, new Set(['a', 'x'])))).toEqual(['y'])
  const saved = new Map([...twice, ['y', done('last')] as const])
  expect(ids(schedule.ready(saved, new Set(['a', 'x', 'y'])))).toEqual(['c'])
  expect(schedule.scope(saved)).toMatchObject({ a: { outputs: 'last' }, x: { outputs: 'last' } })
})
test('a fallback that is not needed is passed, and what depends on it goes on', () => {
  const schedule = createSchedule({ steps: [step('a', [], { goto: 'x' }), step('x'), step('c', ['x'])] })
  const fine = new Map([['a', done('1')]])
  expect(ids(schedule.passed(fine, new Set(['a'])))).toEqual(['x'])
  expect(ids(schedule.ready(new Map([...fine, ['x', skipped]]), new Set(['a', 'x'])))).toEqual(['c'])
})
test('the failure of a step that halts is told, that of one that goes on is not', () => {
  const schedule = createSchedule({ steps: [step('a', [], 'continue'), step('b')] })
  expect(schedule.halting(new Map([['a', failed]]))).toBeUndefined()
  expect(schedule.halting(new Map([['b', failed]]))?.id).toBe('b')
})
