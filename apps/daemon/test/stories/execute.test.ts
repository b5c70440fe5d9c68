/** Rows 5, 6 and 7: what `POST /v1/execute` does with a tool and with a plan. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { until, type Turn } from '@steward/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { model, type TestDaemon } from '../kit.ts'
import { createStandIn, ended, execute, historyOf, settle, startBench, stepsOf, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
const turns: Turn[] = []
beforeAll(async () => {
  service = await createStandIn()
  daemon = await startBench(service, { turns: () => turns.shift() ?? { fault: { kind: 'status', status: 500 } } })
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
const told = (words: string) => service.requests.filter(({ body }) => body?.text === words).length
const tell = (text: string) => ({ toolId: 'bench.tell', inputs: { text } })
/** A plan as a model made it. */
async function planned(...steps: object[]): Promise<string> {
  turns.push({ calls: [{ name: 'json', input: { intent: 'as told', confidence: 0.9, steps } }] })
  const { body } = await daemon.ask('POST', '/v1/plan', { model, text: 'do as you are told by the bench' })
  expect(body).toMatchObject({ planner: model, plan: { id: expect.stringMatching(/^plan_/) } })
  return body.plan.id
}

test('a single call gives its outputs and stands in the history, under every name of the route', async () => {
  for (const route of ['/execute', '/api/execute', '/v1/execute', '/api/v1/execute']) {
    const { status, body } = await daemon.ask('POST', route, { toolId: 'files.list', inputs: {} })
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'completed', outputs: { entries: expect.any(Array) } } })
    expect(body.errors).toBeUndefined()
    const { body: history } = await daemon.ask('GET', route.replace('execute', 'history'))
    expect(history.items[0]).toEqual({
      id: body.id,
      toolId: 'files.list',
      planId: null,
      workflowId: null,
      caller: 'owner',
      status: 'completed',
      outputs: body.outputs,
      errors: null,
      createdAt: expect.stringMatching(/Z$/),
      finishedAt: expect.stringMatching(/Z$/),
    })
  }
})
test('inputs that do not fit are refused with the field named, the tool is not called, and the history has it', async () => {
  const before = service.requests.length
  for (const [inputs, field] of [
    [{ text: 7 }, 'text'],
    [{}, 'text'],
    [undefined, 'text'],
    [{ text: 'x', more: 1 }, 'more'],
  ] as const) {
    const { status, body } = await daemon.ask('POST', '/v1/execute', { toolId: 'bench.tell', inputs })
    expect({ status, body }).toMatchObject({ status: 422, body: { error: { code: 'unprocessable', message: expect.stringContaining(field) } } })
    expect(JSON.stringify(body.error.details.issues)).toContain(field)
    expect((await historyOf(daemon))[0]).toMatchObject({ toolId: 'bench.tell', status: 'failed', errors: [{ message: body.error.message }] })
  }
  expect(service.requests).toHaveLength(before)
})
test.each<[string, object, number, RegExp]>([
  ['nothing', {}, 400, /exactly one/],
  ['two things', { toolId: 'files.list', planId: 'plan_x' }, 400, /exactly one/],
  ['a plan with inputs of its own', { planId: 'plan_x', inputs: {} }, 400, /inputs/],
  ['a plan that is not there', { planId: 'plan_x' }, 404, /plan_x/],
  ['a plan by a path', { planId: '../x' }, 400, /plan_/],
  ['a tool that is not there', { toolId: 'bench.nothing' }, 404, /bench\.nothing/],
  ['a tool by the name that models use', { toolId: 'bench_tell', inputs: { text: 'x' } }, 404, /bench_tell/],
  ['a workflow that is not there', { workflowId: 'wfl_x' }, 404, /wfl_x/],
  ['inputs that are a list', { toolId: 'files.list', inputs: [] }, 400, /inputs/],
  ['a wait that is too long', { toolId: 'files.list', waitMs: 30_001 }, 400, /waitMs/],
  ['a field that is not known', { toolId: 'files.list', force: true }, 400, /force/],
  ['a tool of a session', { toolId: 'todo.write', inputs: { todos: [] } }, 422, /session/],
  ['a workspace that is not there', { toolId: 'files.list', workspace: { path: '/nowhere/at/all' } }, 422, /nowhere/],
])('executing %s is refused in words that say why', async (_, wanted, status, words) => {
  const answer = await daemon.ask('POST', '/v1/execute', wanted)
  expect(answer).toMatchObject({ status, body: { error: { message: expect.stringMatching(words) } } })
})
test('the steps of a plan run in their order, read what earlier ones gave, and their outputs come by step', async () => {
  service.answer = ({ path: at, query, body }) => (at === '/list' ? { items: ['one', 'two'] } : { text: query['text'] ?? body?.text })
  const planId = await planned(
    { toolId: 'bench.list', inputs: {} },
    { toolId: 'bench.tell', inputs: { text: 'second is {{steps.s1.outputs.items[1]}}' } },
    { toolId: 'bench.put', inputs: { text: 'last' }, dependsOn: ['s2'] },
  )
  const from = service.requests.length
  const outcome = await execute(daemon, { planId })
  expect(outcome).toMatchObject({
    status: 'completed',
    outputs: { s1: { items: ['one', 'two'] }, s2: { text: 'second is two' }, s3: { text: 'last' } },
  })
  expect(service.requests.slice(from).map(({ path: at }) => at)).toEqual(['/list', '/tell', '/put'])
  expect((await daemon.ask('GET', `/v1/plans/${planId}`)).body.executionId).toBe(outcome.id)
  expect(await stepsOf(daemon, outcome.id)).toMatchObject([
    { id: 's1', toolId: 'bench.list', status: 'completed', attempts: 1 },
    { id: 's2', inputs: { text: 'second is two' }, outputs: { text: 'second is two' }, status: 'completed' },
    { id: 's3', callId: expect.stringMatching(/^call_/), error: null },
  ])
})
test('a step that fails ends the plan: what was done before is kept, what comes after is not tried, and the error has a code', async () => {
  service.answer = ({ body }) => (body?.text === 'breaks' ? new Response('the bench is on fire', { status: 500 }) : { text: body?.text })
  const text = (words: string, ...dependsOn: string[]) => ({ toolId: 'bench.tell', inputs: { text: words }, dependsOn })
  const planId = await planned(text('first'), text('breaks', 's1'), text('never', 's2'))
  const outcome = await execute(daemon, { planId })
  expect(outcome).toMatchObject({
    status: 'failed',
    outputs: { s1: { text: 'first' } },
    errors: [{ stepId: 's2', code: expect.stringMatching(/^[a-z_]+$/) }],
  })
  expect(outcome.errors[0].message).toContain('the bench is on fire')
  expect(Object.keys(outcome.outputs)).toEqual(['s1'])
  expect([told('first'), told('breaks'), told('never')]).toEqual([1, 1, 0])
  expect(await historyOf(daemon, `?planId=${planId}`)).toMatchObject([
    { id: outcome.id, status: 'failed', outputs: outcome.outputs, errors: outcome.errors },
  ])
})
test('a plan is executed once: again, and many times at the same time, it gives its first result', async () => {
  service.answer = ({ body }) => ({ text: body?.text })
  const planId = await planned(tell('only once'))
  const all = await Promise.all(Array.from({ length: 8 }, () => execute(daemon, { planId })))
  expect(new Set(all.map((outcome) => JSON.stringify(outcome))).size).toBe(1)
  expect(all[0]).toMatchObject({ status: 'completed', outputs: { s1: { text: 'only once' } } })
  expect(await execute(daemon, { planId })).toEqual(all[0])
  expect(told('only once')).toBe(1)
  expect(await historyOf(daemon, `?planId=${planId}`)).toHaveLength(1)
})
test('calls with one Idempotency-Key are one call, at the same time and later; another body under the key is refused', async () => {
  const key = { 'idempotency-key': 'the-same-key' }
  const twins = await Promise.all([0, 1, 2, 3].map(() => daemon.ask('POST', '/v1/execute', tell('twins'), key)))
  for (const twin of twins) expect(twin).toEqual(twins[0])
  expect(twins[0]).toMatchObject({ status: 200, body: { status: 'completed' } })
  expect((await daemon.ask('POST', '/v1/execute', tell('twins'), key)).body).toEqual(twins[0]!.body)
  expect(await daemon.ask('POST', '/v1/execute', tell('another'), key)).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
  expect([told('twins'), told('another')]).toEqual([1, 0])
  expect(await execute(daemon, tell('twins'))).toMatchObject({ status: 'completed' })
  expect(told('twins')).toBe(2)
})
test('who does not want to wait gets its id at once and can ask for the outcome later', async () => {
  const gate = Promise.withResolvers<void>()
  service.answer = ({ body }) => gate.promise.then(() => ({ text: body?.text }))
  const { status, body } = await daemon.ask('POST', '/v1/execute', { ...tell('slow'), waitMs: 0 })
  expect({ status, body }).toEqual({ status: 202, body: { id: expect.stringMatching(/^exe_/), status: expect.stringMatching(/^(queued|running)$/) } })
  await until(() => told('slow') === 1)
  expect(await daemon.ask('GET', `/v1/executions/${body.id}/outcome?waitMs=1`)).toMatchObject({ status: 202, body: { status: 'running' } })
  const asked = daemon.ask('GET', `/v1/executions/${body.id}/outcome`)
  gate.resolve()
  expect(await asked).toMatchObject({ status: 200, body: { id: body.id, status: 'completed', outputs: { text: 'slow' } } })
})
test('a dry run says what would be done and how it would be judged; nothing is done or kept', async () => {
  await daemon.client.permissions.add({ tool: 'bench.tell', action: 'ask', level: 'global' })
  const before = [service.requests.length, (await historyOf(daemon)).length]
  const write = await execute(daemon, { toolId: 'files.write', inputs: { path: 'dry.txt', content: 'x' }, dryRun: true })
  expect(write).toMatchObject({
    id: null,
    status: 'completed',
    dryRun: [{ toolId: 'files.write', decision: 'allow', preview: { diff: expect.stringContaining('+x') } }],
  })
  expect(await execute(daemon, { ...tell('dry'), dryRun: true })).toMatchObject({ id: null, status: 'waiting', dryRun: [{ decision: 'ask' }] })
  expect([service.requests.length, (await historyOf(daemon)).length]).toEqual(before)
  expect(existsSync(path.join(daemon.workspace, 'dry.txt'))).toBe(false)
  for (const rule of (await daemon.client.permissions.list({})).items) await daemon.client.permissions.remove({ id: rule.id })
})
test('in mode ask a call that changes something waits for its approval, and is done once when it is given', async () => {
  await using careful = await startBench(service, { env: { STEWARD_RUNS_PERMISSION_MODE: 'ask' } })
  const asked = await execute(careful, { toolId: 'files.write', inputs: { path: 'a.txt', content: 'hello' } })
  expect(asked).toMatchObject({ status: 'waiting', approvalId: expect.stringMatching(/^apr_/), outputs: null })
  expect(existsSync(path.join(careful.workspace, 'a.txt'))).toBe(false)
  expect((await careful.ask('GET', '/v1/approvals')).body.items).toMatchObject([
    { id: asked.approvalId, executionId: asked.id, toolId: 'files.write' },
  ])
  expect(await settle(careful, asked.approvalId)).toEqual({ settled: true })
  expect(await ended(careful, asked.id)).toMatchObject({ status: 'completed', approvalId: null })
  expect(readFileSync(path.join(careful.workspace, 'a.txt'), 'utf8')).toBe('hello')
  expect(await settle(careful, asked.approvalId)).toEqual({ settled: false })
})
