import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSessionsHarness, ofSession, remote, type SessionsHarness } from '../../../test/sessions-harness.ts'

let app: SessionsHarness
let id = ''
beforeEach(async () => {
  app = await createSessionsHarness()
  id = (await app.ask('sessions.create', { title: 'Work', workspace: { path: app.folder } })).id
})
afterEach(async () => {
  await app.close()
})
test('the task of a session without a run is idle', async () => {
  expect(await app.ask('tasks.get', { id })).toMatchObject({
    id,
    kind: 'session',
    title: 'Work',
    status: 'idle',
    runId: null,
    error: null,
    startedAt: null,
    finishedAt: null,
  })
  expect((await app.refusal('tasks.get', { id: 'ses_absent' })).code).toBe('not_found')
})
test('a finished task is still readable, with true times and its error', async () => {
  const runId = app.addRun(id, 'running')
  const running = ofSession(await app.ask('tasks.get', { id }))
  expect([running.status, running.runId, running.finishedAt]).toEqual(['running', runId, null])
  const at = '2026-02-03T04:05:06.007Z'
  app.stores.chat.log.commit(() => {
    app.runs.finish(runId, { status: 'failed', stop: 'model_error', error: 'The model broke.', output: null }, at)
    app.sessions.store.update(id, { status: 'idle' })
  })
  expect(await app.ask('tasks.get', { id })).toMatchObject({
    status: 'failed',
    error: 'The model broke.',
    startedAt: running.startedAt,
    finishedAt: at,
  })
})
test('a change of a running task is in the row its run reads next, and limits are merged', async () => {
  app.addRun(id, 'running')
  const agent = await app.askBase('agents.create', { name: 'Other' })
  await app.ask('tasks.update', { id, settings: { limits: { steps: 5, minutes: 2 }, budgetUsd: 1.5 } })
  const task = ofSession(
    await app.ask('tasks.update', {
      id,
      settings: { model: 'anthropic/known', agentId: agent.id, permissionMode: 'auto', budgetUsd: null, limits: { steps: 9 } },
    }),
  )
  const settings = { model: 'anthropic/known', agentId: agent.id, permissionMode: 'auto', budgetUsd: null, limits: { steps: 9, minutes: 2 } }
  expect([task.status, task.settings]).toEqual(['running', settings])
  expect(app.sessions.store.find(id)).toMatchObject(settings)
  expect(app.events(id).at(-1)).toEqual({ name: 'task.updated', data: { settings } })
})
test('refused values change nothing', async () => {
  const before = await app.ask('tasks.get', { id })
  const cases = [
    [{ model: 'anthropic/unheard' }, 'unprocessable'],
    [{ agentId: 'agt_unheard' }, 'unprocessable'],
    [{ colour: 'red' }, 'invalid'],
    [{ limits: { steps: 0 } }, 'invalid'],
  ] as const
  for (const [settings, code] of cases) expect((await app.refusal('tasks.update', { id, settings })).code).toBe(code)
  for (const permissionMode of ['auto', 'accept-edits'])
    expect((await app.refusal('tasks.update', { id, settings: { permissionMode } }, remote('tasks:write'))).code).toBe('forbidden')
  expect((await app.refusal('tasks.update', { id: 'ses_absent', settings: {} })).code).toBe('not_found')
  expect(await app.ask('tasks.get', { id })).toEqual(before)
  expect(
    ofSession(await app.ask('tasks.update', { id, settings: { permissionMode: 'plan' } }, { caller: remote('tasks:write') })).settings.permissionMode,
  ).toBe('plan')
})
test('a change sent twice with one key is made once and answers the same', async () => {
  const first = await app.ask('tasks.update', { id, settings: { budgetUsd: 2 } }, { key: 'k' })
  await app.ask('tasks.update', { id, settings: { budgetUsd: 3 } })
  expect(await app.ask('tasks.update', { id, settings: { budgetUsd: 2 } }, { key: 'k' })).toEqual(first)
  expect(ofSession(await app.ask('tasks.get', { id })).settings.budgetUsd).toBe(3)
})
