import { describe, expect, test } from 'vitest'
import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { checkWorkflow } from './check.ts'
import type { Lookups, StepDefinition, ToolFacts, WorkflowDefinition } from './types.ts'

const object = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const text: JsonSchema = { type: 'string' }
const tool = (inputsSchema: JsonSchema, outputsSchema: JsonSchema | undefined, permission: string, inSession = false): ToolFacts => ({
  inputsSchema,
  outputsSchema,
  permissions: [permission],
  inSession,
})
const track = object({ uri: text, title: text }, ['uri'])
const tools = new Map([
  [
    'music.search',
    tool(
      object({ query: text, most: { type: 'integer' } }, ['query']),
      object({ tracks: { type: 'array', items: track }, best: track }),
      'music:read',
    ),
  ],
  ['music.play', tool(object({ uri: text, volume: { type: 'number' } }, ['uri']), object({ playing: { type: 'boolean' } }), 'music:write')],
  ['note.add', tool(object({ text }, ['text']), undefined, 'notes:write')],
  ['ask.person', tool(object({}), undefined, 'ask:questions', true)],
])
const workflows = new Map<string, WorkflowDefinition>()
const lookups: Lookups = {
  tool: (id) => tools.get(id),
  workflow: (id) => {
    const definition = workflows.get(id)
    return definition && { id, version: 1, definition }
  },
}
const search = (id: string, more: Partial<StepDefinition> = {}): StepDefinition => ({ id, toolId: 'music.search', inputs: { query: 'x' }, ...more })
const play = (id: string, uri: Json, more: Partial<StepDefinition> = {}): StepDefinition => ({ id, toolId: 'music.play', inputs: { uri }, ...more })
const note = (id: string, words: Json = 'x', more: Partial<StepDefinition> = {}): StepDefinition => ({
  id,
  toolId: 'note.add',
  inputs: { text: words },
  ...more,
})
const flow = (steps: StepDefinition[], more: Partial<WorkflowDefinition> = {}): WorkflowDefinition => ({
  name: 'w',
  permissions: ['*'],
  steps,
  ...more,
})
const check = (definition: WorkflowDefinition, selfId?: string) => checkWorkflow(definition, lookups, selfId)
const nest = (id: string, workflowId: string, inputs: Record<string, Json> = {}): StepDefinition => ({ id, workflowId, inputs })

const whole = flow(
  [
    search('find', { inputs: { query: '{{ inputs.mood }} music' }, retry: { max: 2, backoffMs: 100 }, timeoutMs: 5_000, onError: { goto: 'spare' } }),
    search('spare', { inputs: { query: 'any {{ steps.find.error.code }}' } }),
    play('play', '{{ steps.find.outputs.best.uri }}', { if: 'steps.find.outputs.tracks and inputs.loud != false', onError: 'continue' }),
    note('all', 'Track {{ index }}: {{ item.title | default: "none" }}', { forEach: { in: 'steps.find.outputs.tracks', limit: 100 } }),
    note('done', '{{ steps.all.outputs | length }} {{ steps.play.status }} {{ steps.play.error | json }}', { dependsOn: ['play'] }),
  ],
  { inputs: object({ mood: text, loud: { type: 'boolean' } }, ['mood']), permissions: ['music:*', '*:write'] },
)
test('a sound workflow has no problems', () => expect(check(whole)).toEqual([]))

describe('every fault is told with its place', () => {
  test.each<[string, WorkflowDefinition, string, RegExp]>([
    ['no steps', flow([]), 'steps', /at least one/],
    ['an id twice', flow([note('a'), note('a')]), 'steps[1].id', /steps\[0\] has the id `a`/],
    ['a malformed id', flow([note('1a')]), 'steps[0].id', /Begin with a letter/],
    ['an id of a prototype', flow([note('__proto__')]), 'steps[0].id', /no id/],
    ['an id of a constructor', flow([note('constructor')]), 'steps[0].id', /no id/],
    ['a tool that there is not', flow([{ id: 'a', toolId: 'x.y', inputs: {} }]), 'steps[0].toolId', /no tool `x.y`/],
    ['a workflow that there is not', flow([nest('a', 'wf_x')]), 'steps[0].workflowId', /no workflow `wf_x`/],
    ['neither tool nor workflow', flow([{ id: 'a', inputs: {} }]), 'steps[0]', /either/],
    [
      'both',
      flow([
        { ...note('a'), workflowId: undefined },
        { ...note('b'), workflowId: 'wf_x' },
      ]),
      'steps[1]',
      /either/,
    ],
    ['a tool of sessions', flow([{ id: 'a', toolId: 'ask.person', inputs: {} }]), 'steps[0].toolId', /session only/],
    [
      'a permission that is not declared',
      flow([search('a')], { permissions: ['notes:*', '*:write'] }),
      'steps[0].toolId',
      /needs the permission `music:read`/,
    ],
    ['no permission', flow([note('a')], { permissions: ['*', 'nonsense'] }), 'permissions[1]', /no permission/],
    ['an unknown step in dependsOn', flow([note('a', 'x', { dependsOn: ['b'] })]), 'steps[0].dependsOn[0]', /no step `b`/],
    ['itself in dependsOn', flow([note('a', 'x', { dependsOn: ['a'] })]), 'steps[0].dependsOn[0]', /itself/],
    ['an unknown step in a template', flow([note('a', ['{{ steps.b.outputs }}'][0])]), 'steps[0].inputs.text', /no step `b`/],
    ['itself in a template', flow([note('a', '{{ steps.a.outputs }}')]), 'steps[0].inputs.text', /itself/],
    ['all steps in a template', flow([note('a', '{{ steps[*].outputs | json }}')]), 'steps[0].inputs.text', /names the step/],
    ['an unknown step in a condition', flow([note('a', 'x', { if: 'steps.b.outputs' })]), 'steps[0].if', /no step `b`/],
    ['a broken condition', flow([note('a', 'x', { if: '1 +' })]), 'steps[0].if', /arithmetic/],
    ['goto to an unknown step', flow([note('a', 'x', { onError: { goto: 'b' } })]), 'steps[0].onError.goto', /no step `b`/],
    ['goto to itself', flow([note('a', 'x', { onError: { goto: 'a' } })]), 'steps[0].onError.goto', /own fallback/],
    ['too many elements', flow([note('a', 'x', { forEach: { in: 'inputs.x', limit: 10_001 } })]), 'steps[0].forEach.limit', /1 to 10000/],
    ['no elements', flow([note('a', 'x', { forEach: { in: 'inputs.x', limit: 0 } })]), 'steps[0].forEach.limit', /1 to 10000/],
    [
      'a list that is none',
      flow([search('s'), note('a', 'x', { forEach: { in: 'steps.s.outputs.best', limit: 1 } })]),
      'steps[1].forEach.in',
      /wants a list/,
    ],
    ['retries without end', flow([note('a', 'x', { retry: { max: 21, backoffMs: 0 } })]), 'steps[0].retry.max', /1 to 20/],
    ['a time limit that is none', flow([note('a', 'x', { timeoutMs: Number.NaN })]), 'steps[0].timeoutMs', /whole number/],
    ['an input that is missing', flow([{ id: 'a', toolId: 'note.add', inputs: {} }]), 'steps[0].inputs', /required property "text"/],
    ['an input that there is not', flow([note('a', 'x', { inputs: { text: 'x', more: '{{ 1 }}' } })]), 'steps[0].inputs.more', /not expected/],
    [
      'an output that there is not',
      flow([search('s'), play('a', '{{ steps.s.outputs.first.uri }}')]),
      'steps[1].inputs.uri',
      /no `first`. It has: `tracks`, `best`/,
    ],
    [
      'a part of a step that there is not',
      flow([search('s'), play('a', '{{ steps.s.output.best.uri }}')]),
      'steps[1].inputs.uri',
      /It has: `outputs`/,
    ],
    ['another kind', flow([search('s'), play('a', '{{ steps.s.outputs.tracks }}')]), 'steps[1].inputs.uri', /wants a text, but this gives a list/],
    ['an element outside of a loop', flow([note('a', '{{ item }}')]), 'steps[0].inputs.text', /no `item`/],
    [
      'an element of another kind',
      flow([search('s'), note('a', '{{ item.name }}', { forEach: { in: 'steps.s.outputs.tracks', limit: 9 } })]),
      'steps[1].inputs.text',
      /`item` has no `name`/,
    ],
    [
      'outputs of a loop as if there were one',
      flow([search('s'), search('l', { forEach: { in: 'steps.s.outputs.tracks', limit: 9 } }), play('a', '{{ steps.l.outputs.best.uri }}')]),
      'steps[2].inputs.uri',
      /is a list, so it has no `best`|has no `best`/,
    ],
    [
      'an input of the workflow that there is not',
      flow([note('a', '{{ inputs.mod }}')], { inputs: object({ mood: text }) }),
      'steps[0].inputs.text',
      /It has: `mood`/,
    ],
    ['secrets', flow([note('a', '{{ secrets.x }}')]), 'steps[0].inputs.text', /no `secrets`/],
    ['a broken schema', flow([note('a')], { inputs: { type: 'object', properties: { x: { type: 'text' } } } }), 'inputs.properties.type', /./],
    ['a broken pattern', flow([note('a')], { inputs: { type: 'object', properties: { x: { pattern: '(' } } } }), 'inputs.properties.pattern', /./],
    ['a reference that leads nowhere', flow([note('a')], { inputs: { $ref: '#/$defs/x' } }), 'inputs.$ref', /leads nowhere/],
    ['inputs that are no object', flow([note('a')], { inputs: { type: 'string' } }), 'inputs.type', /are an object/],
    ['a schema without end', flow([note('a')], { inputs: { type: 'object', properties: { a: { $ref: '#' } } } }), 'inputs', /refers to itself/],
  ])('%s', (_, definition, path, words) => {
    const problems = check(definition)
    expect(problems[0], JSON.stringify(problems)).toEqual({ path, message: expect.stringMatching(words) })
  })
  test('more than 1,000 steps', () => expect(check(flow(Array.from({ length: 1_001 }, (_, n) => note(`s${n}`))))).toMatchObject([{ path: 'steps' }]))
  test('but at most 50 at once', () => expect(check(flow(Array.from({ length: 90 }, () => note('a', '{{')))).length).toBe(50))
})

describe('steps that wait for each other', () => {
  const goto = (aim: string): Partial<StepDefinition> => ({ onError: { goto: aim } })
  test.each<[string, StepDefinition[], string]>([
    [
      'by name and by template',
      [note('a', '{{ steps.c.outputs }}'), note('b', 'x', { dependsOn: ['a'] }), note('c', '{{ steps.b.status }}')],
      'a → c → b → a',
    ],
    [
      'through a fallback that waits for what waits for it',
      [note('a', 'x', goto('f')), note('b', '{{ steps.a.status }}'), note('f', 'x', { dependsOn: ['b'] })],
      'b → f → b',
    ],
    [
      'through a fallback that is waited for itself',
      [note('a', 'x', { dependsOn: ['f'] }), note('b', 'x', { dependsOn: ['a'], ...goto('f') }), note('f')],
      'a → f → b → a',
    ],
  ])('%s are named', (_, steps, cycle) => {
    expect(check(flow(steps)).map(({ message }) => message)).toContain(`These steps wait for each other: ${cycle}. Take one of the dependencies out.`)
  })
  test('a fallback may read the step that failed, and be shared by steps that follow each other', () => {
    const steps = [
      note('a', 'x', goto('f')),
      note('b', '{{ steps.a.status }}', goto('f')),
      note('f', '{{ steps.a.error | json }} {{ steps.b.error | default: "" | json }}'),
    ]
    expect(check(flow(steps))).toEqual([])
  })
  test('fallbacks that lead back are refused', () => {
    expect(check(flow([note('a', 'x', goto('b')), note('b', 'x', goto('a'))])).map(({ path }) => path)).toContain('steps[0].onError.goto')
  })
  test('a chain of fallbacks is fine', () =>
    expect(check(flow([note('a', 'x', goto('b')), note('b', 'x', goto('c')), note('c'), note('d', '{{ steps.a.status }}')]))).toEqual([]))
})

describe('workflows inside', () => {
  workflows.set('wf_play', flow([play('start', '{{ inputs.uri }}')], { inputs: object({ uri: text }, ['uri']), permissions: ['music:write'] }))
  workflows.set('wf_outer', flow([nest('in', 'wf_play', { uri: 'x' })]))
  workflows.set('wf_self', flow([nest('in', 'wf_me')]))
  for (let n = 0; n < 12; n += 1)
    workflows.set(`wf_d${n}`, flow([n === 0 ? note('a') : nest('a', `wf_d${n - 1}`), ...(n === 0 ? [] : [nest('b', `wf_d${n - 1}`)])]))
  workflows.set('wf_ring', flow([nest('a', 'wf_ring')]))
  for (let n = 0; n < 4; n += 1)
    workflows.set(`wf_w${n}`, flow(Array.from({ length: 500 }, (_, m) => (n === 0 ? note(`s${m}`) : nest(`s${m}`, `wf_w${n - 1}`)))))

  test('have the outputs of their steps', () => {
    expect(check(flow([nest('p', 'wf_play', { uri: 'x' }), note('a', '{{ steps.p.outputs.start.playing }}')]))).toMatchObject([
      { path: 'steps[1].inputs.text', message: expect.stringMatching(/wants a text, but this gives true or false/) },
    ])
    expect(check(flow([nest('p', 'wf_outer'), note('a', '{{ steps.p.outputs.in.start.played }}')]))).toMatchObject([{ path: 'steps[1].inputs.text' }])
    expect(check(flow([nest('p', 'wf_outer'), note('a', '{{ steps.p.outputs.in.start.playing | string }}')]))).toEqual([])
  })
  test('are given what they want, and no more permissions than are declared', () => {
    expect(check(flow([nest('p', 'wf_play', { url: 'x' })])).map(({ path }) => path)).toEqual(['steps[0].inputs', 'steps[0].inputs.url'])
    expect(check(flow([nest('p', 'wf_play', { uri: 'x' })], { permissions: ['music:read'] }))).toMatchObject([
      { path: 'steps[0].workflowId', message: expect.stringMatching(/music:write/) },
    ])
  })
  test('cannot contain themselves', () => {
    expect(check(flow([nest('a', 'wf_self')]), 'wf_me')).toMatchObject([
      { path: 'steps[0].workflowId', message: 'The workflow contains itself: wf_me → wf_self → wf_me.' },
    ])
    expect(check(flow([nest('a', 'wf_ring')]))).toMatchObject([{ message: 'The workflow contains itself: wf_ring → wf_ring.' }])
    expect(check(flow([nest('a', 'wf_me')]), 'wf_me')).toMatchObject([{ path: 'steps[0].workflowId' }])
  })
  test('cannot hold one that is broken', () => {
    workflows.set('wf_broken', flow([{ id: 'none', inputs: {} }]))
    expect(check(flow([nest('a', 'wf_broken')]))).toMatchObject([
      { path: 'steps[0].workflowId', message: expect.stringMatching(/wf_broken.* is broken/) },
    ])
  })
  test('are at most 8 deep, and together at most 10,000 steps', () => {
    expect(check(flow([nest('a', 'wf_d7')]))).toEqual([])
    expect(check(flow([nest('a', 'wf_d8')]))).toMatchObject([{ path: 'steps[0].workflowId', message: expect.stringMatching(/more than 8 deep/) }])
    expect(check(flow([nest('a', 'wf_w3')]))).toMatchObject([{ path: 'steps', message: expect.stringMatching(/at most 10000/) }])
  })
  test('cannot be retried as a whole', () => {
    const step = { ...nest('p', 'wf_outer'), retry: { max: 1, backoffMs: 0 }, timeoutMs: 1 }
    expect(check(flow([step])).map(({ path }) => path)).toEqual(['steps[0].retry', 'steps[0].timeoutMs'])
  })
})
