import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EventData } from '@steward/contract/daemon'
import { createHome, createRoomHarness, type RoomHarness } from '../../../test/room-harness.ts'

let rooms: RoomHarness
beforeEach(async () => void (rooms = await createRoomHarness()))
afterEach(() => rooms.close())
const zero = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 }
const line = (more: Partial<EventData<'usage'>> = {}): EventData<'usage'> => ({
  ...zero,
  inputTokens: 10,
  outputTokens: 5,
  costUsd: 0.25,
  agentId: 'agt_default',
  model: 'openai/gpt-5',
  turns: 1,
  tools: 2,
  compactions: 0,
  durationMs: 100,
  stopReason: null,
  resetMarker: 0,
  total: zero,
  ...more,
})
const spend = (harness: RoomHarness, runId: string, sessionId: string, ...lines: EventData<'usage'>[]) =>
  harness.logs.chat.commit((emit) => {
    for (const data of lines) emit('usage', data, { runId, sessionId })
  })

test('usage is summed per run and model, newest run first', async () => {
  spend(rooms, 'run_1', 'ses_1', line(), line({ stopReason: 'answered', resetMarker: 1 }), line({ model: 'builtin', costUsd: 0 }))
  spend(rooms, 'run_2', 'ses_2', line({ compactions: 1 }))
  await rooms.usage.caughtUp()
  const { items } = await rooms.ask('usage.runs', {})
  expect(items.map(({ runId, model }) => [runId, model])).toEqual([
    ['run_2', 'openai/gpt-5'],
    ['run_1', 'builtin'],
    ['run_1', 'openai/gpt-5'],
  ])
  expect(items[2]).toMatchObject({
    inputTokens: 20,
    outputTokens: 10,
    costUsd: 0.5,
    turns: 2,
    tools: 4,
    durationMs: 200,
    stopReason: 'answered',
    resetMarker: 1,
    sessionId: 'ses_1',
  })
  expect((await rooms.ask('usage.runs', { sessionId: 'ses_2' })).items).toHaveLength(1)
  expect((await rooms.ask('usage.runs', { model: 'builtin' })).items).toHaveLength(1)
  expect((await rooms.ask('usage.runs', { sessionId: 'ses_2', model: 'builtin' })).items).toEqual([])
  const page = await rooms.ask('usage.runs', { limit: 2 })
  expect([...page.items, ...(await rooms.ask('usage.runs', { limit: 2, cursor: page.nextCursor ?? '' })).items]).toEqual(items)
})
test('totals by day, model and agent count each run once and keep to the time asked for', async () => {
  spend(rooms, 'run_1', 'ses_1', line(), line())
  spend(rooms, 'run_2', 'ses_1', line({ model: 'builtin', agentId: 'agt_2', costUsd: 0 }))
  await rooms.usage.caughtUp()
  const today = new Date().toISOString().slice(0, 10)
  expect((await rooms.ask('usage.totals', {})).items).toEqual([
    { key: today, ...zero, inputTokens: 30, outputTokens: 15, costUsd: 0.5, runs: 2, turns: 3, tools: 6 },
  ])
  const models = await rooms.ask('usage.totals', { by: 'model', limit: 1 })
  expect(models.items).toMatchObject([{ key: 'builtin', runs: 1 }])
  expect((await rooms.ask('usage.totals', { by: 'model', limit: 1, cursor: models.nextCursor ?? '' })).items).toMatchObject([
    { key: 'openai/gpt-5', runs: 1, turns: 2 },
  ])
  expect((await rooms.ask('usage.totals', { by: 'agent' })).items.map(({ key }) => key)).toEqual(['agt_2', 'agt_default'])
  expect((await rooms.ask('usage.totals', { since: '2099-01-01T00:00:00Z' })).items).toEqual([])
  expect((await rooms.ask('usage.totals', { until: '2020-01-01T00:00:00Z' })).items).toEqual([])
  expect((await rooms.ask('usage.totals', { since: '2020-01-01T00:00:00Z', until: '2099-01-01T00:00:00Z' })).items).toHaveLength(1)
})
test('what a task has started is summed under it, the rest under an empty key, and its runs are listed', async () => {
  spend(rooms, 'run_1', 'ses_1', line(), line({ model: 'builtin', costUsd: 0 }))
  spend(rooms, 'run_2', 'ses_2', line({ costUsd: 1 }))
  spend(rooms, 'run_3', 'ses_3', line({ costUsd: 2, agentId: 'agt_2' }))
  rooms.stores.agents.db.exec("INSERT INTO task_runs VALUES ('run_1', 'task_a'), ('run_3', 'task_b')")
  await rooms.usage.caughtUp()
  const told = async (more: object) =>
    (await rooms.ask('usage.totals', { by: 'task', ...more })).items.map(({ key, costUsd, runs }) => [key, costUsd, runs])
  expect(await told({})).toEqual([
    ['', 1, 1],
    ['task_a', 0.25, 1],
    ['task_b', 2, 1],
  ])
  expect(await told({ model: 'builtin' })).toEqual([['task_a', 0, 1]])
  const first = await rooms.ask('usage.totals', { by: 'task', limit: 2 })
  expect((await rooms.ask('usage.totals', { by: 'task', limit: 2, cursor: first.nextCursor ?? '' })).items).toMatchObject([{ key: 'task_b' }])
  const runs = async (filter: object) => (await rooms.ask('usage.runs', filter)).items.map(({ runId }) => runId)
  expect(await runs({ taskId: 'task_a' })).toEqual(['run_1', 'run_1'])
  expect(await runs({ agentId: 'agt_2' })).toEqual(['run_3'])
  expect(await runs({ agentId: 'agt_2', model: 'builtin' })).toEqual([])
  expect(await runs({ since: '2020-01-01T00:00:00Z', taskId: 'task_b' })).toEqual(['run_3'])
  expect(await runs({ since: '2099-01-01T00:00:00Z' })).toEqual([])
  expect(await runs({ until: '2020-01-01T00:00:00Z' })).toEqual([])
})
test('after a restart the reader goes on where it was, and a repeated line is counted once', async () => {
  const { home, dispose } = createHome()
  const first = await createRoomHarness({ home })
  spend(first, 'run_1', 'ses_1', line())
  await first.usage.caughtUp()
  first.stores.agents.db.exec("UPDATE cursors SET seq = 0 WHERE consumer = 'usage'")
  await first.close()
  const second = await createRoomHarness({ home })
  spend(second, 'run_1', 'ses_1', line())
  await second.usage.caughtUp()
  expect((await second.ask('usage.runs', {})).items).toMatchObject([{ inputTokens: 20, turns: 2 }])
  await second.close()
  dispose()
})
