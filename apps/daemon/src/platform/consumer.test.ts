import { expect, test } from 'vitest'
import { createRoomHarness } from '../../test/room-harness.ts'
import { createConsumer } from './consumer.ts'

test('a reader that fails says so, tries the same batch again and misses nothing', async () => {
  const rooms = await createRoomHarness()
  const seen: number[] = []
  const errors: unknown[] = []
  let saved = 0
  const consumer = createConsumer({
    log: rooms.logs.settings,
    saved: () => saved,
    work(batch) {
      if (errors.length === 0) throw new Error('the disk is full')
      for (const { seq } of batch) seen.push(seq)
      saved = batch.at(-1)?.seq ?? saved
    },
    report: (error) => errors.push(error),
  })
  await rooms.ask('settings.set', { key: 'runs.steps', value: 5 })
  consumer.start()
  await consumer.caughtUp()
  await rooms.ask('settings.set', { key: 'runs.steps', value: 6 })
  await consumer.caughtUp()
  expect(errors).toHaveLength(1)
  expect(seen).toEqual([1, 2, 3, 4])
  await consumer.close()
  await rooms.close()
})
test('a reader that is closed lets go of those who wait for it', async () => {
  const rooms = await createRoomHarness()
  const consumer = createConsumer({
    log: rooms.logs.settings,
    saved: () => 0,
    work: () => {
      throw new Error('never')
    },
    report: () => undefined,
  })
  await rooms.ask('settings.set', { key: 'runs.steps', value: 5 })
  consumer.start()
  const waiting = consumer.caughtUp()
  await consumer.close()
  await expect(waiting).resolves.toBeUndefined()
  await rooms.close()
})
