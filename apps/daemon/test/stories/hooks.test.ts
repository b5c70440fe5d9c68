import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { verifyStandard } from '../../src/platform/webhook-signature.ts'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { createStandIn } from '../work.ts'

const list = { kind: 'tool' as const, toolId: 'files.list', inputs: {} }
/** A daemon that may send to this machine, as an owner may allow. */
const open = () => startDaemon({ env: { STEWARD_TOOLS_FETCH_ALLOW: '["127.0.0.1"]' } })
const over = async ({ client }: TestDaemon, id: string, count = 1) => {
  const found = await until(
    async () => {
      const { items } = await client.hooks.deliveries({ id })
      return items.length >= count && items.every(({ finishedAt }) => finishedAt !== null) ? items : undefined
    },
    { timeoutMs: 20_000, what: 'the deliveries to be over' },
  )
  return found ?? []
}
test('a webhook is told of a task that has completed: signed, with its headers and secrets, under one id', async () => {
  await using target = await createStandIn()
  await using daemon = await open()
  const { client } = daemon
  await client.secrets.set({ name: 'chat.token', value: 'a-long-secret-of-the-chat' })
  const hook = await client.hooks.create({
    name: 'Tell the chat',
    on: { events: ['task.completed'], filter: { name: 'night*' } },
    action: { kind: 'webhook', url: `${target.url}/in`, headers: { Authorization: 'Bearer {{secrets.chat.token}}' } },
  })
  const { secret } = await client.hooks.rotateSecret({ id: hook.id })
  const other = await client.tasks.create({ name: 'Daily', target: list, start: true })
  const task = await client.tasks.create({ name: 'Nightly', target: list, start: true })
  const [delivery, ...more] = await over(daemon, hook.id)
  expect(more).toEqual([])
  expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, event: { name: 'task.completed' }, error: null })
  const [got] = target.requests
  expect(got).toMatchObject({
    method: 'POST',
    path: '/in',
    headers: { authorization: 'Bearer a-long-secret-of-the-chat', 'webhook-id': delivery!.id },
  })
  expect(got?.body).toMatchObject({ type: 'task.completed', data: { event: { id: delivery!.event.id }, task: { id: task.id, name: 'Nightly' } } })
  expect(verifyStandard(secret, got!.headers, Buffer.from(JSON.stringify(got!.body)), Date.now())).toBe(delivery!.id)
  expect(JSON.stringify(await client.hooks.get({ id: hook.id }))).not.toContain('a-long-secret')
  expect((await client.tasks.runs({ id: other.id })).items[0]?.status).toBe('completed')
})
test('a body of its own is filled in from the event, and a run can be told of by its status', async () => {
  await using target = await createStandIn()
  await using daemon = await open()
  const { client } = daemon
  const body = { text: 'The run {{event.runId}} is {{status}}.', whole: '{{event.data.status}}', nothing: '{{event.data.none}}' }
  const hook = await client.hooks.create({
    name: 'Runs',
    on: { events: ['status'], filter: { status: ['completed'] } },
    action: { kind: 'webhook', url: target.url, method: 'PUT', body },
  })
  const session = await client.sessions.create({ model: 'builtin' })
  const run = await daemon.say(session.id, 'list the files')
  await over(daemon, hook.id)
  expect(target.requests).toMatchObject([{ method: 'PUT', body: { text: `The run ${run.id} is completed.`, whole: 'completed', nothing: null } }])
})
test('an address of this machine is refused unless the owner allows it, and the failure is told', async () => {
  await using target = await createStandIn()
  await using daemon = await startDaemon()
  const hook = await daemon.client.hooks.create({
    name: 'Inside',
    on: { events: ['task.completed'] },
    action: { kind: 'webhook', url: target.url },
  })
  await daemon.client.hooks.test({ id: hook.id })
  expect(await over(daemon, hook.id)).toMatchObject([{ status: 'failed', attempts: 1 }])
  expect(target.requests).toEqual([])
  const { items } = await daemon.client.events.list({ log: 'agents', limit: 200 })
  expect(items.filter(({ name }) => name === 'hook.failed')).toMatchObject([{ data: { hookId: hook.id, attempts: 1 } }])
})
test('what is not answered with success waits for its next try, and a dead target holds no other up', async () => {
  await using target = await createStandIn()
  await using daemon = await open()
  const { client } = daemon
  target.answer = ({ path: at }) => (at === '/dead' ? new Promise(() => undefined) : at === '/bad' ? new Response('no', { status: 500 }) : {})
  const hook = (at: string) =>
    client.hooks.create({ name: at, on: { events: ['agent.created'] }, action: { kind: 'webhook', url: `${target.url}${at}` } })
  const [dead, bad, good] = [await hook('/dead'), await hook('/bad'), await hook('/good')]
  for (let n = 0; n < 20; n++) await client.agents.create({ name: `Agent ${n}` })
  expect((await over(daemon, good.id, 20)).map(({ status }) => status)).toEqual(Array(20).fill('delivered'))
  expect(target.requests.filter((got) => got.path === '/dead').length).toBeLessThanOrEqual(2)
  const [tried] = (await client.hooks.deliveries({ id: bad.id, limit: 200 })).items.filter(({ attempts }) => attempts > 0)
  expect(tried).toMatchObject({ status: 'waiting', error: expect.stringContaining('500') })
  await client.hooks.update({ id: dead.id, active: false })
  expect(new Set((await client.hooks.deliveries({ id: dead.id })).items.map(({ status }) => status))).toEqual(new Set(['cancelled']))
  await client.hooks.delete({ id: bad.id })
  expect((await daemon.ask('GET', `/v1/hooks/${bad.id}/deliveries`)).status).toBe(404)
})
test('a command of the owner gets the event, in a clean environment, and only the owner may have it run', async () => {
  await using daemon = await startDaemon()
  const { client } = daemon
  const action = { kind: 'command' as const, command: 'env > seen.txt; cat > event.json' }
  const on = { events: ['task.failed'] }
  const { secret } = await client.tokens.create({ name: 'Hooks', scopes: ['hooks:*', 'events:read', 'secrets:*'] })
  const as = { authorization: `Bearer ${secret}` }
  expect((await daemon.ask('POST', '/v1/hooks', { name: 'x', on, action }, as)).status).toBe(403)
  const secretive = { kind: 'webhook', url: 'https://example.com', headers: { 'x-key': '{{secrets.chat.token}}' } }
  expect((await daemon.ask('POST', '/v1/hooks', { name: 'x', on, action: secretive }, as)).status).toBe(403)
  const hook = await client.hooks.create({ name: 'Keep', on, action })
  const task = await client.tasks.create({ name: 'Fail', target: { ...list, toolId: 'files.read', inputs: { path: 'none.txt' } }, start: true })
  const [delivery] = await over(daemon, hook.id)
  expect(delivery).toMatchObject({ status: 'delivered' })
  const seen = readFileSync(path.join(daemon.workspace, 'seen.txt'), 'utf8')
  for (const line of ['HOOK_EVENT=task.failed', `TASK_ID=${task.id}`, 'TASK_NAME=Fail', 'STATUS=failed', `HOOK_DELIVERY_ID=${delivery!.id}`])
    expect(seen.split('\n')).toContain(line)
  expect(seen).not.toContain('ANTHROPIC_API_KEY')
  expect(JSON.parse(readFileSync(path.join(daemon.workspace, 'event.json'), 'utf8'))).toMatchObject({
    name: 'task.failed',
    data: { taskId: task.id },
  })
})
test('a command that takes too long is ended with all that it has started', async () => {
  await using daemon = await startDaemon()
  const { client } = daemon
  const command = '(sleep 3; touch late.txt) & sleep 60'
  const hook = await client.hooks.create({ name: 'Slow', on: { events: ['agent.created'] }, action: { kind: 'command', command, timeoutMs: 1_000 } })
  await client.hooks.test({ id: hook.id })
  const tried = await until(async () => (await client.hooks.deliveries({ id: hook.id })).items.find(({ error }) => error !== null), {
    timeoutMs: 10_000,
  })
  expect(tried).toMatchObject({ status: 'waiting', error: expect.stringContaining('longer than 1000 ms') })
  await until(async () => Date.now() - Date.parse(tried!.createdAt) > 4_500, { timeoutMs: 10_000 })
  expect(existsSync(path.join(daemon.workspace, 'late.txt'))).toBe(false)
})
test('a hook starts a task with the event as its input, but not the one that has caused it', async () => {
  await using daemon = await startDaemon()
  const { client } = daemon
  const cause = await client.tasks.create({ name: 'Cause', target: list })
  const task = await client.tasks.create({
    name: 'Effect',
    target: { kind: 'tool', toolId: 'files.read', inputs: { path: '{{input.event.data.taskId}}' } },
  })
  const onto = (taskId: string) => client.hooks.create({ name: 'Chain', on: { events: ['task.completed'] }, action: { kind: 'task', taskId } })
  const [effect, itself] = [await onto(task.id), await onto(cause.id)]
  await client.tasks.runNow({ id: cause.id })
  expect(await over(daemon, effect.id)).toMatchObject([{ status: 'delivered' }])
  expect(await over(daemon, itself.id)).toMatchObject([{ status: 'failed', error: expect.stringContaining('set itself off') }])
  // Delivered is a hook whose task has been set off; its execution begins when there is room for it.
  const fire = await until(async () => (await client.tasks.runs({ id: task.id })).items.find(({ executionId }) => executionId !== null), {
    timeoutMs: 20_000,
  })
  expect(fire).toMatchObject({ cause: 'hook' })
  expect((await client.executions.get({ id: fire!.executionId! })).inputs).toEqual({ path: cause.id })
  expect((await client.tasks.runs({ id: cause.id })).items).toHaveLength(1)
})
test('what a token is told of ends with the token', async () => {
  await using target = await createStandIn()
  await using daemon = await open()
  const { client } = daemon
  const { token, secret } = await client.tokens.create({ name: 'Hooks', scopes: ['hooks:*', 'events:read'] })
  const made = { name: 'Theirs', on: { events: ['agent.created'] }, action: { kind: 'webhook', url: target.url } }
  const { body } = await daemon.ask('POST', '/v1/hooks', made, { authorization: `Bearer ${secret}` })
  await client.agents.create({ name: 'One' })
  await over(daemon, body.id)
  await client.tokens.revoke({ id: token.id })
  await client.agents.create({ name: 'Two' })
  expect((await over(daemon, body.id, 2)).map(({ status }) => status)).toEqual(['cancelled', 'delivered'])
  expect(target.requests).toHaveLength(1)
})
