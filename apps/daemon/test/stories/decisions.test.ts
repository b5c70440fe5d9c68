import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { until, toolResults, type Script } from '@steward/testkit'
import { expect, test } from 'vitest'
import { findMarked, homeMark } from '../../src/platform/processes/marked.ts'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

const write = (name: string) => ({ name: 'files_write', input: { path: name, content: `${name}\n` } })
/** Writes one file a step, as many as there are names, then says what came of the last call. */
const writing =
  (...names: string[]): Script =>
  (request) => {
    const results = toolResults(request)
    const next = names[results.length]
    return next === undefined ? { text: `Result: ${results.at(-1)?.text}` } : { calls: [write(next)] }
  }
const act = (daemon: TestDaemon, sessionId: string, body: object) => daemon.ask('POST', `/v1/sessions/${sessionId}/actions`, body)
async function waiting(daemon: TestDaemon, text = 'go') {
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text })
  expect((await daemon.runUntil(runId, 'waiting')).status).toBe('waiting')
  return { id, runId, approval: (await daemon.client.approvals.list({ sessionId: id })).items[0]! }
}
const last = async (daemon: TestDaemon, sessionId: string) => (await daemon.client.messages.list({ sessionId })).items.at(-1)?.text

test('approve by the tool call’s id runs exactly that call, once; a second settlement of any kind answers settled: false', async () => {
  await using daemon = await startDaemon({ turns: writing('a.txt') })
  const { id, runId, approval } = await waiting(daemon)
  expect(existsSync(path.join(daemon.workspace, 'a.txt'))).toBe(false)
  expect(await act(daemon, id, { type: 'approve', id: approval.callId })).toEqual({ status: 200, body: { settled: true } })
  expect(await act(daemon, id, { type: 'approve', id: approval.callId })).toEqual({ status: 200, body: { settled: false } })
  expect(await act(daemon, id, { type: 'reject', id: approval.id })).toEqual({ status: 200, body: { settled: false } })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed', toolCalls: 1 })
  expect(readFileSync(path.join(daemon.workspace, 'a.txt'), 'utf8')).toBe('a.txt\n')
})
test('reject tells the model the reason, and nothing runs', async () => {
  await using daemon = await startDaemon({ turns: writing('a.txt') })
  const { id, runId, approval } = await waiting(daemon)
  await act(daemon, id, { type: 'reject', id: approval.id, reason: 'Not in this folder.' })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  expect(await last(daemon, id)).toContain('Not in this folder.')
  expect(existsSync(path.join(daemon.workspace, 'a.txt'))).toBe(false)
})
test('a tool result given in place of a waiting call reaches the model, and the call itself never runs', async () => {
  await using daemon = await startDaemon({ turns: writing('a.txt') })
  const { id, runId, approval } = await waiting(daemon)
  expect(await act(daemon, id, { type: 'tool_result', id: approval.callId, result: 'I wrote it by hand.' })).toEqual({
    status: 200,
    body: { settled: true },
  })
  expect(await act(daemon, id, { type: 'tool_result', id: approval.callId, result: 'again' })).toEqual({ status: 200, body: { settled: false } })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  expect(await last(daemon, id)).toContain('I wrote it by hand.')
  expect(existsSync(path.join(daemon.workspace, 'a.txt'))).toBe(false)
})
test('ids that are unknown or of another session are 404 for every action, missing ones 400', async () => {
  await using daemon = await startDaemon({ turns: writing('a.txt') })
  const { id, runId, approval } = await waiting(daemon)
  const { id: other } = await daemon.client.sessions.create({ model })
  for (const type of ['approve', 'reject', 'answer', 'tool_result']) {
    const rest = { answer: 'x', result: 1 }
    expect((await act(daemon, id, { type, id: 'call_none', ...rest })).status).toBe(404)
    expect((await act(daemon, other, { type, id: approval.callId, ...rest })).status).toBe(404)
    expect((await act(daemon, id, { type, ...rest })).status).toBe(400)
  }
  expect((await act(daemon, other, { type: 'cancel', id: runId })).status).toBe(404)
  expect((await act(daemon, 'ses_none', { type: 'cancel' })).status).toBe(404)
  expect((await act(daemon, id, { type: 'explode' })).status).toBe(400)
  expect((await daemon.client.runs.get({ id: runId })).status).toBe('waiting')
})
test('`always` writes a rule of the workspace, which allows the next call of that kind in every session there', async () => {
  await using daemon = await startDaemon({ turns: writing('a.txt', 'a.txt') })
  const { id, runId, approval } = await waiting(daemon)
  await act(daemon, id, { type: 'approve', id: approval.id, scope: 'always' })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed', toolCalls: 2 })
  const { items: rules } = await daemon.client.permissions.list({ workspace: daemon.workspace })
  expect(rules).toMatchObject([{ level: 'workspace', workspace: daemon.workspace, action: 'allow' }])
  const { id: next } = await daemon.client.sessions.create({ model })
  expect(await daemon.say(next, 'go')).toMatchObject({ status: 'completed' })
})
test('`session` allows the next call of that kind in this session and asks again in another', async () => {
  await using daemon = await startDaemon({ turns: writing('a.txt', 'a.txt') })
  const { id, runId, approval } = await waiting(daemon)
  await act(daemon, id, { type: 'approve', id: approval.id, scope: 'session' })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed', toolCalls: 2 })
  const other = await waiting(daemon)
  expect(other.approval.status).toBe('waiting')
})
test('a pending approval survives a restart and runs exactly once when it is given after it', async () => {
  let daemon = await startDaemon({ turns: writing('a.txt') })
  const { id, runId, approval } = await waiting(daemon)
  daemon = await daemon.restart()
  expect(await daemon.client.runs.get({ id: runId })).toMatchObject({ status: 'waiting' })
  expect((await daemon.client.approvals.get({ id: approval.id })).status).toBe('waiting')
  expect(await act(daemon, id, { type: 'approve', id: approval.callId })).toEqual({ status: 200, body: { settled: true } })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed', toolCalls: 1 })
  expect((await daemon.events(id)).filter(({ name }) => name === 'tool.started')).toHaveLength(1)
  expect((await daemon.events(id)).filter(({ name }) => name === 'approval.asked')).toHaveLength(1)
  await daemon[Symbol.asyncDispose]()
})
test('a question survives a restart and its answer reaches the model; an answer that does not fit is refused', async () => {
  const asking: Script = (request) =>
    toolResults(request).length > 0
      ? { text: `Result: ${toolResults(request)[0]!.text}` }
      : {
          calls: [
            {
              name: 'ask_questions',
              input: {
                questions: [
                  { id: 'colour', question: 'Which?' },
                  { id: 'size', question: 'How large?' },
                ],
              },
            },
          ],
        }
  let daemon = await startDaemon({ turns: asking })
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'ask' })
  await daemon.runUntil(runId, 'waiting')
  daemon = await daemon.restart()
  expect(await daemon.runUntil(runId, 'waiting')).toMatchObject({ status: 'waiting' })
  const [question] = (await daemon.client.questions.list({ sessionId: id })).items
  expect((await act(daemon, id, { type: 'answer', id: question!.id, answer: 'red' })).status).toBe(422)
  expect(await act(daemon, id, { type: 'answer', id: question!.callId, answer: { colour: 'red', size: 'XL' } })).toEqual({
    status: 200,
    body: { settled: true },
  })
  expect(await act(daemon, id, { type: 'answer', id: question!.id, answer: { colour: 'blue', size: 'S' } })).toEqual({
    status: 200,
    body: { settled: false },
  })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  expect(await last(daemon, id)).toContain('XL')
  expect((await daemon.client.questions.list({ sessionId: id, status: 'answered' })).items).toHaveLength(1)
  await daemon[Symbol.asyncDispose]()
})
test('what waits for a person waits through any number of restarts, and none of them counts as a try', async () => {
  const turns: Script = (request) => {
    if (toolResults(request).length > 0) return { text: 'Done.' }
    const ask = { name: 'ask_questions', input: { questions: [{ id: 'colour', question: 'Which?' }] } }
    return { calls: [JSON.stringify(request.body).includes('ask me') ? ask : write('a.txt')] }
  }
  let daemon = await startDaemon({ turns })
  const ids: string[] = []
  for (const text of ['ask me', 'write it']) {
    const { id } = await daemon.client.sessions.create({ model })
    ids.push((await daemon.client.messages.send({ sessionId: id, text })).runId)
    await daemon.runUntil(ids.at(-1)!, 'waiting')
  }
  for (let n = 0; n < 5; n++) {
    daemon = await daemon.restart()
    for (const id of ids) expect(await daemon.runUntil(id, 'waiting')).toMatchObject({ status: 'waiting', resumes: 0 })
  }
  await daemon.client.questions.answer({ id: (await daemon.client.questions.list({})).items[0]!.id, answer: 'red' })
  await daemon.client.approvals.settle({ id: (await daemon.client.approvals.list({})).items[0]!.id, decision: 'approve' })
  for (const id of ids) expect(await daemon.runUntil(id)).toMatchObject({ status: 'completed' })
  await daemon[Symbol.asyncDispose]()
})
test('an approval that nobody gives expires, the model is told, and the run ends by itself', async () => {
  await using daemon = await startDaemon({ turns: writing('a.txt') })
  await daemon.client.settings.set({ key: 'runs.approvalMinutes', value: 0.1 })
  const { id, runId, approval } = await waiting(daemon)
  expect(Date.parse(approval.expiresAt) - Date.parse(approval.createdAt)).toBe(6_000)
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  expect((await daemon.client.approvals.get({ id: approval.id })).status).toBe('expired')
  expect(await last(daemon, id)).toContain('Nobody answered in time')
  expect(await act(daemon, id, { type: 'approve', id: approval.id })).toEqual({ status: 200, body: { settled: false } })
  expect(existsSync(path.join(daemon.workspace, 'a.txt'))).toBe(false)
})
test('cancel kills the child process of a running tool and is final within two seconds', async () => {
  await using daemon = await startDaemon({
    turns: [{ calls: [{ name: 'shell_run', input: { command: 'echo $$ > pid; sleep 300 & echo $! >> pid; sleep 300' } }] }, { text: 'x' }],
  })
  const { id } = await daemon.client.sessions.create({ model, permissionMode: 'auto' })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
  const pidFile = path.join(daemon.workspace, 'pid')
  const children = () => findMarked(`${homeMark(daemon.home)}:`)
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim().split('\n').length === 2, { what: 'the child' })
  expect((await children()).length).toBeGreaterThanOrEqual(2)
  const started = performance.now()
  expect(await act(daemon, id, { type: 'cancel' })).toEqual({ status: 200, body: { settled: true } })
  expect((await daemon.runUntil(runId)).status).toBe('cancelled')
  expect(performance.now() - started).toBeLessThan(2_000)
  await until(async () => (await children()).length === 0, { timeoutMs: 2_000, what: 'the end of every child' })
  expect(await daemon.client.tasks.get({ id })).toMatchObject({ status: 'cancelled' })
  expect(await daemon.client.sessions.get({ id })).toMatchObject({ status: 'idle' })
  expect((await daemon.events(id)).findLast(({ name }) => name === 'tool.result')?.data).toMatchObject({ status: 'cancelled' })
  expect(await act(daemon, id, { type: 'cancel', id: runId })).toEqual({ status: 200, body: { settled: true } })
})
test('cancelling a run that waits for a person settles what it waits for', async () => {
  await using daemon = await startDaemon({ turns: writing('a.txt') })
  const { id, runId, approval } = await waiting(daemon)
  expect(await daemon.client.runs.cancel({ id: runId })).toMatchObject({ status: 'cancelled', stop: 'cancelled' })
  expect((await daemon.client.approvals.get({ id: approval.id })).status).toBe('cancelled')
  expect(await act(daemon, id, { type: 'approve', id: approval.id })).toEqual({ status: 200, body: { settled: false } })
  expect(existsSync(path.join(daemon.workspace, 'a.txt'))).toBe(false)
})
