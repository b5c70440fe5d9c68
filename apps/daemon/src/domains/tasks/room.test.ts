import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownerCaller } from '../../../test/room-harness.ts'
import { createFakeClock, createTaskHarness, type FakeClock, type TaskHarness } from '../../../test/task-harness.ts'

const start = '2026-03-01T00:00:00.000Z'
let clock: FakeClock
let rooms: TaskHarness
beforeEach(async () => {
  clock = createFakeClock(start)
  rooms = await createTaskHarness({ clock })
})
afterEach(() => rooms.close())

const prompt = { kind: 'prompt', text: 'Read the news.' } as const
const hourly = { kind: 'interval', everyMs: 3_600_000 } as const
const create = (more: object = {}) => rooms.ask('tasks.create', { name: 'News', target: prompt, schedule: hourly, ...more })

test('a stored task is made, read, listed, changed and deleted, and each is announced', async () => {
  const made = await create()
  expect(made).toMatchObject({ status: 'active', missed: 'one', overlap: 'skip', owner: 'owner', nextAt: '2026-03-01T01:00:00.000Z', jitterMs: 0 })
  expect(made.id).toMatch(/^task_/)
  const other = await create({ name: 'Other' })
  expect((await rooms.ask('tasks.list', { limit: 1 })).items).toEqual([other])
  const { nextCursor } = await rooms.ask('tasks.list', { limit: 1 })
  expect(await rooms.ask('tasks.list', { cursor: nextCursor! })).toEqual({ items: [made], nextCursor: null })
  const changed = await rooms.ask('tasks.update', { id: made.id, name: 'Old news', missed: 'skip' })
  expect(changed).toMatchObject({ name: 'Old news', missed: 'skip', nextAt: made.nextAt, schedule: hourly })
  expect(await rooms.ask('tasks.get', { id: made.id })).toEqual(changed)
  await rooms.ask('tasks.delete', { id: made.id })
  expect(await rooms.refusal('tasks.get', { id: made.id })).toMatchObject({ code: 'not_found' })
  expect((await rooms.events()).map(({ data }) => data.change)).toEqual(['created', 'created', 'updated', 'deleted'])
})
test('a prompt is given to an agent in a session of its own each time, as the owner, and its end is told', async () => {
  const { id } = await create({ budgetUsd: 0.5, target: { ...prompt, agentId: 'agt_default', workspace: { path: '/tmp' } } })
  await rooms.to('2026-03-01T02:30:00.000Z')
  const [first, second] = await rooms.fires(id)
  expect([first, second]).toMatchObject([
    { at: '2026-03-01T01:00:00.000Z', status: 'running', attempt: 1, cause: 'time', executionId: null },
    { at: '2026-03-01T02:00:00.000Z', status: 'skipped' },
  ])
  expect(rooms.made.map(({ name, input, caller }) => [name, input, caller.id, caller.door])).toEqual([
    ['sessions.create', { title: 'News', agentId: 'agt_default', workspace: { path: '/tmp' } }, 'owner', 'task'],
    ['runs.start', { subject: { sessionId: first!.sessionId }, input: 'Read the news.', budgetUsd: 0.5 }, 'owner', 'task'],
  ])
  rooms.end(first!.runId!, 'completed')
  await rooms.to('2026-03-01T03:00:00.000Z')
  expect((await rooms.fires(id)).map(({ status }) => status)).toEqual(['completed', 'skipped', 'running'])
  expect((await rooms.events()).map(({ name }) => name)).toEqual(
    ['changed', 'started', 'missed', 'completed', 'started'].map((name) => `task.${name}`),
  )
})
test('a workflow and a tool are executed with their inputs', async () => {
  await create({ target: { kind: 'workflow', workflowId: 'wfl_round', inputs: { a: 1 } } })
  await create({ target: { kind: 'tool', toolId: 'files.list', inputs: { path: '.' } } })
  await rooms.to('2026-03-01T01:00:00.000Z')
  const asked = rooms.made.map(({ name, input }) => [name, input])
  expect(asked).toHaveLength(2)
  expect(asked).toEqual(
    expect.arrayContaining([
      ['executions.start', { workflowId: 'wfl_round', inputs: { a: 1 }, waitMs: 0, dryRun: false }],
      ['executions.start', { toolId: 'files.list', inputs: { path: '.' }, waitMs: 0, dryRun: false }],
    ]),
  )
})
test('a once-task fires once and has ended; one that is past is refused', async () => {
  const at = '2026-03-01T00:00:05.000Z'
  const { id } = await create({ schedule: { kind: 'once', at } })
  await rooms.to('2026-03-01T00:01:00.000Z')
  expect((await rooms.fires(id)).map((fire) => fire.at)).toEqual([at])
  expect(await rooms.ask('tasks.get', { id })).toMatchObject({ status: 'ended', nextAt: null })
  const past = { name: 'Late', target: prompt, schedule: { kind: 'once', at: '2026-02-01T00:00:00Z' } }
  expect(await rooms.refusal('tasks.create', past)).toMatchObject({ code: 'unprocessable', message: expect.stringContaining('is past') })
})
test('no timer is set while nothing is due', async () => {
  await rooms.idle()
  expect(clock.timers.size).toBe(0)
  const { id } = await create()
  await rooms.idle()
  expect(clock.timers.size).toBe(1)
  await rooms.ask('tasks.pause', { id })
  await rooms.to('2026-03-01T02:00:00.000Z')
  expect(clock.timers.size).toBe(0)
  expect(await rooms.fires(id)).toEqual([])
  expect(await rooms.ask('tasks.resume', { id })).toMatchObject({ status: 'active', nextAt: '2026-03-01T03:00:00.000Z' })
})
test('what cannot be is refused with a sentence that names the place', async () => {
  const bad = (more: object) => rooms.refusal('tasks.create', { name: 'Bad', target: prompt, schedule: hourly, ...more })
  expect(await bad({ schedule: { kind: 'cron', expression: '0 25 * * *', zone: 'UTC' } })).toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('Field 2, the hour, cannot be "25"'),
  })
  expect(await bad({ schedule: { kind: 'cron', expression: '0 0 * * *', zone: 'Mars' } })).toMatchObject({
    details: { issues: [{ path: 'schedule.zone' }] },
  })
  expect(await bad({ schedule: { kind: 'cron', expression: '0 0 30 2 *', zone: 'UTC' } })).toMatchObject({ code: 'unprocessable' })
  expect(await bad({ quietHours: { from: '22:00', to: '22:00', zone: 'UTC' } })).toMatchObject({ code: 'unprocessable' })
  expect(await bad({ target: { kind: 'tool', toolId: 'a.b', inputs: { key: 'hunter2' } } })).toMatchObject({ code: 'unprocessable' })
  expect(await bad({ budgetUsd: 1, target: { kind: 'tool', toolId: 'a.b' } })).toMatchObject({ code: 'unprocessable' })
  expect(await bad({ schedule: { kind: 'interval', everyMs: 10 } })).toMatchObject({ code: 'invalid' })
})
test('a task acts with the rights of whoever made or changed it last, never with more', async () => {
  const weak = { ...ownerCaller, id: 'tok_1', kind: 'token' as const, scopes: ['tasks:*', 'executions:write'] }
  const { id } = await create()
  expect(await rooms.refusal('tasks.update', { id, name: 'Mine' }, weak)).toMatchObject({ code: 'forbidden' })
  const target = { kind: 'tool' as const, toolId: 'files.list', inputs: {} }
  expect(await rooms.ask('tasks.update', { id, target }, { caller: weak })).toMatchObject({ owner: 'tok_1' })
  await rooms.to('2026-03-01T01:00:00.000Z')
  expect(rooms.made.map(({ caller }) => caller)).toEqual([{ id: 'tok_1', kind: 'token', door: 'task', scopes: weak.scopes }])
})
test('the preview shows the next five of a schedule that is there, and of one that is not', async () => {
  const { id } = await create({ quietHours: { from: '02:30', to: '06:00', zone: 'UTC' } })
  const hours = (fires: string[]) => fires.map((at) => Number(at.slice(11, 13)))
  expect(hours((await rooms.ask('tasks.preview', { id })).fires)).toEqual([1, 2, 6, 7, 8])
  const schedule = { kind: 'cron', expression: '0 */6 * * *', zone: 'UTC' } as const
  expect(hours((await rooms.ask('tasks.preview', { schedule })).fires)).toEqual([6, 12, 18, 0, 6])
  expect(await rooms.refusal('tasks.preview', {})).toMatchObject({ code: 'invalid' })
})
test('run now fires at once, by the overlap policy, and a twin of the call fires nothing more', async () => {
  const { id } = await create()
  const before = performance.now()
  const fire = await rooms.ask('tasks.runNow', { id }, { key: 'k' })
  expect(performance.now() - before).toBeLessThan(1_000)
  expect(fire).toMatchObject({ cause: 'manual', status: 'running', runId: expect.stringMatching(/^run_/) })
  expect(await rooms.ask('tasks.runNow', { id }, { key: 'k' })).toEqual(fire)
  expect(rooms.made).toHaveLength(2)
  expect(await rooms.refusal('tasks.runNow', { id })).toMatchObject({ code: 'conflict' })
  await rooms.ask('tasks.update', { id, overlap: 'queue' })
  expect(await rooms.ask('tasks.runNow', { id })).toMatchObject({ status: 'queued' })
  rooms.end(fire.runId!, 'completed')
  await rooms.idle()
  expect((await rooms.fires(id)).map(({ status }) => status)).toEqual(['completed', 'running'])
})
test('in parallel as many run as the policy says, and further ones are left out', async () => {
  const { id } = await create({ overlap: { parallel: 2 } })
  await rooms.to('2026-03-01T03:00:00.000Z')
  expect((await rooms.fires(id)).map(({ status }) => status)).toEqual(['running', 'running', 'skipped'])
})
test('what fails is tried again after a pause that doubles, and then has failed', async () => {
  const { id } = await create({ retry: { max: 2, backoffMs: 60_000 } })
  await rooms.to('2026-03-01T01:00:00.000Z')
  const last = async () => (await rooms.fires(id)).at(-1)!
  const fail = async () => rooms.end((await last()).runId!, 'failed', { code: 'provider', message: 'It is down.' })
  await fail()
  expect(await last()).toMatchObject({ status: 'retrying', retryAt: '2026-03-01T01:01:00.000Z', error: { message: 'It is down.' } })
  await rooms.to('2026-03-01T01:01:00.000Z')
  expect(await last()).toMatchObject({ status: 'running', attempt: 2 })
  await fail()
  await rooms.to('2026-03-01T01:03:00.000Z')
  expect(await last()).toMatchObject({ status: 'running', attempt: 3 })
  await fail()
  expect(await last()).toMatchObject({ status: 'failed', retryAt: null, error: { code: 'provider' } })
  expect(rooms.made.filter(({ name }) => name === 'runs.start')).toHaveLength(3)
})
test('what takes too long is cancelled, and has failed', async () => {
  const { id } = await create({ timeoutMs: 90_000, target: { kind: 'tool', toolId: 'shell.run' } })
  await rooms.to('2026-03-01T01:01:00.000Z')
  const [fire] = await rooms.fires(id)
  await rooms.to('2026-03-01T01:01:30.000Z')
  await expect.poll(async () => (await rooms.fires(id))[0]).toMatchObject({ status: 'failed', error: { code: 'timeout' } })
  expect(rooms.made.at(-1)).toMatchObject({ name: 'executions.cancel', input: { id: fire!.executionId } })
})
test('what rests until a person says what became of a step is told once, and goes on when it does', async () => {
  const { id } = await create({ target: { kind: 'tool', toolId: 'shell.run' }, schedule: null })
  const { executionId } = await rooms.ask('tasks.runNow', { id })
  rooms.end(executionId!, 'interrupted')
  rooms.end(executionId!, 'interrupted')
  await expect.poll(async () => (await rooms.fires(id))[0]?.status).toBe('interrupted')
  expect(await rooms.refusal('tasks.runNow', { id })).toMatchObject({ code: 'conflict' })
  rooms.end(executionId!, 'running')
  await expect.poll(async () => (await rooms.fires(id))[0]?.status).toBe('running')
  rooms.end(executionId!, 'completed')
  await expect.poll(async () => (await rooms.fires(id))[0]?.status).toBe('completed')
  expect((await rooms.events()).map(({ name }) => name)).toEqual(['changed', 'started', 'interrupted', 'completed'].map((name) => `task.${name}`))
})
test('a task that something else may set off has not ended with its one time, and one that has ended begins again with a trigger', async () => {
  const webhook = { kind: 'webhook' as const }
  const once = { kind: 'once', at: '2026-03-01T00:00:05.000Z' }
  const both = await create({ schedule: once, triggers: [webhook] })
  const plain = await create({ schedule: once })
  expect(both.webhook?.path).toMatch(/^\/v1\/hooks\/whk_[0-9a-f]{40}$/)
  await rooms.to('2026-03-01T00:01:00.000Z')
  expect(await rooms.ask('tasks.get', { id: both.id })).toMatchObject({ status: 'active', nextAt: null })
  expect(await rooms.ask('tasks.get', { id: plain.id })).toMatchObject({ status: 'ended', webhook: null })
  expect(await rooms.ask('tasks.update', { id: plain.id, triggers: [webhook] })).toMatchObject({ status: 'active' })
  expect(await rooms.ask('tasks.update', { id: both.id, triggers: [] })).toMatchObject({ webhook: null })
  expect(await rooms.refusal('tasks.rotateSecret', { id: both.id })).toMatchObject({ code: 'unprocessable' })
})
test('cancelling one that waits for its next try lets the next in line begin', async () => {
  const { id } = await create({ schedule: null, overlap: 'queue', retry: { max: 3, backoffMs: 60_000 } })
  const first = await rooms.ask('tasks.runNow', { id })
  await rooms.ask('tasks.runNow', { id })
  rooms.end(first.runId!, 'failed', { code: 'provider', message: 'It is down.' })
  await expect.poll(async () => (await rooms.fires(id)).map(({ status }) => status)).toEqual(['retrying', 'queued'])
  expect((await rooms.events('task.retrying')).map(({ data }) => data.retryAt)).toEqual(['2026-03-01T00:01:00.000Z'])
  expect(await rooms.ask('tasks.cancel', { id, fireId: first.id })).toEqual({ cancelled: 1 })
  await rooms.idle()
  expect((await rooms.fires(id)).map(({ status }) => status)).toEqual(['cancelled', 'running'])
})
