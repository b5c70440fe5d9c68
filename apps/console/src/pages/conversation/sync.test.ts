import type { StreamItem } from '@steward/contract'
import type { Message } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { createConversation } from './store.ts'
import { createSync, type Connection } from './sync.ts'

const message = (position: number): Message => ({
  id: `msg_${position}`,
  sessionId: 'ses_a',
  runId: null,
  position,
  role: 'user',
  status: 'final',
  text: `text ${position}`,
  reasoning: null,
  model: null,
  attachments: [],
  toolCalls: [],
  origin: null,
  synthetic: false,
  createdAt: new Date(position * 1000).toISOString(),
})
/** A daemon that holds `count` messages, answers when it is told to, and speaks when it is told to. */
function daemon(count: number) {
  const all = Array.from({ length: count }, (_, index) => message(index + 1))
  let say: (item: StreamItem) => void = () => undefined
  let gate: Promise<void> = Promise.resolve()
  const asked: string[] = []
  const lists = (input: { from?: string; limit: number; order?: string }) => {
    const at = input.from === undefined ? all.length - 1 : all.findIndex(({ id }) => id === input.from)
    if (at === -1) throw new Error('There is no such message.')
    const oldest = input.order === 'oldest'
    const items = oldest ? all.slice(at, at + input.limit) : all.slice(Math.max(0, at + 1 - input.limit), at + 1)
    const isWhole = oldest ? at + input.limit >= all.length : at + 1 - input.limit <= 0
    return { items, nextCursor: isWhole ? null : 'more' }
  }
  const connection: Connection = {
    async call(name, input) {
      asked.push(name)
      const answer = name === 'messages.list' ? lists(input as never) : { items: [], nextCursor: null }
      await gate
      return answer as never
    },
    listen(listener) {
      say = listener
      return () => void (say = () => undefined)
    },
  }
  return {
    connection,
    asked,
    all,
    say: (item: StreamItem) => say(item),
    created: (one: Message): StreamItem => ({
      event: { seq: 1, id: 'evt', name: 'message.created', at: one.createdAt, sessionId: 'ses_a', data: { message: one } },
      cursor: '1',
    }),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
  }
}
const opened = (host: ReturnType<typeof daemon>) => {
  const store = createConversation('ses_a', { soon: (deed) => deed(), onGap: () => undefined })
  const faults: unknown[] = []
  return { store, faults, sync: createSync(store, host.connection, (error) => faults.push(error)) }
}

test('what happens between listening and the page is there once', async () => {
  const host = daemon(3)
  const { store, sync } = opened(host)
  const go = host.hold()
  const opening = sync.open(undefined)
  host.say(host.created(message(3)))
  host.say(host.created(message(4)))
  expect(store.rows().keys).toEqual([])
  go()
  await opening
  expect(store.rows().keys).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4'])
})
test('a reset reads the newest page again, and news that come meanwhile are not lost', async () => {
  const host = daemon(2)
  const { store, sync } = opened(host)
  await sync.open(undefined)
  host.all.push(message(3))
  const go = host.hold()
  host.say({ reset: '' })
  host.say(host.created(message(4)))
  go()
  await expect.poll(() => store.rows().keys).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4'])
})
test('a long session is read page by page, and a message far back with what is around it', async () => {
  const host = daemon(1_000)
  const { store, sync } = opened(host)
  await sync.open(undefined)
  expect(store.rows()).toMatchObject({ hasOlder: true, hasNewer: false })
  expect(store.rows().keys).toHaveLength(60)
  await Promise.all([sync.more('older'), sync.more('older')])
  expect(store.rows().keys[0]).toBe('msg_842')
  await sync.goTo('msg_100')
  expect(store.rows()).toMatchObject({ hasOlder: true, hasNewer: true })
  expect(store.rows().keys).toContain('msg_100')
  await sync.more('newer')
  expect(store.rows().keys.at(-1)).toBe('msg_228')
  await sync.toLive()
  expect(store.rows().keys.at(-1)).toBe('msg_1000')
  await expect(sync.goTo('msg_none')).rejects.toThrow('no such message')
})
