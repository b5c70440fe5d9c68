/** Rows 5, 11, 12 and 17, and the crash rule: what a stop in the middle leaves, and how it goes on. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { until } from '@steward/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findMarked, homeMark } from '../../src/platform/processes/marked.ts'
import type { TestDaemon } from '../kit.ts'
import { createStandIn, ended, execute, historyOf, saved, settle, startBench, stepsOf, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
beforeEach(async () => {
  service = await createStandIn()
  daemon = await startBench(service)
})
afterEach(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
const tell = (id: string, text = id, more: object = {}) => ({ id, toolId: 'bench.tell', inputs: { text }, ...more })
const told = () => service.requests.flatMap(({ body, query }) => body?.text ?? query['text'] ?? [])
const hold = () => {
  const gate = Promise.withResolvers<void>()
  service.answer = ({ body, query }) => gate.promise.then(() => ({ text: body?.text ?? query['text'] }))
  return gate
}
const free = () => void (service.answer = ({ body, query }) => ({ text: body?.text ?? query['text'] }))
/** A command that is at work, alone or as the second of three steps. */
async function napping(steps = false): Promise<string> {
  const nap = { toolId: 'bench.sleep', inputs: { seconds: 60 } }
  const wanted = steps
    ? { workflowId: await saved(daemon, [tell('a'), { id: 'nap', ...nap, dependsOn: ['a'] }, tell('c', 'c {{steps.nap.status}}')]) }
    : nap
  const { id } = await execute(daemon, { ...wanted, waitMs: 0 })
  await until(async () => (await findMarked(homeMark(daemon.home))).length > 0, { timeoutMs: 15_000 })
  return id
}
const resume = (id: string, body: object) => daemon.ask('POST', `/v1/executions/${id}/resume`, body)
const askFor = (tool: string) => daemon.client.permissions.add({ tool, action: 'ask', level: 'global' })

test('an approval that waits goes on waiting after a restart, and is still for exactly that call', async () => {
  await askFor('bench.tell')
  const asked = await execute(daemon, { toolId: 'bench.tell', inputs: { text: 'patience' } })
  daemon = await daemon.restart()
  expect(await ended(daemon, asked.id, 'waiting')).toMatchObject({ approvalId: asked.approvalId, finishedAt: null })
  expect((await daemon.ask('GET', '/v1/approvals')).body.items).toMatchObject([{ id: asked.approvalId, executionId: asked.id }])
  expect(told()).toEqual([])
  expect(await settle(daemon, asked.approvalId)).toEqual({ settled: true })
  expect(await ended(daemon, asked.id)).toMatchObject({ status: 'completed', outputs: { text: 'patience' } })
  expect(told()).toEqual(['patience'])
})
test('the second of three steps that waits over a restart runs once approved; the first is not repeated', async () => {
  await askFor('bench.put')
  const workflowId = await saved(daemon, [
    tell('a'),
    { id: 'b', toolId: 'bench.put', inputs: { text: '{{steps.a.outputs.text}}b' } },
    tell('c', '{{steps.b.outputs.text}}c'),
  ])
  const asked = await execute(daemon, { workflowId })
  expect(asked.status).toBe('waiting')
  daemon = await daemon.restart()
  daemon = await daemon.restart()
  await settle(daemon, asked.approvalId)
  expect(await ended(daemon, asked.id)).toMatchObject({ status: 'completed', outputs: { c: { text: 'abc' } } })
  expect(told()).toEqual(['a', 'ab', 'abc'])
  expect((await daemon.ask('GET', '/v1/approvals')).body.items).toEqual([])
})
test('an approval that expired while Steward was stopped is denied at the start, and the call never runs', async () => {
  await askFor('bench.tell')
  const asked = await execute(daemon, { toolId: 'bench.tell', inputs: { text: 'too late' } })
  await daemon.stop()
  const db = new DatabaseSync(path.join(daemon.home, 'agents.db'))
  db.prepare('UPDATE execution_approvals SET expires_at = ?').run(new Date(Date.now() - 1_000).toISOString())
  db.close()
  daemon = await daemon.restart()
  expect(await ended(daemon, asked.id)).toMatchObject({ status: 'denied', errors: [{ code: 'expired' }] })
  expect(await settle(daemon, asked.approvalId)).toEqual({ settled: false })
  expect((await daemon.ask('GET', `/v1/approvals/${asked.approvalId}`)).body).toMatchObject({ status: 'expired', settledBy: null })
  expect(told()).toEqual([])
})
test('what waits is not run with other inputs: a row changed by hand is noticed when it is approved', async () => {
  await askFor('bench.tell')
  const asked = await execute(daemon, { toolId: 'bench.tell', inputs: { text: 'as approved' } })
  await daemon.stop()
  const db = new DatabaseSync(path.join(daemon.home, 'agents.db'))
  for (const table of ['executions', 'execution_steps', 'execution_approvals'])
    for (const column of table === 'execution_approvals' ? ['input'] : ['inputs', ...(table === 'executions' ? ['program'] : [])])
      db.prepare(`UPDATE ${table} SET ${column} = replace(${column}, 'as approved', 'tampered') WHERE ${column} IS NOT NULL`).run()
  db.close()
  daemon = await daemon.restart()
  await settle(daemon, asked.approvalId)
  expect(await ended(daemon, asked.id)).toMatchObject({ status: 'failed', errors: [{ code: 'changed' }] })
  expect(told()).toEqual([])
})
test('executions that wait in the queue are taken up in their order', async () => {
  await daemon.client.settings.set({ key: 'executions.atOnce', value: 1 })
  hold()
  const first = await execute(daemon, { toolId: 'bench.ask', inputs: { text: 'first' }, waitMs: 0 })
  await service.waitFor(1)
  const others = []
  for (const text of ['second', 'third']) others.push(await execute(daemon, { toolId: 'bench.tell', inputs: { text }, waitMs: 0 }))
  expect(others.map(({ status }) => status)).toEqual(['queued', 'queued'])
  expect((await daemon.ask('GET', '/v1/status')).body.executions).toMatchObject({ queued: 2, running: 1 })
  daemon = await daemon.restart()
  free()
  for (const { id } of [first, ...others]) expect(await ended(daemon, id)).toMatchObject({ status: 'completed' })
  expect(told()).toEqual(['first', 'first', 'second', 'third'])
})
test('a repeatable call that was cut off is made again under the same call id; one that is done is not', async () => {
  const workflowId = await saved(daemon, [tell('a'), { id: 'b', toolId: 'bench.put', inputs: { text: 'again' }, dependsOn: ['a'] }])
  service.answer = ({ body }) => (body?.text === 'again' ? new Promise(() => undefined) : { text: body?.text })
  const { id } = await execute(daemon, { workflowId, waitMs: 0 })
  await until(() => told().includes('again'))
  const [, before] = await stepsOf(daemon, id)
  daemon = await daemon.restart()
  free()
  expect(await ended(daemon, id)).toMatchObject({ status: 'completed', resumes: 1, outputs: { a: { text: 'a' }, b: { text: 'again' } } })
  expect(told()).toEqual(['a', 'again', 'again'])
  expect((await stepsOf(daemon, id))[1]).toMatchObject({ callId: before.callId, attempts: 2, status: 'completed' })
})
test('a command that was cut off is never run again by itself: the execution is interrupted, and nothing of it survives', async () => {
  const id = await napping(true)
  daemon = await daemon.restart()
  const shown = await ended(daemon, id)
  expect(shown).toMatchObject({
    status: 'interrupted',
    errors: [{ stepId: 'nap', code: 'unknown_outcome', message: expect.stringContaining('nap') }],
  })
  expect(await findMarked(homeMark(daemon.home))).toEqual([])
  expect(await historyOf(daemon)).toMatchObject([{ id, status: 'interrupted', finishedAt: null }])
  expect(await stepsOf(daemon, id)).toMatchObject([
    { id: 'a', status: 'completed' },
    { id: 'nap', status: 'unknown' },
  ])
  daemon = await daemon.restart()
  expect(await ended(daemon, id)).toEqual(shown)
  expect((await resume(id, { outcome: 'done', stepId: 'c' })).status).toBe(422)
  expect((await resume(id, { outcome: 'maybe' })).status).toBe(400)
  expect(await resume(id, { outcome: 'done', outputs: 'rested' })).toMatchObject({ status: 200 })
  expect(await ended(daemon, id)).toMatchObject({ status: 'completed', outputs: { nap: 'rested', c: { text: 'c completed' } } })
  expect(await resume(id, { outcome: 'done' })).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining('completed') } } })
  expect((await resume('exe_none', { outcome: 'done' })).status).toBe(404)
  expect(told()).toEqual(['a', 'c completed'])
})
test('a person can have an interrupted step done again, or count as failed, or cancel it all', async () => {
  const again = await napping()
  daemon = await daemon.restart()
  await ended(daemon, again)
  await resume(again, { outcome: 'again' })
  await until(async () => (await findMarked(homeMark(daemon.home))).length > 0, { timeoutMs: 15_000 })
  expect(await stepsOf(daemon, again)).toMatchObject([{ status: 'started', attempts: 2 }])
  daemon = await daemon.restart()
  expect(await ended(daemon, again)).toMatchObject({ status: 'interrupted' })
  await resume(again, { outcome: 'failed' })
  expect(await ended(daemon, again)).toMatchObject({ status: 'failed', errors: [{ code: 'failed' }], finishedAt: expect.any(String) })
  const given = await napping()
  daemon = await daemon.restart()
  await ended(daemon, given)
  expect((await daemon.ask('POST', `/v1/executions/${given}/cancel`)).body).toMatchObject({ status: 'cancelled' })
  expect((await resume(given, { outcome: 'again' })).status).toBe(409)
})
test('while the outcome of one step is unknown, another that waits for a person stays as it is, and goes on afterwards', async () => {
  await askFor('bench.put')
  const { id } = await execute(daemon, {
    workflowId: await saved(daemon, [
      { id: 'nap', toolId: 'bench.sleep', inputs: { seconds: 60 } },
      { id: 'put', toolId: 'bench.put', inputs: { text: 'asked' } },
    ]),
    waitMs: 0,
  })
  await until(async () => (await findMarked(homeMark(daemon.home))).length > 0, { timeoutMs: 15_000 })
  const [approval] = await until(async () => {
    const { items } = (await daemon.ask('GET', '/v1/approvals')).body
    return items.length > 0 && items
  })
  daemon = await daemon.restart()
  expect(await ended(daemon, id)).toMatchObject({ status: 'interrupted', errors: [{ stepId: 'nap', code: 'unknown_outcome' }] })
  await resume(id, { outcome: 'done' })
  expect(await ended(daemon, id, 'waiting')).toMatchObject({ approvalId: approval.id })
  await settle(daemon, approval.id)
  expect(await ended(daemon, id)).toMatchObject({ status: 'completed', errors: null, outputs: { put: { text: 'asked' } } })
})
test('a cut-off command whose manifest is gone is of unknown outcome all the same', async () => {
  const id = await napping()
  writeFileSync(path.join(daemon.apps, 'bench.app.json'), '{}')
  daemon = await daemon.restart({ manifests: {} })
  expect(await ended(daemon, id)).toMatchObject({ status: 'interrupted', errors: [{ code: 'unknown_outcome' }] })
})
