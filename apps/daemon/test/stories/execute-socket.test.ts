import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

type Frame = Record<string, any>
let daemon: TestDaemon
beforeAll(async () => {
  daemon = await startDaemon({ turns: () => ({ text: ['Hel', 'lo.'] }) })
  writeFileSync(path.join(daemon.workspace, 'a.txt'), 'the words of a\n')
  await daemon.client.settings.set({ key: 'models.default', value: model })
})
afterAll(() => daemon[Symbol.asyncDispose]())

/** Opens a socket and says its first frame. */
async function open(first: unknown, { at = '/v1/execute', token = daemon.token } = {}) {
  const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}${at}`, ['steward.v1', `bearer.${token}`])
  const heard: Frame[] = []
  const listeners = new Set<() => void>()
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  socket.addEventListener('message', ({ data }) => {
    heard.push(JSON.parse(data as string) as Frame)
    for (const wake of listeners) wake()
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const say = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  say(first)
  return {
    socket,
    say,
    heard,
    closed,
    events: () => heard.flatMap((frame) => (frame['id'] === 0 && frame['event'] ? [frame['event'] as Frame] : [])),
    /** The first frame that fits, now or later. */
    async until(fits: (frame: Frame) => boolean): Promise<Frame> {
      for (;;) {
        const found = heard.find(fits)
        if (found) return found
        await new Promise<void>((resolve) => listeners.add(resolve))
      }
    },
  }
}
const names = (events: Frame[]) => events.map(({ name }) => name as string)
const waits = (frame: Frame) => frame['event']?.data.approvalId !== undefined && frame['event'].data.approvalId !== null
const writing = (name: string) => ({ toolId: 'files.write', inputs: { path: name, content: 'hi\n' } })

test('a first frame starts an execution: its answer, its events from the first to the last, then the end', async () => {
  const peer = await open({ toolId: 'files.read', inputs: { path: 'a.txt' } })
  expect(await peer.closed).toBe(1000)
  const id = peer.heard[0]!['ok'].id as string
  expect(peer.heard[0]).toEqual({ id: 0, ok: { id: expect.stringMatching(/^exe_/), status: expect.any(String) } })
  const events = peer.events()
  expect(names(events)[0]).toBe('execution.started')
  expect(names(events).at(-1)).toBe('execution.completed')
  expect(events.every(({ data }) => data.executionId === id)).toBe(true)
  expect(JSON.stringify(events.at(-1)!.data.outputs)).toContain('the words of a')
  expect(peer.heard.slice(1).every(({ cursor }) => typeof cursor === 'string')).toBe(true)
  expect(await daemon.client.executions.get({ id })).toMatchObject({ status: 'completed' })
})
test('a call that waits is settled by a frame of the same socket, which tells how it went on', async () => {
  const peer = await open(writing('settled.txt'))
  const { approvalId } = (await peer.until(waits))['event'].data
  expect(existsSync(path.join(daemon.workspace, 'settled.txt'))).toBe(false)
  peer.say({ id: 1, op: 'approvals.settle', input: { id: approvalId, decision: 'approve' } })
  expect(await peer.closed).toBe(1000)
  expect(peer.heard).toContainEqual({ id: 1, ok: { settled: true } })
  expect(names(peer.events()).at(-1)).toBe('execution.completed')
  expect(existsSync(path.join(daemon.workspace, 'settled.txt'))).toBe(true)
})
test('an execution that is cancelled over its socket ends as failed with that status', async () => {
  const peer = await open(writing('cancelled.txt'))
  await peer.until(waits)
  peer.say({ id: 1, op: 'executions.cancel', input: { id: peer.heard[0]!['ok'].id } })
  expect(await peer.closed).toBe(1000)
  expect(peer.events().at(-1)).toMatchObject({ name: 'execution.failed', data: { status: 'cancelled' } })
})
test('a client that goes away stops nothing', async () => {
  const peer = await open(writing('left.txt'))
  const { approvalId } = (await peer.until(waits))['event'].data
  const id = peer.heard[0]!['ok'].id as string
  peer.socket.close()
  await peer.closed
  expect(await daemon.client.executions.get({ id })).toMatchObject({ status: 'waiting' })
  await daemon.client.approvals.settle({ id: approvalId, decision: 'approve' })
  await expect.poll(async () => (await daemon.client.executions.wait({ id, waitMs: 5_000 })).status).toBe('completed')
})
test('a plan is executed; executed again it gives its first result and ends at once', async () => {
  const { plan } = await daemon.client.plans.create({ text: 'read the file a.txt' })
  const first = await open({ planId: plan.id })
  expect(await first.closed).toBe(1000)
  expect(names(first.events()).at(-1)).toBe('execution.completed')
  const again = await open({ planId: plan.id })
  expect(await again.closed).toBe(1000)
  expect(again.heard).toEqual([{ id: 0, ok: { id: first.heard[0]!['ok'].id, status: 'completed' } }])
})
test('a dry run tells what would be done, and nothing follows', async () => {
  const peer = await open({ ...writing('dry.txt'), dryRun: true })
  expect(await peer.closed).toBe(1000)
  expect(peer.heard).toEqual([{ id: 0, ok: expect.objectContaining({ id: null, dryRun: [expect.objectContaining({ toolId: 'files.write' })] }) }])
})
test.each<[string, unknown, number, string]>([
  ['names nothing to begin', {}, 4400, 'invalid'],
  ['is no JSON', 'nonsense', 4400, 'invalid'],
  ['is a list', [], 4400, 'invalid'],
  ['has an id of its own', { id: 1, toolId: 'files.read', inputs: { path: 'a.txt' } }, 4400, 'invalid'],
  ['asks for a run and a tool', { text: 'hello', toolId: 'files.read' }, 4400, 'invalid'],
  ['asks for an agent in a session that has one', { text: 'hello', sessionId: 'ses_x', agentId: 'agt_x' }, 4400, 'invalid'],
  ['names an unknown session', { text: 'hello', sessionId: 'ses_x' }, 4404, 'not_found'],
  ['names an unknown plan', { planId: 'plan_x' }, 4404, 'not_found'],
  ['names an unknown tool', { toolId: 'files.nothing', inputs: {} }, 4404, 'not_found'],
  ['does not fit the tool', { toolId: 'files.read', inputs: { nothing: 1 } }, 4422, 'unprocessable'],
])('a first frame that %s is refused, and the close code says how', async (_what, first, code, fault) => {
  const peer = await open(first)
  expect(await peer.closed).toBe(code)
  expect(peer.heard).toEqual([{ id: 0, fault: expect.objectContaining({ code: fault, message: expect.any(String), requestId: expect.any(String) }) }])
})
test('whoever may start executions sees theirs, without the right to read every event; whoever may not gets 4403', async () => {
  const { secret } = await daemon.client.tokens.create({ name: 'Starter', scopes: ['executions:write', 'files:read'] })
  const peer = await open({ toolId: 'files.read', inputs: { path: 'a.txt' } }, { token: secret })
  expect(await peer.closed).toBe(1000)
  expect(names(peer.events()).at(-1)).toBe('execution.completed')
  const { secret: reader } = await daemon.client.tokens.create({ name: 'Reader', scopes: ['*:read'] })
  for (const first of [{ toolId: 'files.read', inputs: { path: 'a.txt' } }, { text: 'hello' }])
    expect(await (await open(first, { token: reader })).closed).toBe(4403)
  const { secret: writer } = await daemon.client.tokens.create({ name: 'Writer', scopes: ['sessions:write'] })
  const before = (await daemon.client.sessions.list({})).items.length
  expect(await (await open({ text: 'hello' }, { token: writer })).closed).toBe(4403)
  expect((await daemon.client.sessions.list({})).items).toHaveLength(before)
})
test('a text starts a run in a new session or a known one, and only that run is told', async () => {
  const other = await daemon.client.sessions.create({ model })
  const noise = daemon.say(other.id, 'something else')
  const peer = await open({ text: 'hello' })
  expect(await peer.closed).toBe(1000)
  const { id: runId, sessionId } = peer.heard[0]!['ok'] as { id: string; sessionId: string }
  expect(peer.heard[0]).toEqual({ id: 0, ok: { id: expect.stringMatching(/^run_/), sessionId: expect.stringMatching(/^ses_/), status: 'queued' } })
  const rest = peer.heard.slice(1).filter((frame) => frame['beat'] === undefined)
  expect(rest.every((frame) => (frame['event'] ?? frame['flash']).runId === runId)).toBe(true)
  expect(rest.some((frame) => frame['flash']?.name === 'token')).toBe(true)
  expect(rest.find((frame) => frame['event']?.name === 'message.final')?.['event'].data.text).toBe('Hello.')
  expect(peer.events().at(-1)).toMatchObject({ name: 'status', data: { status: 'completed' } })
  await noise
  const again = await open({ text: 'and again', sessionId })
  expect(await again.closed).toBe(1000)
  expect(again.heard[0]!['ok']).toMatchObject({ sessionId, id: expect.not.stringMatching(runId) })
  expect(names(again.events())).not.toContain('session.created')
})
test('its other names upgrade too, and without an upgrade it says which methods it takes', async () => {
  for (const at of ['/execute', '/api/execute', '/api/v1/execute'])
    expect(await (await open({ toolId: 'files.read', inputs: { path: 'a.txt' } }, { at })).closed).toBe(1000)
  for (const at of ['/v1/execute', '/execute', '/api/execute'])
    expect(await daemon.ask('GET', at)).toMatchObject({ status: 404, body: { error: { code: 'not_found', details: { allowed: ['POST'] } } } })
})
