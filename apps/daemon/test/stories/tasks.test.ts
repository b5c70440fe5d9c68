import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { toolResults, type Script } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon } from '../kit.ts'
import { ofSession } from '../sessions-harness.ts'

/** Reads a file so many times, each time another part, then answers. */
const reading =
  (times: number): Script =>
  (request) => {
    const done = toolResults(request).length
    return done < times ? { calls: [{ name: 'files_read', input: { path: 'big.txt', offset: done + 1, limit: 1 } }] } : { text: 'Enough.' }
  }
test('a change of model, mode or limits acts on the running run before its next step', async () => {
  const turns: Script = (request) => {
    const done = toolResults(request).length
    if (done === 0) return { calls: [{ name: 'files_write', input: { path: 'a.txt', content: 'a' } }] }
    if (done === 1) return { calls: [{ name: 'files_write', input: { path: 'b.txt', content: 'b' } }] }
    return { calls: [{ name: 'files_list', input: { path: '.', depth: (done % 3) + 1 } }] }
  }
  await using daemon = await startDaemon({ turns })
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
  await daemon.runUntil(runId, 'waiting')
  const patched = await daemon.ask('PATCH', `/v1/tasks/${id}`, {
    settings: { model: 'anthropic/wire-2', permissionMode: 'accept-edits', limits: { steps: 4 } },
  })
  expect(patched).toMatchObject({
    status: 200,
    body: { id, runId, status: 'waiting', settings: { model: 'anthropic/wire-2', permissionMode: 'accept-edits', limits: { steps: 4 } } },
  })
  await daemon.client.approvals.settle({ id: (await daemon.client.approvals.list({ sessionId: id })).items[0]!.id, decision: 'approve' })
  const run = await daemon.runUntil(runId)
  expect(run).toMatchObject({ status: 'failed', stop: 'steps', steps: 4 })
  expect(run.error).toContain('4 steps')
  expect(daemon.wire.requests.map(({ body }) => body['model'])).toEqual(['wire-1', 'wire-2', 'wire-2', 'wire-2'])
  expect((await daemon.events(id)).filter(({ name }) => name === 'approval.asked')).toHaveLength(1)
})
test('unknown settings are 400, refused values 422, an unknown task 404, and nothing of a refused change is kept', async () => {
  await using daemon = await startDaemon()
  const { id } = await daemon.client.sessions.create({ model })
  const before = await daemon.client.tasks.get({ id })
  const patch = async (settings: object, of = id) => (await daemon.ask('PATCH', `/v1/tasks/${of}`, { settings })).status
  expect(await patch({ colour: 'red' })).toBe(400)
  expect(await patch({ limits: { steps: 0 } })).toBe(400)
  expect(await patch({ limits: { laps: 3 } })).toBe(400)
  expect(await patch({ permissionMode: 'root' })).toBe(400)
  expect(await patch({ permissionMode: 'plan', model: 'nobody/nothing' })).toBe(422)
  expect(await patch({ agentId: 'agt_none' })).toBe(422)
  expect(await patch({}, 'ses_none')).toBe(404)
  expect(await daemon.client.tasks.get({ id })).toEqual(before)
})
test('a finished task keeps its true times and its error, also after a restart', async () => {
  let daemon = await startDaemon({ turns: [{ fault: { kind: 'status', status: 400, message: 'your account is asleep' } }] })
  const { id } = await daemon.client.sessions.create({ model })
  const from = Date.now()
  const run = await daemon.say(id, 'go')
  const to = Date.now()
  expect(run.status).toBe('failed')
  const task = ofSession(await daemon.client.tasks.get({ id }))
  expect(task).toMatchObject({ status: 'failed', runId: run.id, error: expect.stringContaining('your account is asleep') })
  for (const at of [task.startedAt, task.finishedAt]) {
    expect(Date.parse(at!)).toBeGreaterThanOrEqual(from)
    expect(Date.parse(at!)).toBeLessThanOrEqual(to)
  }
  expect(Date.parse(task.finishedAt!)).toBeGreaterThanOrEqual(Date.parse(task.startedAt!))
  daemon = await daemon.restart()
  expect(await daemon.client.tasks.get({ id })).toEqual(task)
  await daemon[Symbol.asyncDispose]()
})
test('each limit stops a run by its own name: steps, tool calls, tokens, minutes', async () => {
  await using daemon = await startDaemon({ turns: (request) => ({ ...reading(100)(request), usage: { inputTokens: 400, outputTokens: 100 } }) })
  writeFileSync(path.join(daemon.workspace, 'big.txt'), Array.from({ length: 200 }, (_, at) => `line ${at}\n`).join(''))
  for (const [limits, stop] of [
    [{ steps: 3 }, 'steps'],
    [{ toolCalls: 2 }, 'tool_calls'],
    [{ tokens: 1_000 }, 'tokens'],
  ] as const) {
    const { id } = await daemon.client.sessions.create({ model })
    const { runId } = await daemon.client.runs.start({ subject: { sessionId: id }, input: 'go', limits })
    const run = await daemon.runUntil(runId)
    expect(run).toMatchObject({ status: 'failed', stop })
    const events = await daemon.events(id)
    expect(events.findLast(({ name }) => name === 'status')?.data).toMatchObject({ status: 'failed', stop, message: run.error })
    expect(events.findLast(({ name }) => name === 'error')?.data).toMatchObject({ kind: stop })
  }
})
test('the same call with the same result is warned about once, then ends the run with that reason', async () => {
  await using daemon = await startDaemon({ turns: () => ({ calls: [{ name: 'files_read', input: { path: 'same.txt' } }] }) })
  writeFileSync(path.join(daemon.workspace, 'same.txt'), 'same\n')
  const { id } = await daemon.client.sessions.create({ model })
  const run = await daemon.say(id, 'go')
  expect(run).toMatchObject({ status: 'failed', stop: 'repetition' })
  expect(run.toolCalls).toBeLessThanOrEqual(5)
  const notes = (await daemon.client.messages.list({ sessionId: id })).items.filter(({ synthetic }) => synthetic)
  expect(notes).toHaveLength(1)
  expect(notes[0]?.text).toContain('three times')
})
test('an answer must fit the output schema: one that does not is asked for again, and what comes is the run’s output', async () => {
  const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false }
  let asked = 0
  await using daemon = await startDaemon({ turns: () => ({ text: asked++ === 0 ? 'It is zebra.' : '{"name":"zebra"}' }) })
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.runs.start({ subject: { sessionId: id }, input: 'name?', outputSchema: schema })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed', output: { name: 'zebra' }, steps: 2 })
  await using stubborn = await startDaemon({ turns: () => ({ text: 'never JSON' }) })
  const { id: other } = await stubborn.client.sessions.create({ model })
  const { runId: refused } = await stubborn.client.runs.start({ subject: { sessionId: other }, input: 'name?', outputSchema: schema })
  expect(await stubborn.runUntil(refused)).toMatchObject({ status: 'failed', stop: 'output_refused', output: null })
})
