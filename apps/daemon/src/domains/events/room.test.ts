import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRoomHarness, type RoomHarness } from '../../../test/room-harness.ts'

let rooms: RoomHarness
beforeEach(async () => void (rooms = await createRoomHarness()))
afterEach(() => rooms.close())

test('the events of a log come in pages, oldest first, of one session when it is named', async () => {
  for (let n = 0; n < 5; n++)
    rooms.logs.chat.commit((emit) => emit('session.renamed', { title: `t${n}` }, { sessionId: n % 2 === 0 ? 'ses_a' : 'ses_b' }))
  await rooms.logs.chat.durable()
  const first = await rooms.ask('events.list', { limit: 3 })
  const second = await rooms.ask('events.list', { limit: 3, cursor: first.nextCursor ?? '' })
  expect([...first.items, ...second.items].map(({ data }) => (data as { title: string }).title)).toEqual(['t0', 't1', 't2', 't3', 't4'])
  expect(second.nextCursor).toBeNull()
  const mine = await rooms.ask('events.list', { sessionId: 'ses_b' })
  expect(mine.items.map(({ sessionId }) => sessionId)).toEqual(['ses_b', 'ses_b'])
  expect(await rooms.refusal('events.list', { cursor: 'x' })).toMatchObject({ code: 'invalid' })
})
