import { lastUserText, toolResults, type Script, type Turn } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

/** Answers `slow` in two halves with a gate between; anything else at once. */
const halting: Script = (request) => {
  const words = lastUserText(request)
  return words.startsWith('slow')
    ? { text: ['First half, ', 'second half.'], fault: { kind: 'hang', gate: words, afterDeltas: 1 } }
    : { text: `Heard: ${words}` }
}
const texts = async (daemon: TestDaemon, sessionId: string) =>
  (await daemon.client.messages.list({ sessionId })).items.map(({ role, text }) => `${role}: ${text}`)
const open = async (daemon: TestDaemon) => (await daemon.client.sessions.create({ model })).id

test('messages sent while a run is under way wait their turn: none is lost, each is answered once, in order, one run at a time', async () => {
  await using daemon = await startDaemon({ turns: halting })
  const id = await open(daemon)
  const first = await daemon.client.messages.send({ sessionId: id, text: 'slow one' })
  await daemon.runUntil(first.runId, 'running')
  const later = []
  for (const text of ['two', 'three', 'four']) later.push(await daemon.client.messages.send({ sessionId: id, text }))
  expect(new Set([first, ...later].map(({ runId }) => runId)).size).toBe(4)
  expect(await daemon.client.sessions.get({ id })).toMatchObject({ status: 'running' })
  for (const { runId } of later) expect(await daemon.client.runs.get({ id: runId })).toMatchObject({ status: 'queued' })
  daemon.wire.release('slow one')
  for (const { runId } of [first, ...later]) expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  expect(await texts(daemon, id)).toEqual([
    'user: slow one',
    'assistant: First half, second half.',
    'user: two',
    'assistant: Heard: two',
    'user: three',
    'assistant: Heard: three',
    'user: four',
    'assistant: Heard: four',
  ])
  // At no time were two runs of the session at work.
  let running = 0
  for (const { name, data } of await daemon.events(id)) {
    if (name !== 'status') continue
    const { status, previous } = data as { status: string; previous: string | null }
    if (status === 'running' && previous === 'queued') running++
    if (status === 'completed') running--
    expect(running).toBeLessThanOrEqual(1)
  }
  expect(daemon.wire.requests).toHaveLength(4)
  expect(await daemon.client.sessions.get({ id })).toMatchObject({ status: 'idle' })
})
test('a hundred messages sent at once to one session are all answered, none twice', async () => {
  await using daemon = await startDaemon({ turns: (request) => ({ text: `Heard: ${lastUserText(request)}` }) })
  const id = await open(daemon)
  const sent = await Promise.all(Array.from({ length: 100 }, (_, at) => daemon.client.messages.send({ sessionId: id, text: `m${at}` })))
  for (const { runId } of sent) expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  const answers: string[] = []
  for (let cursor: string | undefined; ;) {
    const page = await daemon.client.messages.list({ sessionId: id, order: 'oldest', limit: 50, ...(cursor === undefined ? {} : { cursor }) })
    answers.push(...page.items.filter(({ role }) => role === 'assistant').map(({ text }) => text))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  expect(answers.toSorted()).toEqual(Array.from({ length: 100 }, (_, at) => `Heard: m${at}`).toSorted())
}, 60_000)
test('steering reaches the run before its next step, and the run goes on as one run', async () => {
  const turns: Script = (request) =>
    toolResults(request).length === 0
      ? { calls: [{ name: 'files_write', input: { path: 'a.txt', content: 'a' } }] }
      : { text: `I was told: ${lastUserText(request)}` }
  await using daemon = await startDaemon({ turns })
  const id = await open(daemon)
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'write' })
  await daemon.runUntil(runId, 'waiting')
  const steered = await daemon.client.messages.send({ sessionId: id, text: 'use blue', delivery: 'steer' })
  expect(steered.runId).toBe(runId)
  await daemon.ask('POST', `/v1/sessions/${id}/actions`, { type: 'steer', text: 'and green' })
  const { items } = await daemon.client.approvals.list({ sessionId: id })
  await daemon.client.approvals.settle({ id: items[0]!.id, decision: 'approve' })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed', steps: 2 })
  expect((await texts(daemon, id)).at(-1)).toBe('assistant: I was told: use blueand green')
  expect((await daemon.client.runs.list({ sessionId: id })).items).toHaveLength(1)
})
test('steering that comes during the last answer is read by the same run, and what comes after its end becomes a run of its own', async () => {
  await using daemon = await startDaemon({ turns: halting })
  const id = await open(daemon)
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'slow' })
  await daemon.runUntil(runId, 'running')
  await daemon.wire.waitFor(1)
  const during = await daemon.client.messages.send({ sessionId: id, text: 'also this', delivery: 'steer' })
  expect(during.runId).toBe(runId)
  daemon.wire.release('slow')
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  const after = await daemon.client.messages.send({ sessionId: id, text: 'too late', delivery: 'steer' })
  expect(after.runId).not.toBe(runId)
  expect(await daemon.runUntil(after.runId)).toMatchObject({ status: 'completed' })
  expect(await texts(daemon, id)).toEqual([
    'user: slow',
    'assistant: First half, second half.',
    'user: also this',
    'assistant: Heard: also this',
    'user: too late',
    'assistant: Heard: too late',
  ])
  expect((await daemon.ask('POST', `/v1/runs/${runId}/steer`, { text: 'x' })).status).toBe(409)
})
test('steering that a run could not read, because it was cancelled or failed, becomes a run of its own', async () => {
  for (const end of ['cancel', 'fail'] as const) {
    const failing: Turn = { text: ['a', 'b'], fault: { kind: 'hang', gate: 'go', afterDeltas: 1 } }
    await using daemon = await startDaemon({
      turns: (request) => (lastUserText(request) === 'start' ? failing : { text: `Heard: ${lastUserText(request)}` }),
    })
    const id = await open(daemon)
    const { runId } = await daemon.client.runs.start({ subject: { sessionId: id }, input: 'start', limits: { minutes: end === 'fail' ? 0.01 : 5 } })
    await daemon.wire.waitFor(1)
    await daemon.client.messages.send({ sessionId: id, text: 'do not lose me', delivery: 'steer' })
    if (end === 'cancel') await daemon.client.runs.cancel({ id: runId })
    expect((await daemon.runUntil(runId)).status).toBe(end === 'cancel' ? 'cancelled' : 'failed')
    for await (const item of daemon.client.follow({ sessionId: id, names: ['message.final'] }, AbortSignal.timeout(10_000)))
      if ('event' in item && (item.event.data as { text: string }).text === 'Heard: do not lose me') break
    const runs = (await daemon.client.runs.list({ sessionId: id })).items
    expect(runs).toHaveLength(2)
    expect((await texts(daemon, id)).filter((text) => text.includes('do not lose me'))).toEqual([
      'user: do not lose me',
      'assistant: Heard: do not lose me',
    ])
  }
})
test('messages that wait in the queue survive a restart and are answered after it', async () => {
  let daemon = await startDaemon({ turns: halting })
  const id = await open(daemon)
  const first = await daemon.client.messages.send({ sessionId: id, text: 'slow' })
  await daemon.wire.waitFor(1)
  const second = await daemon.client.messages.send({ sessionId: id, text: 'two' })
  daemon = await daemon.restart()
  daemon.wire.release('slow')
  expect(await daemon.runUntil(first.runId)).toMatchObject({ status: 'completed' })
  expect(await daemon.runUntil(second.runId)).toMatchObject({ status: 'completed' })
  expect((await texts(daemon, id)).slice(-2)).toEqual(['user: two', 'assistant: Heard: two'])
  await daemon[Symbol.asyncDispose]()
})
