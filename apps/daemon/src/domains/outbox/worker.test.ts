import { setImmediate as turn } from 'node:timers/promises'
import { until } from '@steward/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHome } from '../../../test/room-harness.ts'
import { createFakeClock, type FakeClock } from '../../../test/task-harness.ts'
import { agentsMigrations } from '../../migrations/agents.ts'
import { openStore, type Store } from '../../platform/storage/store.ts'
import { createOutboxStore, type OutboxStore } from './store.ts'
import { createOutbox, type Sent } from './worker.ts'

let agents: Store
let store: OutboxStore
let clock: FakeClock
let home: ReturnType<typeof createHome>
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  home = createHome()
  agents = await openStore(home.home, 'agents', agentsMigrations)
  store = createOutboxStore(agents.db)
  clock = createFakeClock('2026-03-01T00:00:00.000Z')
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await agents.close()
  home.dispose()
})
const put = (id: string, target = 'a') =>
  agents.log.commit(() => store.insert({ id, kind: 'k', target, subject: { id }, payload: { id }, createdAt: new Date(clock.now()).toISOString() }))
function begin(answer: (id: string, target: string, signal: AbortSignal) => Promise<Sent>) {
  const tried: [id: string, at: number][] = []
  const gaveUp: string[] = []
  const sender = {
    send(letter: { id: string; target: string }, signal: AbortSignal) {
      tried.push([letter.id, clock.now()])
      return answer(letter.id, letter.target, signal)
    },
    gaveUp: (_emit: unknown, { id }: { id: string }) => void gaveUp.push(id),
  }
  const worker = createOutbox(store, { log: agents.log, clock, senders: { k: sender }, report: (error) => expect.fail(String(error)) })
  closing.push(() => worker.stop())
  worker.begin()
  return { worker, tried, gaveUp }
}
const statusOf = (id: string) => store.find(id)?.status
test('a letter that fails is tried eight times, each pause longer, and then given up and told', async () => {
  put('dlv_1')
  const start = clock.now()
  const { tried, gaveUp } = begin(async () => ({ ok: false, error: 'It is down.' }))
  while (statusOf('dlv_1') === 'waiting') {
    const next = Date.parse(store.find('dlv_1')?.nextAt ?? '')
    if (!clock.ring(next)) await turn()
  }
  expect(tried.map(([, at]) => (at - start) / 1_000)).toEqual([0, 5, 35, 335, 2_135, 9_335, 27_335, 63_335])
  expect(store.find('dlv_1')).toMatchObject({ status: 'failed', attempts: 8, error: 'It is down.', nextAt: null })
  expect(gaveUp).toEqual(['dlv_1'])
})
test('a target that never answers holds no other up', async () => {
  for (let n = 0; n < 50; n++) put(`dlv_dead${n}`, 'dead')
  for (let n = 0; n < 50; n++) put(`dlv_live${n}`, 'live')
  const hang = (signal: AbortSignal) =>
    new Promise<Sent>((resolve) => signal.addEventListener('abort', () => resolve({ ok: false, error: 'aborted' })))
  const { tried } = begin((_id, target, signal) => (target === 'dead' ? hang(signal) : Promise.resolve({ ok: true })))
  await until(async () => store.list('live', 'delivered', Number.MAX_SAFE_INTEGER, 100).length === 50)
  expect(tried.filter(([id]) => id.startsWith('dlv_dead'))).toHaveLength(2)
})
test('what is refused for good is not tried again, what was dropped is not sent, and all waits where nothing sends', async () => {
  put('dlv_refused')
  put('dlv_dropped', 'b')
  agents.log.commit(() => store.drop('b', new Date(clock.now()).toISOString()))
  const { tried, gaveUp } = begin(async () => ({ ok: false, error: 'Never.', final: true }))
  await until(async () => statusOf('dlv_refused') === 'failed')
  expect(tried.map(([id]) => id)).toEqual(['dlv_refused'])
  expect(gaveUp).toEqual(['dlv_refused'])
  expect(statusOf('dlv_dropped')).toBe('cancelled')
})
test('what was being sent when the daemon stopped is sent again by the next one, under the same id', async () => {
  put('dlv_1')
  const first = begin(
    (_id, _target, signal) => new Promise<Sent>((resolve) => signal.addEventListener('abort', () => resolve({ ok: false, error: 'x' }))),
  )
  await until(async () => first.tried.length === 1)
  await first.worker.stop()
  expect(store.find('dlv_1')).toMatchObject({ status: 'waiting', attempts: 1 })
  const second = begin(async () => ({ ok: true }))
  await until(async () => statusOf('dlv_1') === 'delivered')
  expect(second.tried.map(([id]) => id)).toEqual(['dlv_1'])
  expect(store.find('dlv_1')?.attempts).toBe(2)
})
test('more than five thousand for one target are given up at once, and others are not hindered', () => {
  agents.log.commit(() => {
    for (let n = 0; n <= 5_000; n++)
      store.insert({ id: `dlv_${n}`, kind: 'k', target: 'full', subject: {}, payload: {}, createdAt: '2026-03-01T00:00:00.000Z' })
  })
  put('dlv_other', 'other')
  expect([statusOf('dlv_4999'), statusOf('dlv_5000'), statusOf('dlv_other')]).toEqual(['waiting', 'failed', 'waiting'])
})
