/** Rows 5 to 7 and 11 at their edges: many at once, what is queued, what goes away, what is too much. */
import { request } from 'node:http'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDaemon } from '../kit.ts'
import { benchApp, benchTools, createStandIn, ended, execute, historyOf, saved, settle, startBench, stepsOf, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
let from = 0
const typed = { ...benchTools.list, id: 'typed', outputs: { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] } }
beforeAll(async () => {
  service = await createStandIn()
  daemon = await startBench(service, { manifests: { bench: benchApp(service.url, [...Object.values(benchTools), typed]) } })
})
beforeEach(() => {
  from = service.requests.length
  service.answer = ({ body, query }) => ({ text: body?.text ?? query['text'] })
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
const tell = (text: string) => ({ toolId: 'bench.tell', inputs: { text } })
const told = () => service.requests.slice(from).flatMap(({ body }) => (body === null ? [] : [body.text]))
/** Answers wait at a gate; how many do so at most is counted. */
function gate() {
  const open = Promise.withResolvers<void>()
  const seen = { now: 0, most: 0 }
  service.answer = async ({ body }) => {
    seen.most = Math.max(seen.most, ++seen.now)
    await open.promise
    seen.now--
    return { text: body?.text ?? null }
  }
  return { seen, open: open.resolve }
}
const set = (key: string, value: unknown) => daemon.ask('PUT', `/v1/settings/${key}`, { value })
const reset = (key: string) => daemon.ask('DELETE', `/v1/settings/${key}`)

test('a hundred calls at once are all done, each once', async () => {
  const all = await Promise.all(Array.from({ length: 100 }, (_, at) => execute(daemon, tell(`call ${at}`))))
  expect(new Set(all.map(({ id }) => id)).size).toBe(100)
  expect(all.every(({ status }) => status === 'completed')).toBe(true)
  expect(told().toSorted()).toEqual(Array.from({ length: 100 }, (_, at) => `call ${at}`).toSorted())
})
test('more than may be at work wait in the queue, which one that waits for a person does not hold up', async () => {
  await set('executions.atOnce', 1)
  const { id: ruleId } = await daemon.client.permissions.add({ tool: 'bench.put', action: 'ask', level: 'global' })
  const asked = await execute(daemon, { toolId: 'bench.put', inputs: { text: 'asked' } })
  const { open, seen } = gate()
  const first = await execute(daemon, { ...tell('first'), waitMs: 0 })
  await service.waitFor(from + 1)
  const second = await execute(daemon, { ...tell('second'), waitMs: 0 })
  expect(second.status).toBe('queued')
  const third = await execute(daemon, { ...tell('third'), waitMs: 0 })
  expect((await daemon.ask('POST', `/v1/executions/${second.id}/cancel`)).body).toMatchObject({ status: 'cancelled', startedAt: null })
  open()
  for (const { id } of [first, third]) expect(await ended(daemon, id)).toMatchObject({ status: 'completed' })
  await settle(daemon, asked.approvalId)
  expect(await ended(daemon, asked.id)).toMatchObject({ status: 'completed' })
  expect([told(), seen.most]).toEqual([['first', 'third', 'asked'], 1])
  await daemon.client.permissions.remove({ id: ruleId })
  await reset('executions.atOnce')
})
test('the steps of one execution are at work together up to the limit, and no further', async () => {
  await set('executions.steps', 3)
  const { open, seen } = gate()
  service.answer = (
    (held) => (got) =>
      got.path === '/list' ? { items: Array.from({ length: 12 }, (_, at) => `${at}`) } : held(got)
  )(service.answer)
  const workflowId = await saved(daemon, [
    { id: 'list', toolId: 'bench.list' },
    { id: 'each', toolId: 'bench.tell', inputs: { text: '{{item}}' }, forEach: { in: 'steps.list.outputs.items', limit: 20 } },
  ])
  const started = await execute(daemon, { workflowId, waitMs: 0 })
  await until(() => told().length === 3)
  open()
  const { status, outputs } = await ended(daemon, started.id)
  expect([status, outputs.each.map(({ text }: { text: string }) => text)]).toEqual(['completed', Array.from({ length: 12 }, (_, at) => `${at}`)])
  expect(seen.most).toBe(3)
  await reset('executions.steps')
})
test('a loop that is cancelled begins no further element', async () => {
  await set('executions.steps', 2)
  const { open } = gate()
  const workflowId = await saved(daemon, [
    { id: 'each', toolId: 'bench.tell', inputs: { text: '{{item}}' }, forEach: { in: 'inputs.list', limit: 50 } },
  ])
  const started = await execute(daemon, { workflowId, inputs: { list: Array.from({ length: 30 }, (_, at) => `${at}`) }, waitMs: 0 })
  await until(() => told().length === 2)
  expect((await daemon.ask('POST', `/v1/executions/${started.id}/cancel`)).body).toMatchObject({ status: 'cancelled' })
  open()
  expect(told()).toHaveLength(2)
  expect(new Set((await stepsOf(daemon, started.id)).map(({ status }) => status))).toEqual(new Set(['cancelled']))
  await reset('executions.steps')
})
test('a step without a limit of its own is ended by the common one', async () => {
  await set('executions.stepSeconds', 0.3)
  service.answer = () => new Promise(() => undefined)
  expect(await execute(daemon, tell('hangs'))).toMatchObject({ status: 'failed', errors: [{ code: 'timed_out' }] })
  await reset('executions.stepSeconds')
})
test('a client that goes away stops nothing', async () => {
  const { open } = gate()
  const body = JSON.stringify(tell('left alone'))
  const sent = request(`${daemon.url}/v1/execute`, {
    method: 'POST',
    headers: { authorization: `Bearer ${daemon.token}`, 'content-type': 'application/json' },
  })
  sent.on('error', () => undefined)
  sent.end(body)
  await service.waitFor(from + 1)
  sent.destroy()
  const [{ id }] = await historyOf(daemon)
  open()
  expect(await ended(daemon, id)).toMatchObject({ status: 'completed', outputs: { text: 'left alone' } })
})
test.each<[string, unknown, object]>([
  ['what does not fit its own schema', { count: 'many' }, { toolId: 'bench.typed', inputs: {} }],
  ['what is no JSON', new Response('<html>', { headers: { 'content-type': 'application/json' } }), { toolId: 'bench.typed', inputs: {} }],
  [
    'a redirect to elsewhere',
    new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/latest' } }),
    { toolId: 'bench.ask', inputs: { text: 'x' } },
  ],
])('a service that answers %s is a failure in words, and no outputs', async (_, answer, wanted) => {
  service.answer = () => answer
  expect(await execute(daemon, wanted)).toMatchObject({ status: 'failed', outputs: null, errors: [{ message: expect.stringMatching(/\w+ \w+/) }] })
})
test('a service that cannot be reached, or breaks off, is a failure in words', async () => {
  service.answer = () => Promise.reject(new Error('broken off'))
  expect(await execute(daemon, tell('x'))).toMatchObject({ status: 'failed', errors: [{ message: expect.stringMatching(/\w+ \w+/) }] })
  await daemon.ask('PATCH', '/v1/apps/bench', { settings: { baseUrl: 'http://127.0.0.1:1' } })
  expect(await execute(daemon, tell('x'))).toMatchObject({ status: 'failed', errors: [{ message: expect.stringMatching(/\w+ \w+/) }] })
  await daemon.ask('PATCH', '/v1/apps/bench', { settings: { baseUrl: null } })
})
test('a workflow is run by its name too, and names that two have are refused', async () => {
  await saved(daemon, [{ id: 'a', ...tell('by name') }], { name: 'Good morning' })
  const run = () => daemon.ask('POST', `/v1/workflows/${encodeURIComponent('Good morning')}/runs`, {})
  expect(await run()).toMatchObject({ status: 200, body: { status: 'completed', outputs: { a: { text: 'by name' } } } })
  await saved(daemon, [{ id: 'a', ...tell('the other') }], { name: 'Good morning' })
  expect((await run()).status).toBeGreaterThanOrEqual(400)
  expect(told()).toEqual(['by name'])
})
