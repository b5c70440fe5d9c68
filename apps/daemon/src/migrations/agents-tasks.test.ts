import { expect, test } from 'vitest'
import { createHome } from '../../test/room-harness.ts'
import { createFireStore } from '../domains/tasks/fire-store.ts'
import { createTaskStore } from '../domains/tasks/store.ts'
import { openStore } from '../platform/storage/store.ts'
import { agentsMigrations } from './agents.ts'

test('a schedule of before is a task with its fires, and has no triggers', async () => {
  const { home, dispose } = createHome()
  const before = await openStore(home, 'agents', agentsMigrations.slice(0, 3))
  const settings = { target: { kind: 'prompt', text: 'x' }, schedule: { kind: 'interval', everyMs: 1_000 }, missed: 'one', overlap: 'skip' }
  before.db.exec(`INSERT INTO schedules (id, name, status, settings, owner, owner_kind, scopes, next_at, created_at, updated_at)
    VALUES ('sch_1', 'Old', 'active', '${JSON.stringify(settings)}', 'owner', 'owner', '["*"]', NULL, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`)
  before.db.exec(
    `INSERT INTO schedule_fires (id, schedule_id, at, cause, status) VALUES ('fire_1', 'sch_1', '2026-01-01T00:00:00.000Z', 'time', 'queued')`,
  )
  await before.close()
  const after = await openStore(home, 'agents', agentsMigrations)
  expect(createTaskStore(after.db).find('task_1')).toMatchObject({ name: 'Old', triggers: [], webhook: null, since: null })
  expect(createFireStore(after.db).find('fire_1')).toMatchObject({ taskId: 'task_1', input: null, chain: [] })
  await after.close()
  dispose()
})
test('runs that fires of before have started are tied to their tasks', async () => {
  const { home, dispose } = createHome()
  const before = await openStore(home, 'agents', agentsMigrations.slice(0, 6))
  before.db.exec(`INSERT INTO schedules (id, name, status, settings, owner, owner_kind, scopes, next_at, created_at, updated_at)
    VALUES ('task_1', 'Old', 'active', '{}', 'owner', 'owner', '["*"]', NULL, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`)
  before.db.exec(
    `INSERT INTO schedule_fires (id, schedule_id, at, cause, status, run_id) VALUES ('fire_1', 'task_1', '2026-01-01T00:00:00.000Z', 'time', 'completed', 'run_1')`,
  )
  await before.close()
  const after = await openStore(home, 'agents', agentsMigrations)
  expect(after.db.prepare('SELECT run_id AS runId, task_id AS taskId FROM task_runs').all()).toEqual([{ runId: 'run_1', taskId: 'task_1' }])
  await after.close()
  dispose()
})
