/** Row 13: the events of executions, over every door that streams. */
import { randomUUID } from 'node:crypto'
import type { StreamItem } from '@steward/contract'
import type { Client } from '@steward/client'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { clientOf, readUntil, type StreamDoor } from '../reader.ts'
import { asToken, createStandIn, ended, execute, historyOf, saved, settle, startBench, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
/** A cursor from before everything that the tests do. */
let start: string
interface Heard {
  readonly name: string
  readonly seq: number
  readonly data: any
}
const doors: readonly StreamDoor[] = ['sse', 'websocket', 'ipc']
const names = ['execution.started', 'execution.progress', 'execution.completed', 'execution.failed']
const isLast = ({ name }: Heard) => name === 'execution.completed' || name === 'execution.failed'
const eventIn = (item: StreamItem): Heard | undefined => ('event' in item ? (item.event as Heard) : undefined)

beforeAll(async () => {
  service = await createStandIn(({ body }) => (body?.text === 'fail' ? new Response('no', { status: 500 }) : { text: body?.text }))
  daemon = await startBench(service)
  const stop = new AbortController()
  let cursor: string | undefined
  const reading = readUntil(daemon.client.follow({ names }, stop.signal), (item) => {
    const event = eventIn(item)
    if (event && isLast(event)) cursor = (item as { cursor?: string }).cursor
    return cursor !== undefined
  })
  await until(async () => {
    await execute(daemon, { toolId: 'files.list', inputs: {} })
    return cursor
  })
  await reading
  stop.abort()
  start = cursor ?? ''
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
/** What is told of one execution from the cursor on, to its end. */
async function told(
  client: Client,
  id: string,
  more: Partial<{ end: (heard: Heard) => boolean; items: AsyncIterable<StreamItem> }> = {},
): Promise<Heard[]> {
  const stop = new AbortController()
  const heard: Heard[] = []
  const { end = isLast, items = client.follow({ names, after: start }, stop.signal) } = more
  await readUntil(items, (item) => {
    const event = eventIn(item)
    if (event?.data.executionId !== id) return false
    heard.push(event)
    return end(event)
  })
  stop.abort()
  return heard
}
const over = async (door: StreamDoor, id: string) => {
  const client = clientOf(door, daemon)
  const heard = await told(client, id)
  await client.close()
  return heard
}
const tell = (id: string, text = id, more: object = {}) => ({ id, toolId: 'bench.tell', inputs: { text }, ...more })
const nameAndStep = ({ name, data }: Heard) => [name, data.step?.id ?? null, data.step?.status ?? data.status]

describe.each(doors)('over %s', (door) => {
  test('a workflow is told from its start, step by step, to its one end, under the id that the history has', async () => {
    const workflowId = await saved(daemon, [tell('a'), tell('b', '{{steps.a.outputs.text}}')])
    const client = clientOf(door, daemon)
    const { id } = await client.executions.start({ workflowId, waitMs: 0 })
    const heard = await told(client, id!)
    await client.close()
    expect(heard.map(nameAndStep)).toEqual([
      ['execution.started', null, 'queued'],
      ['execution.progress', 'a', 'started'],
      ['execution.progress', 'a', 'completed'],
      ['execution.progress', 'b', 'started'],
      ['execution.progress', 'b', 'completed'],
      ['execution.completed', null, 'completed'],
    ])
    expect(heard[0]!.data).toMatchObject({ executionId: id, workflowId, planId: null, toolId: null, caller: 'owner' })
    expect(heard.at(-1)!.data.outputs).toEqual({ a: { text: 'a' }, b: { text: 'a' } })
    const seqs = heard.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.toSorted((one, other) => one - other))
    expect((await historyOf(daemon))[0]).toMatchObject({ id, status: 'completed', outputs: heard.at(-1)!.data.outputs })
  })
  test('a failure is told once, as failed, with its step and its error', async () => {
    const workflowId = await saved(daemon, [tell('a'), tell('b', 'fail', { dependsOn: ['a'], retry: { max: 1, backoffMs: 1 } })])
    const { id } = await execute(daemon, { workflowId })
    const heard = await over(door, id)
    expect(heard.map(nameAndStep)).toEqual([
      ['execution.started', null, 'queued'],
      ['execution.progress', 'a', 'started'],
      ['execution.progress', 'a', 'completed'],
      ['execution.progress', 'b', 'started'],
      ['execution.progress', 'b', 'retrying'],
      ['execution.progress', 'b', 'started'],
      ['execution.progress', 'b', 'failed'],
      ['execution.failed', null, 'failed'],
    ])
    expect(heard.at(-1)!.data).toMatchObject({ errors: [{ stepId: 'b' }], outputs: { a: { text: 'a' } } })
  })
  test('a call that is refused is told too: it starts and fails at once', async () => {
    await daemon.ask('POST', '/v1/execute', { toolId: 'bench.tell', inputs: {} })
    const [{ id }] = await historyOf(daemon)
    expect((await over(door, id)).map(nameAndStep)).toEqual([
      ['execution.started', null, 'failed'],
      ['execution.failed', null, 'failed'],
    ])
  })
})
test('all doors tell the same, again and again from the same cursor, and after a restart', async () => {
  const { id } = await execute(daemon, { toolId: 'bench.tell', inputs: { text: 'replay' } })
  const first = await over('sse', id)
  expect(first.map(({ name }) => name)).toEqual(['execution.started', 'execution.progress', 'execution.progress', 'execution.completed'])
  for (const door of doors) expect(await over(door, id)).toEqual(first)
  daemon = await daemon.restart()
  for (const door of doors) expect(await over(door, id)).toEqual(first)
})
test('waiting for a person and going on is told, with the approval to settle; each approval once', async () => {
  const { id: ruleId } = await daemon.client.permissions.add({ tool: 'bench.put', action: 'ask', level: 'global' })
  const { id, approvalId } = await execute(daemon, { toolId: 'bench.put', inputs: { text: 'x' } })
  await settle(daemon, approvalId)
  await ended(daemon, id)
  await daemon.client.permissions.remove({ id: ruleId })
  const heard = await over('websocket', id)
  expect(heard.map(({ name, data }) => [name, data.step?.status ?? data.status, data.approvalId ?? null])).toEqual([
    ['execution.started', 'queued', null],
    ['execution.progress', 'waiting', approvalId],
    ['execution.progress', 'waiting', approvalId],
    ['execution.progress', 'running', null],
    ['execution.progress', 'started', null],
    ['execution.progress', 'completed', null],
    ['execution.completed', 'completed', null],
  ])
  expect(heard.map(({ data }) => data.step?.id ?? null)).toEqual([null, 'call', null, null, 'call', 'call', null])
  const { items } = await daemon.client.events.list({ log: 'agents', limit: 200 })
  const approvals = items.filter(({ name, data }) => name.startsWith('approval.') && JSON.stringify(data).includes(approvalId))
  expect(approvals.map(({ name }) => name)).toEqual(['approval.asked', 'approval.settled'])
})
test('a cancelled execution ends as failed with that status, once', async () => {
  const workflowId = await saved(daemon, [{ id: 'nap', toolId: 'bench.sleep', inputs: { seconds: 60 } }, tell('b', 'b', { dependsOn: ['nap'] })])
  const { id } = await execute(daemon, { workflowId, waitMs: 0 })
  await ended(daemon, id, 'running')
  await daemon.client.executions.cancel({ id })
  const heard = await over('sse', id)
  expect(heard.at(-1)).toMatchObject({ name: 'execution.failed', data: { status: 'cancelled' } })
  expect(heard.filter(isLast)).toHaveLength(1)
})
test('what is told at the time of the call is what is read later: every execution has one start and at most one end', async () => {
  await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      execute(daemon, { toolId: at % 3 === 0 ? 'files.list' : 'bench.tell', inputs: at % 3 === 0 ? {} : { text: at % 3 === 1 ? 'x' : 'fail' } }),
    ),
  )
  const { id } = await execute(daemon, { toolId: 'files.list', inputs: {} })
  const stop = new AbortController()
  const heard: Heard[] = []
  await readUntil(daemon.client.follow({ names, after: start }, stop.signal), (item) => {
    const event = eventIn(item)
    if (event) heard.push(event)
    return event !== undefined && event.data.executionId === id && isLast(event)
  })
  stop.abort()
  const history = (await historyOf(daemon, '?limit=200')).filter(({ id: one }) => heard.some(({ data }) => data.executionId === one))
  expect(history.length).toBeGreaterThan(12)
  for (const { id: one, status } of history) {
    const mine = heard.filter(({ data }) => data.executionId === one)
    expect(mine.filter(({ name }) => name === 'execution.started')).toHaveLength(1)
    expect(mine.filter(isLast).map(({ data }) => data.status)).toEqual([status])
    expect(mine[0]!.name).toBe('execution.started')
    expect(isLast(mine.at(-1)!)).toBe(true)
  }
})
test('a reader without a credential, with a wrong one or without the scope is refused on each door', async () => {
  const weak = await asToken(daemon, ['history:read', 'executions:*'])
  for (const [headers, status] of [
    [{ authorization: '' }, 401],
    [{ authorization: `Bearer ${randomUUID()}` }, 401],
    [{ authorization: `Bearer ${weak.secret}` }, 403],
  ] as const) {
    const response = await daemon.fetch('/v1/events', { headers })
    expect(response.status).toBe(status)
    await response.body?.cancel()
  }
  const upgraded = (protocols: string[]) =>
    new Promise<boolean>((resolve) => {
      const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/ws`, protocols)
      socket.addEventListener('open', () => {
        socket.close()
        resolve(true)
      })
      socket.addEventListener('error', () => resolve(false))
    })
  expect(await upgraded(['steward.v1', `bearer.${daemon.token}`])).toBe(true)
  expect(await upgraded(['steward.v1'])).toBe(false)
  expect(await upgraded(['steward.v1', `bearer.${randomUUID()}`])).toBe(false)
  for (const door of doors) {
    const wrong = clientOf(door, { ...daemon, token: randomUUID() })
    const refused = readUntil(wrong.follow({ names, after: start }), () => true)
    await expect(refused).rejects.toThrow(/credential|token|unauthenticated|401/i)
    await wrong.close()
  }
})
test('a cursor of another data folder leads to a word that it counts no more, not to wrong events', async () => {
  await using other = await startDaemon({ manifests: {} })
  const stop = new AbortController()
  const items: StreamItem[] = []
  await readUntil(other.client.follow({ names, after: start }, stop.signal), (item) => items.push(item) > 0)
  stop.abort()
  expect(items[0]).toHaveProperty('reset')
})
