/** Row 17: what asks waits for a person, and what is approved is done exactly so, once. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startDaemon, type TestDaemon, writeManifest } from '../kit.ts'
import { asToken, benchApp, createStandIn, ended, execute, historyOf, saved, settle, stepsOf, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
/** A call that nobody ever answers; the last test looks at it. */
let lonely: { id: string; approvalId: string; approval: any }
beforeAll(async () => {
  service = await createStandIn()
  daemon = await startDaemon({ manifests: { bench: benchApp(service.url) } })
  await daemon.client.settings.set({ key: 'runs.approvalMinutes', value: 0.1 })
  lonely = await asking(write('lonely.txt', 'x'))
  await daemon.client.settings.reset({ key: 'runs.approvalMinutes' })
})
beforeEach(async () => {
  for (const { id } of (await daemon.client.permissions.list({})).items) await daemon.client.permissions.remove({ id })
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
const told = (text: string) => service.requests.filter(({ body }) => body?.text === text).length
const call = (text: string) => ({ toolId: 'bench.tell', inputs: { text } })
const write = (name: string, content: string) => ({ toolId: 'files.write', inputs: { path: name, content } })
const at = (name: string) => path.join(daemon.workspace, name)
async function asking(wanted: object): Promise<{ id: string; approvalId: string; approval: any }> {
  const { id, status, approvalId } = await execute(daemon, wanted)
  expect(status).toBe('waiting')
  return { id, approvalId, approval: (await daemon.ask('GET', `/v1/approvals/${approvalId}`)).body }
}

test('an approval shows exactly what would happen, and by what it was asked', async () => {
  writeFileSync(at('shown.txt'), 'old\n')
  const { id, approval } = await asking(write('shown.txt', 'new\n'))
  expect(approval).toMatchObject({
    executionId: id,
    sessionId: null,
    runId: null,
    toolId: 'files.write',
    input: { path: 'shown.txt', content: 'new\n' },
    status: 'waiting',
    preview: { diff: expect.stringMatching(/^-old\n\+new$/m) },
    reason: expect.stringContaining('files.write'),
  })
  const { approval: request } = await asking(call('to be seen'))
  expect(request.preview.summary).toBe(`POST ${service.url}/tell\n{"text":"to be seen"}`)
  expect((await daemon.ask('GET', `/v1/approvals?executionId=${id}`)).body.items).toEqual([approval])
  expect(await ended(daemon, id, 'waiting')).toMatchObject({ approvalId: approval.id })
})
test('an approval names the rule that asks, where one does', async () => {
  const rule = await daemon.client.permissions.add({ tool: 'files.write', pattern: 'ruled.txt', action: 'ask', level: 'global' })
  const { approval } = await asking(write('ruled.txt', 'x'))
  expect(approval.preview.rule).toEqual({ id: rule.id, tool: 'files.write', pattern: 'ruled.txt', action: 'ask', level: 'global' })
})
test('approvals are listed from either end, page by page', async () => {
  const { id } = await asking(write('order.txt', '1'))
  const all = (await daemon.client.approvals.list({ limit: 200 })).items.map((item) => item.id)
  expect(all.length).toBeGreaterThan(2)
  const newest = await daemon.client.approvals.list({ order: 'newest', limit: 2 })
  expect(newest.items.map((item) => item.id)).toEqual(all.toReversed().slice(0, 2))
  const next = await daemon.client.approvals.list({ order: 'newest', limit: 2, cursor: newest.nextCursor ?? '' })
  expect(next.items.map((item) => item.id)).toEqual(all.toReversed().slice(2, 4))
  expect((await daemon.client.approvals.list({ executionId: id, order: 'newest' })).items).toMatchObject([{ id: all.at(-1) }])
})
test('approved from many sides at once it is settled once and done once', async () => {
  const { id, approvalId, approval } = await asking(call('many'))
  const answers = await Promise.all([approvalId, approval.callId, approvalId, approvalId, approval.callId].map((one) => settle(daemon, one)))
  expect(answers.filter(({ settled }) => settled)).toHaveLength(1)
  expect(await ended(daemon, id)).toMatchObject({ status: 'completed', outputs: { text: 'many' } })
  expect(told('many')).toBe(1)
  expect(await settle(daemon, approvalId, 'reject')).toEqual({ settled: false })
  expect((await daemon.ask('GET', `/v1/approvals/${approvalId}`)).body).toMatchObject({ status: 'approved', settledBy: 'owner' })
})
test('rejected it never runs, ends as denied, and says why', async () => {
  const { id, approvalId } = await asking(call('no'))
  await settle(daemon, approvalId, 'reject', 'Not on a Sunday.')
  expect(await ended(daemon, id)).toMatchObject({ status: 'denied', outputs: null, errors: [{ code: 'rejected', message: 'Not on a Sunday.' }] })
  expect(await settle(daemon, approvalId)).toEqual({ settled: false })
  expect(await execute(daemon, { toolId: 'files.list', inputs: {} })).toMatchObject({ status: 'completed' })
  expect(told('no')).toBe(0)
})
test('cancelled while it waits it is cancelled, and its approval with it', async () => {
  const { id, approvalId } = await asking(call('cancelled'))
  expect((await daemon.ask('POST', `/v1/executions/${id}/cancel`)).body).toMatchObject({ status: 'cancelled', errors: [{ code: 'cancelled' }] })
  expect(await settle(daemon, approvalId)).toEqual({ settled: false })
  expect((await daemon.ask('GET', `/v1/approvals/${approvalId}`)).body.status).toBe('cancelled')
  expect(told('cancelled')).toBe(0)
})
test('a file that has changed since it was shown is not written, though the writing was approved', async () => {
  writeFileSync(at('moved.txt'), 'one\n')
  const { id, approvalId } = await asking(write('moved.txt', 'mine\n'))
  writeFileSync(at('moved.txt'), 'somebody else’s\n')
  await settle(daemon, approvalId)
  expect(await ended(daemon, id)).toMatchObject({ status: 'failed', errors: [{ code: 'changed', message: expect.stringContaining('changed') }] })
  expect(readFileSync(at('moved.txt'), 'utf8')).toBe('somebody else’s\n')
})
test('a tool that leads elsewhere since it was shown is not called, though the call was approved', async () => {
  const { id, approvalId } = await asking(call('led astray'))
  await using elsewhere = await createStandIn()
  await daemon.ask('PATCH', '/v1/apps/bench', { settings: { baseUrl: elsewhere.url } })
  await settle(daemon, approvalId)
  expect(await ended(daemon, id)).toMatchObject({ status: 'failed', errors: [{ code: 'changed' }] })
  await daemon.ask('PATCH', '/v1/apps/bench', { settings: { baseUrl: null } })
  expect([told('led astray'), elsewhere.requests.length]).toEqual([0, 0])
})
test.each<[string, () => unknown]>([
  ['is gone', () => writeManifest(daemon.apps, 'bench', benchApp(service.url, [{ ...benchApp(service.url).tools[0] }]))],
  [
    'takes other inputs',
    () =>
      writeManifest(
        daemon.apps,
        'bench',
        benchApp(service.url, [
          { ...benchApp(service.url).tools[1], inputs: { type: 'object', properties: { text: { type: 'string', maxLength: 1 } } } },
        ]),
      ),
  ],
  ['is off', () => daemon.ask('PATCH', '/v1/apps/bench', { enabled: false })],
])('a call that waits for a tool that %s after a restart ends, and its question with it', async (_, change) => {
  const { id, approvalId } = await asking(call('late change'))
  await change()
  daemon = await daemon.restart()
  expect(await ended(daemon, id)).toMatchObject({ status: 'failed', errors: [{ code: expect.stringMatching(/not_found|invalid/) }] })
  expect((await daemon.ask('GET', `/v1/approvals/${approvalId}`)).body).toMatchObject({
    status: 'cancelled',
    note: expect.stringContaining('bench.tell'),
  })
  expect(await settle(daemon, approvalId)).toEqual({ settled: false })
  expect(told('late change')).toBe(0)
  writeManifest(daemon.apps, 'bench', benchApp(service.url))
  await daemon.ask('PATCH', '/v1/apps/bench', { enabled: true })
  await until(async () => (await daemon.ask('GET', '/v1/apps/bench')).body.tools === 5)
})
test('a rule that forbids the call since it was asked beats the approval', async () => {
  const { id, approvalId } = await asking(call('forbidden since'))
  await daemon.client.permissions.add({ tool: 'bench.tell', action: 'deny', level: 'global' })
  await settle(daemon, approvalId)
  expect(await ended(daemon, id)).toMatchObject({ status: 'denied', errors: [{ code: 'denied' }] })
  expect(told('forbidden since')).toBe(0)
})
test('in a workflow each call asks for itself, what needs no person goes on meanwhile, and both answers count', async () => {
  const tell = (id: string, more: object = {}) => ({ id, ...call(id), ...more })
  await daemon.client.permissions.add({ tool: 'bench.put', action: 'allow', level: 'global' })
  const workflowId = await saved(daemon, [
    tell('one'),
    tell('two', { onError: 'continue' }),
    { id: 'free', toolId: 'bench.put', inputs: { text: 'free' } },
    tell('end', { dependsOn: ['one', 'two', 'free'] }),
  ])
  const { id } = await execute(daemon, { workflowId })
  const waiting = async () => (await daemon.ask('GET', `/v1/approvals?executionId=${id}`)).body.items as { id: string; input: { text: string } }[]
  await until(async () => (await waiting()).length === 2)
  await until(() => told('free') === 1)
  expect(await stepsOf(daemon, id)).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: 'one', status: 'waiting' }), expect.objectContaining({ id: 'free', status: 'completed' })]),
  )
  for (const one of await waiting()) await settle(daemon, one.id, one.input.text === 'one' ? 'approve' : 'reject')
  await until(async () => (await waiting()).some(({ input }) => input.text === 'end'))
  expect(await ended(daemon, id, 'waiting')).toMatchObject({ outputs: null })
  await settle(daemon, (await waiting())[0]!.id)
  expect(await ended(daemon, id)).toMatchObject({
    status: 'completed',
    outputs: { one: {}, free: {}, end: {} },
    errors: [{ stepId: 'two', code: 'rejected' }],
  })
  expect([told('one'), told('two'), told('end')]).toEqual([1, 0, 1])
})
test('an answer of no leads on where the workflow says so, and the next question waits like the first', async () => {
  const workflowId = await saved(daemon, [
    { id: 'one', ...call('refused one'), onError: 'continue' },
    { id: 'two', ...call('asked next'), dependsOn: ['one'] },
  ])
  const { id, approvalId } = await asking({ workflowId })
  await settle(daemon, approvalId, 'reject')
  const next = await until(async () => {
    const { approvalId: now } = (await daemon.ask('GET', `/v1/executions/${id}`)).body
    return now !== approvalId && now
  })
  expect(await daemon.ask('GET', `/v1/executions/${id}/outcome`)).toMatchObject({ status: 200, body: { status: 'waiting', approvalId: next } })
  await settle(daemon, next)
  expect(await ended(daemon, id)).toMatchObject({ status: 'completed', errors: [{ stepId: 'one', code: 'rejected' }] })
  expect([told('refused one'), told('asked next')]).toEqual([0, 1])
})
test('“always” writes a rule of the workspace: the next such call asks no more, another does', async () => {
  const { id, approval } = await asking(call('always'))
  expect(approval.suggested).toMatchObject({ tool: 'bench.tell', pattern: `${service.url}/tell` })
  expect((await daemon.ask('POST', `/v1/approvals/${approval.id}`, { decision: 'approve', scope: 'always' })).body).toEqual({ settled: true })
  expect(await ended(daemon, id)).toMatchObject({ status: 'completed' })
  expect(await execute(daemon, call('always again'))).toMatchObject({ status: 'completed' })
  expect(await execute(daemon, { toolId: 'bench.put', inputs: { text: 'x' } })).toMatchObject({ status: 'waiting' })
})
test('who may not decide cannot, who may not write rules cannot write them by deciding, and who decided is told', async () => {
  const { id, approvalId } = await asking(call('decided'))
  const none = await asToken(daemon, ['executions:*', 'approvals:read', 'bench:use'])
  expect((await none.ask('POST', `/v1/approvals/${approvalId}`, { decision: 'approve' })).status).toBe(403)
  expect((await none.ask('POST', `/v1/executions/approvals/${approvalId}`, { decision: 'approve' })).status).toBe(403)
  const decider = await asToken(daemon, ['approvals:*'])
  expect((await decider.ask('POST', `/v1/approvals/${approvalId}`, { decision: 'approve', scope: 'always' })).status).toBe(403)
  expect(told('decided')).toBe(0)
  expect((await decider.ask('POST', `/v1/approvals/${approvalId}`, { decision: 'approve' })).body).toEqual({ settled: true })
  await ended(daemon, id)
  expect((await daemon.ask('GET', `/v1/approvals/${approvalId}`)).body.settledBy).toBe(decider.id)
  expect(told('decided')).toBe(1)
})
test('an answer to nothing, or one that is none, is refused in words', async () => {
  const { id, approvalId } = await asking(call('odd'))
  expect((await daemon.ask('POST', '/v1/approvals/apr_none', { decision: 'approve' })).status).toBe(404)
  expect((await daemon.ask('GET', '/v1/approvals/apr_none')).status).toBe(404)
  for (const body of [{}, { decision: 'yes' }, { decision: 'approve', inputs: { text: 'other' } }, { decision: 'approve', scope: 'forever' }])
    expect((await daemon.ask('POST', `/v1/approvals/${approvalId}`, body)).status).toBe(400)
  expect((await historyOf(daemon))[0]).toMatchObject({ id, status: 'waiting' })
  expect(existsSync(at('odd'))).toBe(false)
})
test('left alone it expires, and never runs', async () => {
  const { id, approvalId, approval } = lonely
  expect(Date.parse(approval.expiresAt) - Date.parse(approval.createdAt)).toBe(6_000)
  expect(await ended(daemon, id)).toMatchObject({ status: 'denied', errors: [{ code: 'expired' }] })
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(approval.expiresAt))
  expect(await settle(daemon, approvalId)).toEqual({ settled: false })
  expect(existsSync(at('lonely.txt'))).toBe(false)
})
