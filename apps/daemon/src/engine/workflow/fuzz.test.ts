import * as fc from 'fast-check'
import { soak } from '@steward/testkit'
import { expect, test } from 'vitest'
import { expectFast } from '../../../test/expect-fast.ts'
import { createSchedule, skipped, type Over } from '../execution/schedule.ts'
import type { JsonSchema, Program } from '../execution/types.ts'
import { isTrue, renderValue, valueOf } from '../templates/render.ts'
import { TemplateFault } from '../templates/types.ts'
import type { Json } from '../types.ts'
import { checkWorkflow } from './check.ts'
import { compileWorkflow } from './compile.ts'
import type { Lookups, StepDefinition, WorkflowDefinition } from './types.ts'

const runs = soak(300, 10_000)
const timeoutMs = soak(30_000, 900_000)
const hostile = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', 'a', 'b', 'c', 'd', 'x'.repeat(500), '../x', '\ud800']
const id = fc.oneof({ weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') }, { weight: 1, arbitrary: fc.constantFrom(...hostile) })
const expressions = [
  'inputs.x', 'inputs.list', 'steps.a.outputs', 'steps.b.outputs.y', 'steps.c.status', 'steps.d.error', 'steps.a.error.message', 'item', 'index', 'item.y', 'steps', 'steps[*]',
  "steps['a'].outputs[0]", 'inputs.__proto__', 'steps.__proto__.outputs', 'steps.constructor', 'inputs.list | length > 1', 'inputs.x | default: steps.a.outputs', '1', "'a'", 'null',
  'not', '((((', '!'.repeat(200), 'constructor.constructor("return 1")()', "'a' | replace: 'a', 'aaaaaaaaaa'", '(a+)+$', '{{ x }}',
] // prettier-ignore
const expression = fc.constantFrom(...expressions)
const text = fc.oneof(
  expression.map((each) => `{{ ${each} }}`),
  expression.map((each) => `x {{ ${each} }} y`),
  fc.constantFrom('x', '{{', '{{'.repeat(2_000), 'a'.repeat(30_000), `${'a'.repeat(50)}!`),
)
const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(text, fc.constantFrom<Json>(null, true, 0, 1.5, -1)),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...hostile), tie('json')), { maxLength: 3 }).map((entries): Json => Object.fromEntries(entries)),
  ),
})).json
const deep = fc
  .integer({ min: 50, max: 5_000 })
  .map((levels) => Array.from({ length: levels }).reduce<Json>((inner) => ({ a: inner }), '{{ inputs.x }}'))
const keyword = fc.constantFrom(
  'type',
  'properties',
  'items',
  'anyOf',
  'allOf',
  'oneOf',
  'not',
  '$ref',
  '$id',
  '$defs',
  'required',
  'additionalProperties',
  'enum',
  'pattern',
  'patternProperties',
  '__proto__',
  'minLength',
)
const schema: fc.Arbitrary<JsonSchema> = fc.letrec<{ part: Json; whole: JsonSchema }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>('object', 'string', 'array', 'integer', '#', '#/properties/x', '#/$defs/a', '(', '(a+)+$', true, false, null, 3),
    fc.array(tie('part'), { maxLength: 3 }),
    tie('whole'),
  ),
  whole: fc
    .array(fc.tuple(fc.oneof(keyword, fc.constantFrom(...hostile)), tie('part')), { maxLength: 5 })
    .map((entries): JsonSchema => Object.fromEntries(entries)),
})).whole
const whole = fc.oneof(fc.integer({ min: -1, max: 30 }), fc.constantFrom(Number.NaN, 1e9, 0.5, Infinity))
const inputs = fc.oneof(
  { weight: 3, arbitrary: text.map((x): Record<string, Json> => ({ x })) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...hostile), value), { maxLength: 4 })
      .map((entries): Record<string, Json> => Object.fromEntries(entries)),
  },
  { weight: 1, arbitrary: deep.map((x): Record<string, Json> => ({ x })) },
)
const target = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('t.any', 't.text', 't.list').map((toolId) => ({ toolId })) },
  { weight: 2, arbitrary: fc.constantFrom('wf_a', 'wf_b', 'wf_c', 'wf_self').map((workflowId) => ({ workflowId })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      {},
      { toolId: '__proto__' },
      { toolId: 't.hostile' },
      { toolId: 't.any', workflowId: 'wf_a' },
      { toolId: 't.session' },
    ),
  },
)
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 })
const step: fc.Arbitrary<StepDefinition> = fc
  .record({
    id,
    target,
    inputs,
    dependsOn: maybe(fc.array(id, { maxLength: 3 })),
    if: maybe(fc.oneof(expression, text)),
    forEach: maybe(fc.record({ in: fc.oneof(expression, text), limit: whole })),
    retry: maybe(fc.record({ max: whole, backoffMs: whole })),
    timeoutMs: maybe(whole),
    onError: maybe(
      fc.oneof(
        fc.constantFrom<'halt' | 'continue'>('halt', 'continue'),
        id.map((goto) => ({ goto })),
      ),
    ),
  })
  .map(({ target: aim, ...rest }) => ({ ...rest, ...aim }))
const steps = fc.oneof(
  { weight: 3, arbitrary: fc.array(step, { maxLength: 6 }) },
  { weight: 2, arbitrary: fc.uniqueArray(step, { minLength: 1, maxLength: 4, selector: (each) => each.id }) },
)
const definition: fc.Arbitrary<WorkflowDefinition> = fc.record({
  name: fc.constantFrom('w', '__proto__'),
  inputs: maybe(
    fc.oneof(schema, fc.constant<JsonSchema>({ type: 'object', properties: { x: { type: 'string' }, list: { type: 'array', items: {} } } })),
  ),
  permissions: fc.oneof(
    { weight: 4, arbitrary: fc.constant(['*']) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom('a:b', 'a:*', '*', '::', ...hostile), { maxLength: 3 }) },
  ),
  steps,
})
/** Sound workflows whose steps depend on earlier and later ones as it comes. */
const sound: fc.Arbitrary<WorkflowDefinition> = fc
  .array(
    fc.record({
      on: fc.array(fc.nat(5), { maxLength: 2 }),
      read: maybe(fc.nat(5)),
      jump: maybe(fc.nat(5)),
      goesOn: fc.boolean(),
      asks: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => ({
    name: 'w',
    permissions: ['a:b'],
    steps: parts.map(({ on, read, jump, goesOn, asks }, n) => {
      const name = (m: number) => `s${m % parts.length}`
      const others = on.map(name).filter((each) => each !== `s${n}`)
      const reads = read === undefined || name(read) === `s${n}` ? 'x' : `{{ steps.${name(read)}.outputs | json }}`
      const aim = jump === undefined || name(jump) === `s${n}` ? undefined : { goto: name(jump) }
      return {
        id: `s${n}`,
        toolId: 't.text',
        inputs: { x: reads },
        dependsOn: others,
        onError: aim ?? (goesOn ? 'continue' : 'halt'),
        ...(asks && { if: 'inputs.x' }),
      }
    }),
  }))
const facts = (inputsSchema: JsonSchema, outputsSchema?: JsonSchema, inSession = false) => ({
  inputsSchema,
  outputsSchema,
  permissions: ['a:b'],
  inSession,
})
const lookupsFor = (others: readonly WorkflowDefinition[], hostileSchema: JsonSchema): Lookups => ({
  tool: (name) =>
    new Map([
      ['t.any', facts({})],
      [
        't.text',
        facts(
          { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] },
          { type: 'object', properties: { y: { type: 'number' } }, additionalProperties: false },
        ),
      ],
      ['t.list', facts({ type: 'object' }, { type: 'array', items: { type: 'string' } })],
      ['t.hostile', facts(hostileSchema, hostileSchema)],
      ['t.session', facts({}, {}, true)],
    ]).get(name),
  workflow: (name) => {
    const other = new Map(others.map((each, n) => [`wf_${'abc'.charAt(n)}`, each])).get(name)
    return other && { id: name, version: 1, definition: other }
  },
})
/** Fills in every template of a program once, as an execution would. */
function rendered(program: Program): void {
  const state: Json = { outputs: { y: 1 }, status: 'completed', error: null }
  const scope = {
    inputs: { x: 'a', list: [1, 2] },
    steps: Object.fromEntries(program.steps.map((each) => [each.id, state])),
    item: { y: 1 },
    index: 0,
  }
  for (const each of program.steps) {
    for (const work of [
      () => renderValue({ ...each.inputs }, scope),
      () => each.if !== undefined && isTrue(each.if, scope),
      () => each.forEach && valueOf(each.forEach.in, scope),
    ]) {
      try {
        work()
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateFault)
      }
    }
    if (each.kind === 'workflow') rendered(each.program)
  }
}
test('any definition is refused with the places of its faults, or compiled and filled in, at once', { timeout: timeoutMs }, () => {
  fc.assert(
    fc.property(definition, fc.array(definition, { maxLength: 3 }), schema, (given, others, hostileSchema) => {
      expectFast(() => {
        const lookups = lookupsFor(others, hostileSchema)
        const problems = checkWorkflow(given, lookups, 'wf_self')
        expect(problems.length).toBeLessThanOrEqual(50)
        for (const { path, message } of problems)
          expect([path, message]).toEqual([expect.stringMatching(/^(steps|inputs|permissions)/), expect.stringMatching(/./)])
        if (problems.length === 0) rendered(compileWorkflow(given, lookups))
      })
    }),
    { numRuns: runs },
  )
})
test('a workflow that passes comes to an end, whichever steps fail, are skipped or succeed', { timeout: timeoutMs }, () => {
  let passed = 0
  fc.assert(
    fc.property(
      sound,
      fc.array(fc.constantFrom('completed', 'failed', 'skipped'), { minLength: 6, maxLength: 6 }),
      fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }),
      (given, fates, turns) => {
        const lookups = lookupsFor([], {})
        if (checkWorkflow(given, lookups).length > 0) return
        passed += 1
        const program = compileWorkflow(given, lookups)
        const schedule = createSchedule(program)
        const overs = new Map<string, Over>()
        const begun = new Set<string>()
        for (let turn = 0; turn < 50 && overs.size < program.steps.length && !schedule.halting(overs); turn += 1) {
          for (const { id: next } of schedule.passed(overs, begun)) {
            begun.add(next)
            overs.set(next, skipped)
          }
          for (const { id: next } of schedule.ready(overs, begun)) begun.add(next)
          const working = [...begun].filter((each) => !overs.has(each))
          const next = working[(turns[turn % 6] ?? 0) % Math.max(1, working.length)]
          if (next === undefined) continue
          const fate = fates[Number(next.slice(1))]
          overs.set(
            next,
            fate === 'failed'
              ? { status: 'failed', outputs: null, error: { code: 'x', message: 'x' } }
              : fate === 'skipped'
                ? skipped
                : { status: 'completed', outputs: {}, error: null },
          )
        }
        expect(schedule.halting(overs) !== undefined || overs.size === program.steps.length, JSON.stringify([given, fates])).toBe(true)
      },
    ),
    { numRuns: runs * 5 },
  )
  expect(passed).toBeGreaterThan(runs / 2)
})
