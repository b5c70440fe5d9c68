import { expect, test } from 'vitest'
import { compileWorkflow } from './compile.ts'
import { fallbacksOf } from './links.ts'
import type { Lookups, StepDefinition, WorkflowDefinition } from './types.ts'

const step = (id: string, more: Partial<StepDefinition> = {}): StepDefinition => ({ id, toolId: 'a.b', inputs: {}, ...more })
const flow = (...steps: StepDefinition[]): WorkflowDefinition => ({ name: 'w', permissions: ['a:b'], steps })
const inner = { ...flow(step('x')), inputs: { type: 'object' } }
const lookups: Lookups = {
  tool: () => undefined,
  workflow: (id) => (id === 'wf_inner' ? { id, version: 3, definition: inner } : undefined),
}
const dependencies = (...steps: StepDefinition[]) =>
  Object.fromEntries(compileWorkflow(flow(...steps), lookups).steps.map(({ id, dependsOn }) => [id, dependsOn]))

test('a step depends on the steps it names and on those that its templates read, each once', () => {
  const last = step('d', {
    dependsOn: ['a'],
    if: 'steps.b.outputs and steps.a.outputs',
    forEach: { in: 'steps.c.outputs', limit: 3 },
    inputs: { deep: [{ x: "{{ steps['a'].outputs | default: steps.e.outputs }}" }] },
  })
  expect(dependencies(step('a'), step('b'), step('c'), step('e'), last)).toEqual({ a: [], b: [], c: [], e: [], d: ['a', 'b', 'c', 'e'] })
})
test('a fallback does not depend on the steps that jump to it, also when it reads them', () => {
  const steps = [
    step('a', { onError: { goto: 'f' } }),
    step('b', { onError: { goto: 'f' } }),
    step('c', { dependsOn: ['a'] }),
    step('f', { dependsOn: ['a'], inputs: { x: '{{ steps.b.error }}{{ steps.other.outputs }}' } }),
    step('other'),
  ]
  expect(dependencies(...steps)).toEqual({ a: [], b: [], c: ['a'], f: ['other'], other: [] })
  expect([...fallbacksOf(compileWorkflow(flow(...steps), lookups))]).toEqual(['f'])
})
test('a program is whole and plain: everything a step says is kept, workflows inside are there in their version', () => {
  const program = compileWorkflow(
    {
      ...flow(step('a', { retry: { max: 1, backoffMs: 5 }, timeoutMs: 9, onError: 'continue', if: 'true' }), {
        id: 'n',
        workflowId: 'wf_inner',
        inputs: { y: '{{ 1 }}' },
      }),
      inputs: {},
    },
    lookups,
  )
  expect(JSON.parse(JSON.stringify(program))).toEqual({
    permissions: ['a:b'],
    inputsSchema: {},
    steps: [
      {
        kind: 'tool',
        id: 'a',
        toolId: 'a.b',
        inputs: {},
        literal: false,
        dependsOn: [],
        if: 'true',
        retry: { max: 1, backoffMs: 5 },
        timeoutMs: 9,
        onError: 'continue',
      },
      {
        kind: 'workflow',
        id: 'n',
        workflowId: 'wf_inner',
        version: 3,
        inputs: { y: '{{ 1 }}' },
        dependsOn: [],
        onError: 'halt',
        program: {
          permissions: ['a:b'],
          inputsSchema: { type: 'object' },
          steps: [{ kind: 'tool', id: 'x', toolId: 'a.b', inputs: {}, literal: false, dependsOn: [], onError: 'halt' }],
        },
      },
    ],
  })
})
test('what has not been checked is refused', () => {
  expect(() => compileWorkflow(flow({ id: 'a', workflowId: 'wf_gone', inputs: {} }), lookups)).toThrow(TypeError)
})
