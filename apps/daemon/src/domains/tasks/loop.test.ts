import { afterEach, expect, test } from 'vitest'
import { Fault } from '@steward/contract'
import { createHome } from '../../../test/room-harness.ts'
import { createFakeClock, createTaskHarness, type TaskHarness, type TaskHarnessOptions } from '../../../test/task-harness.ts'
import { createFireStore } from './fire-store.ts'
import { overdueMs } from './overdue.ts'
import { createTaskStore } from './store.ts'

const start = '2026-03-01T00:00:00.000Z'
const tool = { kind: 'tool', toolId: 'files.list', inputs: {} } as const
const hourly = { kind: 'interval', everyMs: 3_600_000 } as const
const dispose: (() => unknown)[] = []
afterEach(async () => {
  for (const end of dispose.splice(0).toReversed()) await end()
})
async function open(options: TaskHarnessOptions = {}): Promise<TaskHarness> {
  const rooms = await createTaskHarness(options)
  dispose.push(() => rooms.close().catch(() => undefined))
  return rooms
}
function home(): string {
  const made = createHome()
  dispose.push(() => made.dispose())
  return made.home
}
const create = (rooms: TaskHarness, more: object = {}) => rooms.ask('tasks.create', { name: 'News', target: tool, schedule: hourly, ...more })
const never = () => new Promise<never>(() => undefined)

test('with the real clock a once-task fires within a second of its time', async () => {
  const rooms = await open()
  const at = new Date(Date.now() + 700).toISOString()
  const { id } = await create(rooms, { schedule: { kind: 'once', at } })
  await expect.poll(async () => (await rooms.fires(id))[0]?.status, { timeout: 5_000, interval: 10 }).toBe('running')
  const late = Date.parse((await rooms.fires(id))[0]!.startedAt!) - Date.parse(at)
  expect(late).toBeGreaterThanOrEqual(0)
  expect(late).toBeLessThan(1_000)
})
test('a thousand that are due at once are all started within five seconds', async () => {
  const clock = createFakeClock(start)
  const rooms = await open({ clock })
  for (let n = 0; n < 1_000; n++) await create(rooms)
  clock.set('2026-03-01T00:59:59.000Z')
  const before = performance.now()
  await rooms.to('2026-03-01T01:00:00.000Z')
  expect(performance.now() - before).toBeLessThan(5_000)
  expect(rooms.made).toHaveLength(1_000)
})
test.each(['before the call', 'after the call'])('a crash %s of a fire loses nothing and does nothing twice', async (when) => {
  const folder = home()
  const clock = createFakeClock(start)
  let hung = (): void => undefined
  const hangs = new Promise<void>((resolve) => (hung = resolve))
  const between: TaskHarnessOptions['between'] = async (_name, made) => {
    if (when === 'after the call') await made()
    hung()
    return never()
  }
  const first = await createTaskHarness({ home: folder, clock, between })
  const { id } = await create(first)
  clock.set('2026-03-01T01:00:00.000Z')
  clock.ring(clock.now() + 60_000)
  await hangs
  expect((await first.fires(id)).map(({ status }) => status)).toEqual(['starting'])
  const made = first.made.length
  await first.crash()
  const second = await open({ home: folder, clock, begins: false })
  for (const [outside, standing] of first.standings) second.standings.set(outside, standing)
  second.room.begin()
  await second.idle()
  expect(made + second.made.length).toBe(1)
  const [fire, ...more] = await second.fires(id)
  expect(more).toEqual([])
  expect(fire).toMatchObject({ status: 'running', attempt: 1, executionId: [...second.standings.keys()][0] })
})
test('a crash between the session and the run of a prompt leaves one session with one run', async () => {
  const folder = home()
  const clock = createFakeClock(start)
  let hung = (): void => undefined
  const hangs = new Promise<void>((resolve) => (hung = resolve))
  const first = await createTaskHarness({
    home: folder,
    clock,
    between: (name, made) => {
      if (name === 'sessions.create') return made()
      hung()
      return never()
    },
  })
  const { id } = await create(first, { target: { kind: 'prompt', text: 'Read the news.' } })
  clock.set('2026-03-01T01:00:00.000Z')
  clock.ring(clock.now() + 60_000)
  await hangs
  await first.crash()
  const second = await open({ home: folder, clock })
  await second.idle()
  const made = [...first.made, ...second.made].map(({ name }) => name)
  expect(made).toEqual(['sessions.create', 'runs.start'])
  expect(await second.fires(id)).toMatchObject([{ status: 'running', sessionId: second.made[0]!.input.subject.sessionId }])
})
const policies = [
  ['skip', [['missed', 5]]],
  [
    'one',
    [
      ['missed', 4],
      ['running', 1],
    ],
  ],
  ['all', [['running', 1], ...Array.from({ length: 4 }, () => ['queued', 1])]],
] as const
test.each(policies)('after a down time of five fires the policy %s holds, and what was missed is told', async (missed, expected) => {
  const folder = home()
  const clock = createFakeClock(start)
  const first = await createTaskHarness({ home: folder, clock })
  const { id } = await create(first, { missed, overlap: 'queue' })
  await first.close()
  clock.timers.clear()
  clock.set('2026-03-01T05:30:00.000Z')
  const second = await open({ home: folder, clock })
  await second.idle()
  expect((await second.fires(id)).map(({ status, count }) => [status, count])).toEqual(expected)
  expect(await second.ask('tasks.get', { id })).toMatchObject({ nextAt: '2026-03-01T06:00:00.000Z' })
  const told = (await second.events('task.missed')).map(({ data }) => [data.reason, data.count])
  expect(told).toEqual(missed === 'all' ? [] : [['down', missed === 'skip' ? 5 : 4]])
})
test('what had ended while the daemon was down is found at the start, and a fire that waited begins', async () => {
  const folder = home()
  const clock = createFakeClock(start)
  const first = await createTaskHarness({ home: folder, clock })
  const { id } = await create(first, { overlap: 'queue' })
  await first.to('2026-03-01T02:00:00.000Z')
  const [running] = await first.fires(id)
  await first.close()
  clock.timers.clear()
  const second = await open({ home: folder, clock, begins: false })
  second.end(running!.executionId!, 'completed')
  second.room.begin()
  await expect.poll(async () => (await second.fires(id)).map(({ status }) => status)).toEqual(['completed', 'running'])
})
test('a call that the disk refuses is made again until it succeeds', async () => {
  const clock = createFakeClock(start)
  const rooms = await open({ clock })
  const { id } = await create(rooms)
  rooms.refusals.set('executions.start', new Fault('unavailable', 'The disk is full.'))
  clock.set('2026-03-01T01:00:00.000Z')
  clock.ring(clock.now() + 60_000)
  await expect.poll(() => rooms.made.length).toBe(1)
  expect((await rooms.fires(id)).map(({ status }) => status)).toEqual(['starting'])
  rooms.refusals.clear()
  await expect
    .poll(async () => {
      clock.ring(clock.now() + 2_000)
      return (await rooms.fires(id))[0]?.status
    })
    .toBe('running')
  expect((await rooms.fires(id)).map(({ attempt }) => attempt)).toEqual([1])
})
test('what was refused to its owner has failed with the words, and is not tried again', async () => {
  const clock = createFakeClock(start)
  const rooms = await open({ clock })
  rooms.refusals.set('executions.start', new Fault('not_found', 'There is no tool files.list.'))
  const { id } = await create(rooms, { retry: { max: 3, backoffMs: 1_000 } })
  await rooms.to('2026-03-01T01:30:00.000Z')
  expect(await rooms.fires(id)).toMatchObject([
    { status: 'failed', attempt: 1, error: { code: 'not_found', message: 'There is no tool files.list.' } },
  ])
})
test('a clock that was set back fires nothing a second time', async () => {
  const clock = createFakeClock(start)
  const rooms = await open({ clock })
  const { id } = await create(rooms, { overlap: { parallel: 100 } })
  await rooms.to('2026-03-01T01:30:00.000Z')
  clock.set('2026-03-01T00:30:00.000Z')
  await rooms.ask('tasks.update', { id, jitterMs: 0 })
  await rooms.to('2026-03-01T02:00:00.000Z')
  expect((await rooms.fires(id)).map(({ at }) => at.slice(11, 16))).toEqual(['01:00', '02:00'])
  expect(rooms.made).toHaveLength(2)
})
test('how late the clock is can be seen without it: nothing while all is in time, else since the first that is due', async () => {
  const clock = createFakeClock(start)
  const rooms = await open({ clock, begins: false })
  const late = () => overdueMs(createTaskStore(rooms.agents.db), createFireStore(rooms.agents.db), clock.now())
  expect(late()).toBe(0)
  await create(rooms)
  expect(late()).toBe(0)
  clock.set('2026-03-01T01:00:30.000Z')
  expect(late()).toBe(30_000)
  rooms.room.begin()
  await rooms.idle()
  expect(late()).toBe(0)
})
