import { expect, test } from 'vitest'
import { changesOf, draftOf, emptyDraft, inputOf, scheduleOf } from './draft.ts'
import type { StoredTask } from './schedule-words.ts'

const task: StoredTask = {
  id: 'task_1',
  kind: 'stored',
  name: 'Look',
  target: { kind: 'tool', toolId: 'files.list', inputs: { path: '{{input.event.data.path}}' }, workspace: { path: '/srv' } },
  schedule: { kind: 'cron', expression: '30 7 * * 1,3', zone: 'Europe/Berlin' },
  triggers: [
    { kind: 'event', events: ['task.failed'], filter: { name: 'N*' } },
    { kind: 'webhook', signature: 'github' },
  ],
  missed: 'all',
  overlap: { parallel: 3 },
  retry: { max: 2, backoffMs: 1_500 },
  timeoutMs: 90_000,
  budgetUsd: 0.5,
  quietHours: { from: '22:00', to: '06:00', zone: 'Asia/Tokyo' },
  jitterMs: 500,
  status: 'active',
  webhook: { path: '/v1/hooks/whk_1' },
  owner: 'owner',
  nextAt: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}
const set = ({ id: _i, kind: _k, status: _s, webhook: _w, owner: _o, nextAt: _n, createdAt: _c, updatedAt: _u, ...rest }: StoredTask) => rest

test('a task that is opened in the form and saved unchanged stays what it is', () => {
  const others: Partial<StoredTask>[] = [
    {},
    {
      schedule: { kind: 'interval', everyMs: 900_000, anchor: '2026-01-01T00:00:30.000Z' },
      overlap: 'queue',
      quietHours: null,
      timeoutMs: null,
      budgetUsd: null,
    },
    { schedule: { kind: 'once', at: '2026-05-01T07:00:00.000Z' }, target: { kind: 'prompt', text: 'Hi', agentId: 'agt_a' } },
    { schedule: { kind: 'cron', expression: '*/5 1-3 L * *', zone: 'UTC' }, target: { kind: 'workflow', workflowId: 'wfl_1', inputs: { n: 1 } } },
    { schedule: null, triggers: [] },
  ]
  for (const other of others) {
    const whole = { ...task, ...other }
    expect(inputOf(draftOf(whole))).toEqual(set(whole))
  }
})
test('only what was changed is sent', () => {
  const past = { ...task, schedule: { kind: 'once', at: '2020-01-01T00:00:00.123Z' } as const }
  expect(changesOf(past, { ...draftOf(past), name: 'Other' })).toEqual({ name: 'Other' })
})
test('a fresh form fires every day by the clock of this device', () => {
  expect(scheduleOf(emptyDraft(0, 'Europe/Berlin'))).toEqual({ kind: 'cron', expression: '0 7 * * *', zone: 'Europe/Berlin' })
  expect(inputOf({ ...emptyDraft(), name: 'a', text: 'b' })).toMatchObject({ timeoutMs: null, budgetUsd: null, overlap: 'skip', quietHours: null })
})
