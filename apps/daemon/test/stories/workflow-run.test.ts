/** Row 11: how workflows are carried out, step by step. */
import { until } from '@steward/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findMarked, homeMark } from '../../src/platform/processes/marked.ts'
import type { TestDaemon } from '../kit.ts'
import { createStandIn, ended, execute, saved, startBench, stepsOf, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
let from = 0
beforeAll(async () => {
  service = await createStandIn()
  daemon = await startBench(service)
})
const broken = () => new Response('broken', { status: 500 })
beforeEach(() => {
  from = service.requests.length
  service.answer = ({ path, body }) => (path === '/list' ? { items: ['x', 'y', 'z'] } : body?.text === 'fail' ? broken() : { text: body?.text })
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
const tell = (id: string, text = id, more: object = {}) => ({ id, toolId: 'bench.tell', inputs: { text }, ...more })
const told = () => service.requests.slice(from).flatMap(({ body }) => (body === null ? [] : [body.text]))
const run = async (steps: readonly object[], more: object = {}, inputs: object = {}) =>
  execute(daemon, { workflowId: await saved(daemon, steps, more), inputs })
const seen = async (id: string) => (await stepsOf(daemon, id)).map((step) => [step.id, step.status])
const children = () => findMarked(homeMark(daemon.home))

test('inputs and outputs flow through templates, and each step has its line', async () => {
  const inputs = { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] }
  const steps = [tell('a', 'Hello {{inputs.who}}'), tell('b', '{{steps.a.outputs.text | upper}}!')]
  const outcome = await run(steps, { inputs }, { who: 'Ann' })
  expect(outcome).toMatchObject({ status: 'completed', outputs: { a: { text: 'Hello Ann' }, b: { text: 'HELLO ANN!' } } })
  expect(await seen(outcome.id)).toEqual([
    ['a', 'completed'],
    ['b', 'completed'],
  ])
  const id = await saved(daemon, steps, { inputs })
  const refused = await daemon.ask('POST', '/v1/execute', { workflowId: id, inputs: { who: 7 } })
  expect(refused).toMatchObject({ status: 422, body: { error: { message: expect.stringContaining('who') } } })
  expect(told()).toEqual(['Hello Ann', 'HELLO ANN!'])
})
test('what a person gives is never read as a template', async () => {
  const evil = '{{steps.a.outputs.text}} {{inputs.who}} {{ 1 + 1 }}'
  expect(await run([tell('a', 'x'), tell('b', '{{inputs.who}}', { dependsOn: ['a'] })], {}, { who: evil })).toMatchObject({
    outputs: { b: { text: evil } },
  })
})
test('a failure halts the workflow: what is done is kept, and nothing after it begins', async () => {
  const outcome = await run([tell('a'), tell('b', 'fail', { dependsOn: ['a'] }), tell('c', 'c', { dependsOn: ['b'] })])
  expect(outcome).toMatchObject({
    status: 'failed',
    outputs: { a: { text: 'a' } },
    errors: [{ stepId: 'b', message: expect.stringContaining('500') }],
  })
  expect(told()).toEqual(['a', 'fail'])
})
test('with onError continue the others go on and can see what failed', async () => {
  const outcome = await run([
    tell('a', 'fail', { onError: 'continue' }),
    tell('b', '{{steps.a.status}}', { dependsOn: ['a'] }),
    tell('c', 'never', { dependsOn: ['a'], if: "steps.a.status == 'completed'" }),
  ])
  expect(outcome).toMatchObject({ status: 'completed', outputs: { b: { text: 'failed' } }, errors: [{ stepId: 'a' }] })
  expect(Object.fromEntries(await seen(outcome.id))).toEqual({ a: 'failed', b: 'completed', c: 'skipped' })
})
test('with onError goto a fallback runs only after the failure, and its outputs stand in', async () => {
  const steps = (text: string) => [tell('a', text, { onError: { goto: 'spare' } }), tell('spare'), tell('b', 'got {{steps.a.outputs.text}}')]
  const failed = await run(steps('fail'))
  expect(failed).toMatchObject({ status: 'completed', outputs: { spare: { text: 'spare' }, b: { text: 'got spare' } } })
  expect(told()).toEqual(['fail', 'spare', 'got spare'])
  from = service.requests.length
  expect(await run(steps('fine'))).toMatchObject({ status: 'completed', outputs: { b: { text: 'got fine' } } })
  expect(told()).toEqual(['fine', 'got fine'])
})
test('a loop makes one call for each element, in a row of its own, and gives the outputs in their order', async () => {
  const steps = [
    { id: 'list', toolId: 'bench.list' },
    tell('each', '{{index}}:{{item}}', { forEach: { in: 'steps.list.outputs.items', limit: 3 } }),
    tell('last', '{{steps.each.outputs | map: "text" | join: ","}}'),
  ]
  const outcome = await run(steps)
  expect(outcome).toMatchObject({
    status: 'completed',
    outputs: { each: [{ text: '0:x' }, { text: '1:y' }, { text: '2:z' }], last: { text: '0:x,1:y,2:z' } },
  })
  expect((await seen(outcome.id)).map(([id]) => id)).toEqual(expect.arrayContaining(['each[0]', 'each[1]', 'each[2]']))
  from = service.requests.length
  const over = await run([steps[0]!, tell('each', '{{item}}', { forEach: { in: 'steps.list.outputs.items', limit: 2 } })])
  expect(over).toMatchObject({ status: 'failed', errors: [{ stepId: 'each', code: 'too_many', message: expect.stringContaining('2') }] })
  expect(told()).toEqual([])
})
test('a workflow inside another has inputs of its own, and its steps stand under it', async () => {
  const inner = await saved(daemon, [tell('say', 'inner {{inputs.what}}')], { inputs: { type: 'object', properties: { what: { type: 'string' } } } })
  const outcome = await run([{ id: 'in', workflowId: inner, inputs: { what: 'thing' } }, tell('after', '{{steps.in.outputs.say.text}} outside')])
  expect(outcome).toMatchObject({ status: 'completed', outputs: { in: { say: { text: 'inner thing' } }, after: { text: 'inner thing outside' } } })
  expect(await seen(outcome.id)).toEqual([
    ['in/say', 'completed'],
    ['after', 'completed'],
  ])
})
test('a step that fails twice is tried again with growing pauses, and its third try counts', async () => {
  const times: number[] = []
  service.answer = ({ body }) => (times.push(performance.now()) < 3 ? broken() : { text: body?.text })
  const outcome = await run([tell('a', 'again', { retry: { max: 3, backoffMs: 40 } })])
  expect(outcome).toMatchObject({ status: 'completed', outputs: { a: { text: 'again' } } })
  expect(await stepsOf(daemon, outcome.id)).toMatchObject([{ id: 'a', status: 'completed', attempts: 3, error: null }])
  const [first = 0, second = 0, third = 0] = times
  expect([second - first >= 39, third - second >= 79]).toEqual([true, true])
  service.answer = broken
  from = service.requests.length
  expect(await run([tell('a', 'x', { retry: { max: 2, backoffMs: 0 } })])).toMatchObject({ status: 'failed' })
  expect(told()).toHaveLength(3)
})
test('a call that could only fail again is not tried again', async () => {
  const outcome = await run([{ id: 'a', toolId: 'files.read', inputs: { path: '/etc/shadow' }, retry: { max: 5, backoffMs: 10_000 } }])
  expect(outcome.status).toMatch(/failed|denied/)
  expect((await stepsOf(daemon, outcome.id))[0].attempts).toBeLessThanOrEqual(1)
})
test('a step is ended by its own time limit, its child too, and the next steps see it as failed', async () => {
  const outcome = await run([
    { id: 'nap', toolId: 'bench.sleep', inputs: { seconds: 60 }, timeoutMs: 300, onError: 'continue' },
    tell('after', '{{steps.nap.error.code}}', { dependsOn: ['nap'] }),
  ])
  expect(outcome).toMatchObject({ status: 'completed', outputs: { after: { text: 'timed_out' } }, errors: [{ stepId: 'nap', code: 'timed_out' }] })
  await until(async () => (await children()).length === 0)
})
test('steps that need nothing of each other run at the same time', async () => {
  const all = Promise.withResolvers<void>()
  service.answer = async ({ body }) => {
    if (service.requests.length >= from + 3) all.resolve()
    await all.promise
    return { text: body?.text }
  }
  expect(await run([tell('a'), tell('b'), tell('c'), tell('d', '{{steps.a.outputs.text}}{{steps.c.outputs.text}}')])).toMatchObject({
    status: 'completed',
    outputs: { d: { text: 'ac' } },
  })
})
test('cancelling in the middle ends the child within two seconds, and no later step begins', async () => {
  const id = await saved(daemon, [
    tell('before'),
    { id: 'nap', toolId: 'bench.sleep', inputs: { seconds: 60 }, dependsOn: ['before'] },
    tell('later', 'later', { dependsOn: ['nap'] }),
  ])
  const { id: execution } = await execute(daemon, { workflowId: id, waitMs: 0 })
  await until(async () => (await children()).length > 0, { timeoutMs: 15_000 })
  const began = performance.now()
  const { status, body } = await daemon.ask('POST', `/v1/executions/${execution}/cancel`)
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { status: 'cancelled', outputs: { before: { text: 'before' } }, errors: [{ code: 'cancelled' }] },
  })
  await until(async () => (await children()).length === 0)
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(told()).toEqual(['before'])
  expect(await seen(execution)).toEqual([
    ['before', 'completed'],
    ['nap', 'cancelled'],
  ])
  expect((await daemon.ask('POST', `/v1/executions/${execution}/cancel`)).body.status).toBe('cancelled')
  expect((await daemon.ask('POST', '/v1/executions/exe_none/cancel')).status).toBe(404)
})
test('one that is over stays as it ended when it is cancelled too late', async () => {
  const outcome = await run([tell('a')])
  expect((await daemon.ask('POST', `/v1/executions/${outcome.id}/cancel`)).body.status).toBe('completed')
  expect(await ended(daemon, outcome.id)).toMatchObject({ status: 'completed', errors: null })
})
