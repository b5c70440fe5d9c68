import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { toolResults, type Script } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

/** USD per million tokens: a call of 1,000 in and 100 out costs 0.0015 USD. */
const price = { input: 1, output: 5, cacheRead: 1, cacheWrite: 1 }
const usage = { inputTokens: 1_000, outputTokens: 100 }
/** Reads another part of a file at every step, and never comes to an end. */
const endless: Script = (request) => ({
  usage,
  calls: [{ name: 'files_read', input: { path: 'big.txt', offset: toolResults(request).length + 1, limit: 1 } }],
})
async function priced(turns: Script): Promise<TestDaemon> {
  const daemon = await startDaemon({ turns })
  writeFileSync(path.join(daemon.workspace, 'big.txt'), Array.from({ length: 300 }, (_, at) => `line ${at}\n`).join(''))
  await daemon.client.models.price({ model, price, contextTokens: 200_000, maxOutputTokens: 300 })
  return daemon
}
/** What the events of a session say that was spent. */
const told = async (daemon: TestDaemon, sessionId: string) =>
  (await daemon.events(sessionId)).filter(({ name }) => name === 'usage').reduce((sum, { data }) => sum + (data as { costUsd: number }).costUsd, 0)

test('a run with a cap of 0.01 USD stops at the cap, never above it, and the event says why', async () => {
  await using daemon = await priced(endless)
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.runs.start({ subject: { sessionId: id }, input: 'go on', budgetUsd: 0.01 })
  const run = await daemon.runUntil(runId)
  expect(run).toMatchObject({ status: 'failed', stop: 'budget' })
  expect(run.usage.costUsd).toBeLessThanOrEqual(0.01)
  expect(run.usage.costUsd).toBeCloseTo(run.steps * 0.0015, 10)
  // The next call's worst case would not have fitted.
  expect(run.steps).toBeGreaterThanOrEqual(2)
  const events = await daemon.events(id)
  const last = events.findLast(({ name }) => name === 'status')?.data
  expect(last).toMatchObject({ status: 'failed', stop: 'budget', message: expect.stringContaining('0.01 USD') })
  expect(events.findLast(({ name }) => name === 'error')?.data).toMatchObject({ kind: 'budget' })
  expect(daemon.wire.requests).toHaveLength(run.steps)
  expect(await told(daemon, id)).toBeCloseTo(run.usage.costUsd, 10)
  // What each call could cost at worst was set aside before it was made, and all that was spent before left room for it.
  let spent = 0
  for (const { name, data } of events) {
    if (name === 'step.started') expect(spent + (data as { reservedUsd: number }).reservedUsd).toBeLessThanOrEqual(0.01 + 1e-12)
    if (name === 'usage') spent += (data as { costUsd: number }).costUsd
  }
})
test('the cap counts the calls that compaction makes', async () => {
  let summaries = 0
  await using daemon = await priced((request) => {
    const body = JSON.stringify(request.body)
    if (body.includes('Summarise this transcript')) {
      summaries++
      return { text: 'SUMMARY.', usage: { inputTokens: 3_000, outputTokens: 200 } }
    }
    return {
      usage: { inputTokens: Math.ceil(body.length / 4), outputTokens: 20 },
      calls: [{ name: 'files_read', input: { path: 'wide.txt', offset: daemon.wire.requests.length, limit: 100 } }],
    }
  })
  writeFileSync(
    path.join(daemon.workspace, 'wide.txt'),
    Array.from({ length: 3_000 }, (_, at) => `line ${at} with quite a few more words on it\n`).join(''),
  )
  await daemon.client.models.price({ model, price, contextTokens: 16_000, maxOutputTokens: 300 })
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.runs.start({ subject: { sessionId: id }, input: 'go on', budgetUsd: 0.3 })
  const run = await daemon.runUntil(runId)
  expect(run).toMatchObject({ stop: 'budget' })
  expect(summaries).toBeGreaterThan(0)
  expect(run.usage.costUsd).toBeLessThanOrEqual(0.3)
  expect(await told(daemon, id)).toBeCloseTo(run.usage.costUsd, 10)
  const compactions = (await daemon.events(id)).filter(({ name, data }) => name === 'usage' && (data as { compactions: number }).compactions > 0)
  // The last one may be made without a call, when the cap leaves no room for it.
  const called = compactions.map(({ data }) => (data as { costUsd: number }).costUsd).filter((costUsd) => costUsd > 0)
  expect(called).toHaveLength(summaries)
  for (const costUsd of called) expect(costUsd).toBeCloseTo(0.004, 10)
  await daemon.served.app.caughtUp()
  const { items } = await daemon.client.usage.runs({ sessionId: id })
  expect(items).toMatchObject([{ runId, costUsd: expect.closeTo(run.usage.costUsd, 10), compactions: compactions.length, stopReason: 'budget' }])
})
test('a session’s budget bounds all its runs together, and raising it lets the work go on', async () => {
  await using daemon = await priced(endless)
  const { id } = await daemon.client.sessions.create({ model, budgetUsd: 0.012 })
  const first = await daemon.client.runs.start({ subject: { sessionId: id }, input: 'go on', limits: { steps: 3 } })
  expect(await daemon.runUntil(first.runId)).toMatchObject({ stop: 'steps' })
  const second = await daemon.say(id, 'go on')
  expect(second).toMatchObject({ status: 'failed', stop: 'budget' })
  const third = await daemon.say(id, 'go on')
  expect(third).toMatchObject({ status: 'failed', stop: 'budget', steps: 0 })
  const { usage: spent } = await daemon.client.sessions.get({ id })
  expect(spent.costUsd).toBeLessThanOrEqual(0.012)
  await daemon.client.tasks.update({ id, settings: { budgetUsd: 1, limits: { steps: 2 } } })
  expect(await daemon.say(id, 'go on')).toMatchObject({ stop: 'steps', steps: 2 })
})
test('a budget that is lowered while the run waits stops it before its next call', async () => {
  await using daemon = await priced((request) =>
    toolResults(request).length === 0 ? { usage, calls: [{ name: 'files_write', input: { path: 'a.txt', content: 'a' } }] } : { text: 'Done.' },
  )
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
  await daemon.runUntil(runId, 'waiting')
  await daemon.client.tasks.update({ id, settings: { budgetUsd: 0.0015 } })
  await daemon.client.approvals.settle({ id: (await daemon.client.approvals.list({ sessionId: id })).items[0]!.id, decision: 'approve' })
  expect(await daemon.runUntil(runId)).toMatchObject({ stop: 'budget', steps: 1 })
  expect(daemon.wire.requests).toHaveLength(1)
})
test('a call that broke in mid-stream is charged, at most its reservation, and the cap holds with it', async () => {
  await using daemon = await priced(() => ({ text: ['some ', 'words ', 'here'], usage, fault: { kind: 'cut', afterDeltas: 2 } }))
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.runs.start({ subject: { sessionId: id }, input: 'go', budgetUsd: 0.01 })
  const run = await daemon.runUntil(runId)
  expect(run.status).toBe('failed')
  expect(run.usage.costUsd).toBeGreaterThan(0)
  expect(run.usage.costUsd).toBeLessThanOrEqual(0.01)
  expect(await told(daemon, id)).toBeCloseTo(run.usage.costUsd, 10)
})
test('a model call that a stop or a crash cut off is charged what it had reserved, in the run, the session and the events', async () => {
  let daemon = await priced((request) =>
    JSON.stringify(request.body).includes('broke off')
      ? { text: 'The rest.', usage }
      : { text: ['half ', 'way'], usage, fault: { kind: 'hang', gate: 'never', afterDeltas: 1 } },
  )
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
  for await (const item of daemon.client.follow({ sessionId: id })) if ('flash' in item) break
  daemon = await daemon.restart()
  const run = await daemon.runUntil(runId)
  expect(run).toMatchObject({ status: 'completed' })
  const reserved = (await daemon.events(id))
    .filter(({ name }) => name === 'step.started')
    .map(({ data }) => (data as { reservedUsd: number }).reservedUsd)
  expect(reserved).toHaveLength(2)
  expect(run.usage.costUsd).toBeCloseTo(reserved[0]! + 0.0015, 10)
  expect((await daemon.client.sessions.get({ id })).usage.costUsd).toBeCloseTo(run.usage.costUsd, 10)
  expect(await told(daemon, id)).toBeCloseTo(run.usage.costUsd, 10)
  await daemon.served.app.caughtUp()
  expect((await daemon.client.usage.totals({})).items[0]?.costUsd).toBeCloseTo(run.usage.costUsd, 10)
  await daemon[Symbol.asyncDispose]()
})
