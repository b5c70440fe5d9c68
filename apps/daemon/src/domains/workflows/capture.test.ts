import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownerCaller } from '../../../test/room-harness.ts'
import { createWorkflowHarness, type WorkflowHarness } from '../../../test/workflow-harness.ts'
import type { Program, ToolStep } from '../../engine/execution/types.ts'
import { renderValue } from '../../engine/templates/render.ts'
import type { Json } from '../../engine/types.ts'
import { stepsOfExecutions } from './capture.ts'
import type { CapturedExecution } from './ports.ts'
import { renameSteps } from './rename.ts'

let rooms: WorkflowHarness
beforeEach(async () => void (rooms = await createWorkflowHarness()))
afterEach(() => rooms.close())

const step = (id: string, toolId: string, inputs: ToolStep['inputs'], dependsOn: string[] = []): ToolStep => ({
  kind: 'tool',
  id,
  toolId,
  inputs,
  dependsOn,
  literal: false,
  onError: 'halt',
})
const done = { caller: 'owner', status: 'completed', toolId: null, workflowId: null, program: null, inputs: {} } satisfies CapturedExecution
const call = (toolId: string, inputs: Json): CapturedExecution => ({ ...done, toolId, inputs })
const planned = (...steps: Program['steps']): CapturedExecution => ({ ...done, program: { steps } })
const capturing = (...executionIds: string[]) => rooms.ask('workflows.capture', { name: 'Captured', executionIds })
const refusing = (...executionIds: string[]) => rooms.refusal('workflows.capture', { name: 'Captured', executionIds })
const copying = planned(
  step('s1', 'files.read', { path: 'a.txt' }),
  step('s2', 'files.write', { path: 'b.txt', content: '{{steps.s1.outputs.content}}' }, ['s1']),
)

test('a plan becomes a workflow: its steps with their templates, and the permissions that they need', async () => {
  const { steps } = copying.program!
  rooms.plans.set('plan_1', {
    caller: 'owner',
    text: 'copy a.txt to b.txt',
    intent: 'copy',
    steps: steps.map(({ id, inputs, dependsOn, ...rest }) => ({
      id,
      appId: 'files',
      toolId: (rest as ToolStep).toolId,
      inputs: inputs as never,
      dependsOn: [...dependsOn],
    })),
  })
  const made = await rooms.ask('workflows.capture', { name: 'Copy', planId: 'plan_1' })
  expect(made).toMatchObject({ name: 'Copy', version: 1, description: 'copy a.txt to b.txt', permissions: ['files:read', 'files:write'] })
  expect(made.steps).toMatchObject([
    { id: 's1', toolId: 'files.read', inputs: { path: 'a.txt' } },
    { id: 's2', toolId: 'files.write', inputs: { path: 'b.txt', content: '{{steps.s1.outputs.content}}' }, dependsOn: ['s1'] },
  ])
  expect((await rooms.ask('workflows.capture', { name: 'Copy', description: 'Mine.', planId: 'plan_1' })).description).toBe('Mine.')
  expect((await rooms.events()).map(({ name }) => name)).toEqual(['workflow.saved', 'workflow.saved'])
})
test('calls that were made become steps one after another, with their inputs as they were', async () => {
  rooms.executions.set('exe_1', call('files.read', { path: '{{inputs.x}} {' }))
  rooms.executions.set('exe_2', call('files.read', { path: 'b.txt' }))
  const made = await capturing('exe_2', 'exe_1', 'exe_2')
  expect(made.permissions).toEqual(['files:read'])
  expect(made.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['read', undefined],
    ['read_2', ['read']],
    ['read_3', ['read_2']],
  ])
  expect(made.steps.map(({ inputs }) => renderValue(inputs as Json, {}))).toEqual([{ path: 'b.txt' }, { path: '{{inputs.x}} {' }, { path: 'b.txt' }])
})
test('a plan that was executed becomes its steps; ids are made unique, and the templates follow them', async () => {
  rooms.executions.set('exe_1', copying)
  rooms.executions.set(
    'exe_2',
    planned(step('s1', 'files.list', { path: '.' }), ...copying.program!.steps.map((each) => ({ ...each, id: each.id.replace('s', 't') }))),
  )
  rooms.executions.set('exe_3', call('files.read', { path: 'b.txt' }))
  const made = await capturing('exe_1', 'exe_1', 'exe_3')
  expect(made.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['s1', undefined],
    ['s2', ['s1']],
    ['s1_2', ['s2']],
    ['s2_2', ['s1_2']],
    ['read', ['s2_2']],
  ])
  expect(made.steps[3]?.inputs).toEqual({ path: 'b.txt', content: '{{steps.s1_2.outputs.content}}' })
  expect(rooms.resolve(made.id).program.steps[3]).toMatchObject({ id: 's2_2', dependsOn: ['s1_2'] })
})
test('what stood side by side in a plan stays side by side, and what comes after waits for all of it', async () => {
  rooms.executions.set('exe_1', planned(step('a', 'files.read', { path: 'a' }), step('b', 'files.read', { path: 'b' })))
  const made = await capturing('exe_1', 'exe_1')
  expect(made.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['a', undefined],
    ['b', undefined],
    ['a_2', ['a', 'b']],
    ['b_2', ['a', 'b']],
  ])
})
test('a workflow that was run becomes a step that runs it, with what it was given and what it may do', async () => {
  const inner = await rooms.ask('workflows.save', {
    name: 'Inner',
    permissions: ['files:read', 'files:write'],
    inputs: { type: 'object', properties: { path: { type: 'string' } } },
    steps: [{ id: 'a', toolId: 'files.read', inputs: { path: '{{inputs.path}}' } }],
  })
  rooms.executions.set('exe_1', { ...done, workflowId: inner.id, program: rooms.resolve(inner.id).program, inputs: { path: '{{x' } })
  const made = await capturing('exe_1')
  expect(made).toMatchObject({ permissions: ['files:read', 'files:write'], inputs: null })
  expect(made.steps).toMatchObject([{ id: 'workflow', workflowId: inner.id }])
  expect(renderValue(made.steps[0]!.inputs as Json, {})).toEqual({ path: '{{x' })
})
test('the plans and executions of others are not found', async () => {
  rooms.executions.set('exe_1', { ...call('files.read', { path: 'a' }), caller: 'tok_1' })
  rooms.plans.set('plan_1', { caller: 'tok_1', text: '', intent: '', steps: [] })
  for (const input of [{ executionIds: ['exe_1'] }, { executionIds: ['exe_2'] }, { planId: 'plan_1' }, { planId: 'plan_2' }])
    expect(await rooms.refusal('workflows.capture', { name: 'Captured', ...input })).toMatchObject({ code: 'not_found' })
})
test('what did not complete, and what had a secret in it, is not captured', async () => {
  for (const status of ['failed', 'running', 'denied', 'cancelled', 'interrupted', 'queued', 'waiting']) {
    rooms.executions.set('exe_1', { ...call('files.read', { path: 'a' }), status })
    expect(await refusing('exe_1')).toMatchObject({ code: 'unprocessable', message: expect.stringContaining(status) })
  }
  rooms.executions.set('exe_1', call('files.write', { path: 'a', content: 'key: [redacted]' }))
  rooms.executions.set('exe_2', planned(step('a', 'files.read', { path: '[redacted]' })))
  for (const id of ['exe_1', 'exe_2']) expect(await refusing(id)).toMatchObject({ code: 'unprocessable', message: expect.stringContaining('secret') })
  rooms.plans.set('plan_1', {
    caller: 'owner',
    text: '',
    intent: '',
    steps: [{ id: 'a', appId: 'files', toolId: 'files.read', inputs: { path: '[redacted]' } }],
  })
  expect(await rooms.refusal('workflows.capture', { name: 'Captured', planId: 'plan_1' })).toMatchObject({ code: 'unprocessable' })
  expect(await rooms.events()).toEqual([])
})
test('who does not hold what the steps need, or uses a tool that has gone, captures nothing', async () => {
  rooms.executions.set('exe_1', { ...call('files.read', { path: 'a' }), caller: 'tok_1' })
  const weak = { ...ownerCaller, id: 'tok_1', kind: 'token' as const, scopes: ['workflows:*'] }
  const input = { name: 'Captured', executionIds: ['exe_1'] }
  expect(await rooms.refusal('workflows.capture', input, { caller: weak })).toMatchObject({ code: 'forbidden' })
  rooms.changed.set('files.read', undefined)
  expect(await rooms.refusal('workflows.capture', input, { caller: { ...weak, scopes: ['*'] } })).toMatchObject({ code: 'unprocessable' })
})
test('whatever a call was given, its step gives it again', () => {
  const text = fc.array(fc.constantFrom('{', '{{', '}}', 'inputs.x', "'", '"', '\\', ' ', 'a', '|'), { maxLength: 20 }).map((parts) => parts.join(''))
  const value = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('json')),
      fc.dictionary(fc.constantFrom('a', '{{b}}'), tie('json')),
    ),
  })).json
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('p', 'q'), value), (inputs) => {
      const given = JSON.parse(JSON.stringify(inputs)) as Json
      expect(renderValue(stepsOfExecutions([['exe_1', call('a.b', given)]])[0]!.inputs as Json, {})).toEqual(given)
    }),
  )
})
test('a step gets another id wherever it is named, and nothing else that looks like it', () => {
  const names = new Map([
    ['a', 'a_2'],
    ['b', 'b'],
  ])
  const [first, second] = renameSteps(
    [
      { id: 'a', toolId: 'x.y', inputs: { steps: 'steps.a', path: "{{ 'steps.a' }}{{ inputs.steps.a }}" }, onError: { goto: 'b' } },
      {
        id: 'b',
        toolId: 'x.y',
        dependsOn: ['a'],
        if: "steps.a.status == 'failed' and steps['a'].error",
        onError: { goto: 'a' },
        inputs: {
          list: ['{{steps . a.outputs}} and {{ steps.b.outputs | default: steps.a.outputs[0] }} of {{broken'],
          text: '{{ steps["a"].outputs.x }} {{steps.a_b.x}}',
        },
        forEach: { in: '{{ steps.a.outputs }}', limit: 2 },
      },
    ],
    names,
  )
  expect(first).toMatchObject({ id: 'a_2', inputs: { steps: 'steps.a', path: "{{ 'steps.a' }}{{ inputs.steps.a }}" }, onError: { goto: 'b' } })
  expect(second).toMatchObject({
    id: 'b',
    dependsOn: ['a_2'],
    if: "steps.a_2.status == 'failed' and steps.a_2.error",
    onError: { goto: 'a_2' },
    inputs: {
      list: ['{{steps . a.outputs}} and {{ steps.b.outputs | default: steps.a.outputs[0] }} of {{broken'],
      text: '{{ steps.a_2.outputs.x }} {{steps.a_b.x}}',
    },
    forEach: { in: '{{ steps.a_2.outputs }}', limit: 2 },
  })
})
