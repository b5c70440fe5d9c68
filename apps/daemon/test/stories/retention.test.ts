import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { startDaemon } from '../kit.ts'
import { execute } from '../work.ts'

const copies = 1_200
const long = '2020-01-01T00:00:00.000Z'
/** The columns of a table but those that count by themselves. */
const columnsOf = (db: DatabaseSync, table: string) =>
  db
    .prepare(`SELECT name FROM pragma_table_info('${table}') WHERE name NOT IN ('id', 'seq')`)
    .all()
    .map(({ name }) => String(name))
/** Adds copies of the one row that a table holds, all of them long over. */
function multiply(db: DatabaseSync, table: string, over: string): void {
  const columns = columnsOf(db, table)
  const values = columns.map((name) => (name === over ? `'${long}'` : name === 'at' ? `'2019-01-01T00:00:00.' || n` : name))
  db.exec(`WITH RECURSIVE counted(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM counted WHERE n < ${999 + copies})
    INSERT INTO ${table} (id, ${columns.join(', ')}) SELECT substr(id, 1, 4) || n, ${values.join(', ')} FROM counted, (SELECT * FROM ${table} LIMIT 1)`)
}
test('what is older than history.days is forgotten soon after a start, however much it is, and the rest is kept', { timeout: 60_000 }, async () => {
  let daemon = await startDaemon()
  let { client } = daemon
  await client.settings.set({ key: 'history.days', value: 30 })
  const { id: executionId } = await execute(daemon, { toolId: 'files.list', inputs: {} })
  const { plan } = await client.plans.create({ text: 'list the files here' })
  const { id: taskId } = await client.tasks.create({
    name: 'list',
    target: { kind: 'tool', toolId: 'files.list', inputs: {}, workspace: { path: daemon.workspace } },
    schedule: { kind: 'interval', everyMs: 31_622_400_000 },
  })
  const fire = await client.tasks.runNow({ id: taskId })
  await until(async () => (await client.tasks.runs({ id: taskId })).items[0]?.status === 'completed')
  const { id: hookId } = await client.hooks.create({ name: 'off', on: { events: ['task.failed'] }, action: { kind: 'task', taskId }, active: false })
  await client.hooks.test({ id: hookId })
  await until(async () => (await client.hooks.deliveries({ id: hookId })).items[0]?.status === 'cancelled')
  await daemon.stop()
  const db = new DatabaseSync(path.join(daemon.home, 'agents.db'))
  multiply(db, 'executions', 'finished_at')
  multiply(db, 'schedule_fires', 'finished_at')
  multiply(db, 'outbox', 'finished_at')
  multiply(db, 'plans', 'expires_at')
  const counts = () =>
    ['executions', 'schedule_fires', 'outbox', 'plans'].map((table) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']))
  expect(counts()).toEqual([copies + 2, copies + 1, copies + 1, copies + 1])
  daemon = await daemon.restart()
  client = daemon.client
  await until(() => counts().every((count) => count < 5), { timeoutMs: 30_000, what: 'the old rows to go' })
  expect(counts()).toEqual([2, 1, 1, 1])
  db.close()
  expect((await client.history.list({})).items.map(({ id }) => id)).toContain(executionId)
  expect((await client.tasks.runs({ id: taskId })).items.map(({ id }) => id)).toEqual([fire.id])
  expect(await client.plans.get({ id: String(plan?.id) })).toMatchObject({ id: plan?.id })
  await daemon[Symbol.asyncDispose]()
})
