import { until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

const soon = () => ({ kind: 'once', at: new Date(Date.now() + 300).toISOString() }) as const
const lastFire = async ({ client }: TestDaemon, id: string) => (await client.tasks.runs({ id })).items[0]
const over = (daemon: TestDaemon, id: string) =>
  until(
    async () => {
      const fire = await lastFire(daemon, id)
      return fire?.finishedAt ? fire : undefined
    },
    { timeoutMs: 15_000, what: 'the fire to be over' },
  )
test('a prompt that was scheduled is answered in a session of its own at its time, and told in the log', async () => {
  await using daemon = await startDaemon({ turns: [{ text: 'Good morning.' }], env: { STEWARD_MODELS_DEFAULT: model } })
  const { id } = await daemon.client.tasks.create({ name: 'Morning', target: { kind: 'prompt', text: 'Greet me.' }, schedule: soon() })
  const fire = await over(daemon, id)
  expect(fire).toMatchObject({ status: 'completed', attempt: 1, error: null })
  expect(Date.parse(fire!.startedAt!) - Date.parse(fire!.at)).toBeLessThan(1_000)
  const session = await daemon.client.sessions.get({ id: fire!.sessionId! })
  expect(session).toMatchObject({ title: 'Morning' })
  const { items } = await daemon.client.messages.list({ sessionId: session.id, order: 'oldest' })
  expect(items.map(({ text }) => text)).toEqual(['Greet me.', 'Good morning.'])
  const { items: events } = await daemon.client.events.list({ log: 'agents', limit: 200 })
  expect(events.map(({ name }) => name).filter((name) => name.startsWith('task.'))).toEqual(
    expect.arrayContaining(['task.changed', 'task.started', 'task.completed']),
  )
})
test('what a task has cost is told under it, also while it is at work and after it was deleted; a run of a person is not its own', async () => {
  await using daemon = await startDaemon({
    turns: () => ({ text: 'Done.', usage: { inputTokens: 1_000_000, outputTokens: 0 } }),
    env: { STEWARD_MODELS_DEFAULT: model },
  })
  const { client } = daemon
  await client.models.price({ model, price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 } })
  const { id } = await client.tasks.create({ name: 'Costly', target: { kind: 'prompt', text: 'Work.' } })
  await client.tasks.runNow({ id })
  const fire = await over(daemon, id)
  await daemon.say(fire!.sessionId!, 'And now for me.')
  const told = () => client.usage.totals({ by: 'task' })
  await until(async () => (await told()).items.length === 2, { timeoutMs: 5_000, what: 'the usage to be counted' })
  const sums = [
    { key: '', costUsd: 3, runs: 1 },
    { key: id, costUsd: 3, runs: 1 },
  ]
  expect((await told()).items).toMatchObject(sums)
  expect((await client.usage.runs({ taskId: id })).items).toMatchObject([{ runId: fire!.runId, costUsd: 3 }])
  await client.tasks.delete({ id })
  expect((await told()).items).toMatchObject(sums)
})
test('a tool and a workflow are executed at their time and on demand, and what fails is told', async () => {
  await using daemon = await startDaemon()
  const { client } = daemon
  const workflow = await client.workflows.save({
    name: 'Look',
    permissions: ['files:read'],
    steps: [{ id: 'look', toolId: 'files.list', inputs: {} }],
  })
  const one = await client.tasks.create({ name: 'A', target: { kind: 'workflow', workflowId: workflow.id, inputs: {} }, schedule: soon() })
  expect(await over(daemon, one.id)).toMatchObject({ status: 'completed', executionId: expect.stringMatching(/^exe_/) })
  const two = await client.tasks.create({
    name: 'B',
    target: { kind: 'tool', toolId: 'files.read', inputs: { path: 'missing.txt' } },
    schedule: { kind: 'interval', everyMs: 86_400_000 },
  })
  const before = performance.now()
  const fire = await client.tasks.runNow({ id: two.id })
  expect(performance.now() - before).toBeLessThan(1_000)
  expect(fire).toMatchObject({ cause: 'manual', executionId: expect.stringMatching(/^exe_/) })
  expect(await over(daemon, two.id)).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('missing.txt') } })
})
test('what was due while the daemon was stopped is made up for at its start, once', async () => {
  await using first = await startDaemon()
  const at = new Date(Date.now() + 1_500).toISOString()
  const { id } = await first.client.tasks.create({
    name: 'Late',
    target: { kind: 'tool', toolId: 'files.list', inputs: {} },
    schedule: { kind: 'once', at },
  })
  await first.stop()
  await until(async () => Date.now() > Date.parse(at), { timeoutMs: 5_000, what: 'its time to pass' })
  const second = await first.restart()
  expect(await over(second, id)).toMatchObject({ status: 'completed' })
  expect((await second.client.tasks.runs({ id })).items).toHaveLength(1)
  await second.stop()
})
test('what a token has scheduled is not done any more once the token is revoked', async () => {
  await using daemon = await startDaemon()
  const { token, secret } = await daemon.client.tokens.create({ name: 'Planner', scopes: ['tasks:*', 'executions:*', 'files:read'] })
  const made = await daemon.ask(
    'POST',
    '/v1/tasks',
    { name: 'Theirs', target: { kind: 'tool', toolId: 'files.list', inputs: {} }, schedule: { kind: 'interval', everyMs: 86_400_000 } },
    { authorization: `Bearer ${secret}` },
  )
  expect(made.status).toBe(201)
  await daemon.client.tokens.revoke({ id: token.id })
  await daemon.client.tasks.runNow({ id: made.body.id })
  expect(await over(daemon, made.body.id)).toMatchObject({ status: 'failed', error: { code: 'forbidden' } })
})
