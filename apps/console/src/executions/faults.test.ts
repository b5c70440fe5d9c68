import { Fault } from '@steward/contract'
import { expect, test } from 'vitest'
import { problemsIn, problemsOf } from './faults.ts'

test('problems have one kind of place, whether the shape or the sense is wrong', () => {
  const shape = new Fault('invalid', 'x', {
    issues: [
      { path: 'steps.0.retry.max', message: 'too big' },
      { path: 'name', message: 'too small' },
    ],
  })
  expect(problemsOf(shape).map(({ path }) => path)).toEqual(['steps[0].retry.max', 'name'])
  const sense = new Fault('unprocessable', 'x', { problems: [{ path: 'steps[1].id', message: 'twice' }] })
  expect(problemsOf(sense)).toEqual([{ path: 'steps[1].id', message: 'twice' }])
  expect([problemsOf(new Error('x')), problemsOf(new Fault('conflict', 'x'))]).toEqual([[], []])
})
test('the problems of one step are found by the path within it', () => {
  const problems = [
    { path: 'steps[1]', message: 'a' },
    { path: 'steps[1].inputs.path', message: 'b' },
    { path: 'steps[10].id', message: 'c' },
  ]
  expect(problemsIn(problems, 'steps[1]')).toEqual({ '': 'a', 'inputs.path': 'b' })
})
