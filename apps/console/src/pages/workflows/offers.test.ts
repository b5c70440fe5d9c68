import { expect, test } from 'vitest'
import { changeStep, emptyDraft, withStep } from './draft.ts'
import { fitting, offersFor, taken, writtenAt } from './offers.ts'

const tool = { outputsSchema: { type: 'object', properties: { files: { type: 'array' }, 'a-b': { type: 'string', description: 'odd' } } } }

test('a step is offered the inputs of the run and what earlier steps give, not what comes after it', () => {
  const begun = withStep(
    withStep({ ...emptyDraft, inputs: { type: 'object', properties: { day: { type: 'string' } } } }, { toolId: 'x.find' }, '1'),
    { toolId: 'x.read' },
    '2',
  )
  const draft = changeStep(begun, '2', { dependsOn: ['find'], forEach: { in: '', limit: 1 } })
  const paths = (index: number) => offersFor(draft, draft.steps[index]!, () => tool).map(({ path }) => path)
  expect(paths(0)).toEqual(['inputs.day'])
  expect(paths(1)).toEqual([
    'item',
    'index',
    'inputs.day',
    'steps.find.outputs',
    'steps.find.outputs.files',
    "steps.find.outputs['a-b']",
    'steps.find.status',
    'steps.find.error.message',
  ])
})
test('what begins like the written comes first', () => {
  const offers = [{ path: 'steps.a.outputs' }, { path: 'inputs.steps' }, { path: 'index' }]
  expect(fitting(offers, 'st').map(({ path }) => path)).toEqual(['steps.a.outputs', 'inputs.steps'])
})
test('only inside of a template, or in an expression, something is offered', () => {
  expect(writtenAt('a {{ inp', 8, false)).toEqual({ from: 5, written: 'inp', isTemplate: true })
  expect(writtenAt('a {{ x }} b', 11, false)).toBe(null)
  expect(writtenAt('plain', 5, false)).toBe(null)
  expect(writtenAt('not step', 8, true)).toEqual({ from: 4, written: 'step', isTemplate: false })
  expect(writtenAt("inputs.a == 'ste", 16, true)).toBe(null)
})
test('an offer takes the place of what was written, and the template is closed', () => {
  expect(taken('a {{inp', 7, 4, 'inputs.x', true)).toEqual({ text: 'a {{ inputs.x }}', caret: 16 })
  expect(taken('{{ inp }} b', 6, 3, 'inputs.x', true)).toEqual({ text: '{{ inputs.x }} b', caret: 11 })
  expect(taken('not step > 1', 8, 4, 'steps.a.outputs', false)).toEqual({ text: 'not steps.a.outputs > 1', caret: 19 })
})
