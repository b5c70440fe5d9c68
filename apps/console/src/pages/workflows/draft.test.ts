import { expect, test } from 'vitest'
import {
  changeStep,
  emptyDraft,
  isSame,
  moveStep,
  renameStep,
  sentOf,
  stepsBefore,
  withoutStep,
  withStep,
  withStepAgain,
  type Draft,
} from './draft.ts'

const two = (): Draft => withStep(withStep(emptyDraft, { toolId: 'files.read' }, 'k1'), { toolId: 'files.read' }, 'k2')

test('a new step is named after its tool, and never like another', () => {
  expect(two().steps.map(({ id }) => id)).toEqual(['read', 'read_2'])
  expect(withStep(two(), { workflowId: 'wfl_1' }, 'k3').steps.at(-1)).toMatchObject({ id: 'workflow', workflowId: 'wfl_1' })
})
test('a renamed step is renamed wherever it is named, and nowhere else', () => {
  const draft = changeStep(two(), 'k2', {
    inputs: { a: ["{{ steps.read.outputs.x }} steps.read {{ steps['read'].status }} {{ steps.read_2.error }}"] },
    dependsOn: ['read'],
    if: 'steps.read.outputs.n > 1',
    forEach: { in: '{{ steps.read.outputs.list }}', limit: 3 },
    onError: { goto: 'read' },
  })
  expect(renameStep(draft, 'k1', 'first').steps[1]).toMatchObject({
    inputs: { a: ['{{ steps.first.outputs.x }} steps.read {{ steps.first.status }} {{ steps.read_2.error }}'] },
    dependsOn: ['first'],
    if: 'steps.first.outputs.n > 1',
    forEach: { in: '{{ steps.first.outputs.list }}', limit: 3 },
    onError: { goto: 'first' },
  })
})
test('a step that goes is waited for no longer', () => {
  const draft = changeStep(two(), 'k2', { dependsOn: ['read'], onError: { goto: 'read' } })
  expect(withoutStep(draft, 'k1').steps).toEqual([{ key: 'k2', id: 'read_2', toolId: 'files.read', inputs: {}, dependsOn: [], onError: undefined }])
})
test('a step that comes back stands where it stood, is waited for again, and what was changed meanwhile stays', () => {
  const draft = changeStep(two(), 'k2', { dependsOn: ['read'], onError: { goto: 'read' } })
  const meanwhile = { ...changeStep(withoutStep(draft, 'k1'), 'k2', { timeoutMs: 5 }), name: 'x' }
  expect(withStepAgain(meanwhile, draft.steps, 'k1')).toEqual({ ...changeStep(draft, 'k2', { timeoutMs: 5 }), name: 'x' })
})
test('a step moves by one place, and not beyond the ends', () => {
  expect(moveStep(two(), 'k2', -1).steps.map(({ key }) => key)).toEqual(['k2', 'k1'])
  expect(moveStep(two(), 'k2', 1)).toEqual(two())
})
test('what is sent holds no keys of ours and nothing that is not set', () => {
  const draft = changeStep({ ...two(), name: ' a ' }, 'k1', { if: undefined, timeoutMs: 5 })
  expect(sentOf(draft)).toEqual({
    name: 'a',
    permissions: [],
    steps: [
      { id: 'read', toolId: 'files.read', inputs: {}, timeoutMs: 5 },
      { id: 'read_2', toolId: 'files.read', inputs: {} },
    ],
  })
  expect(isSame(draft, changeStep(draft, 'k1', { dependsOn: undefined }))).toBe(true)
  expect(isSame(draft, { ...draft, description: 'x' })).toBe(false)
})
test('only what does not come after a step may come before it', () => {
  const draft = changeStep(withStep(two(), { toolId: 'files.list' }, 'k3'), 'k2', { dependsOn: ['read'] })
  expect(stepsBefore(draft.steps, 'read').map(({ id }) => id)).toEqual(['list'])
  expect(stepsBefore(draft.steps, 'read_2').map(({ id }) => id)).toEqual(['read', 'list'])
})
