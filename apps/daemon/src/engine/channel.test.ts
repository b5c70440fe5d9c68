import { expect, test } from 'vitest'
import { ChannelClosed, createChannel } from './channel.ts'
import { settle } from './fakes.ts'

test('a writer goes on only when the reader has come back for the next value', async () => {
  const channel = createChannel<number>()
  const log: string[] = []
  const writer = channel.put(1).then(() => log.push('on'))
  const reader = channel[Symbol.asyncIterator]()
  expect(await reader.next()).toEqual({ value: 1, done: false })
  await settle()
  expect(log).toEqual([])
  const next = reader.next()
  await writer
  channel.close()
  expect(await next).toEqual({ value: undefined, done: true })
  expect(log).toEqual(['on'])
})

test('values put before the end arrive, later ones are refused', async () => {
  const channel = createChannel<number>()
  const both = Promise.all([channel.put(1), channel.put(2)])
  channel.close()
  await expect(channel.put(3)).rejects.toBeInstanceOf(ChannelClosed)
  const got: number[] = []
  for await (const value of channel) got.push(value)
  await both
  expect(got).toEqual([1, 2])
})

test('writers are told when the reader leaves, the one whose value it holds too', async () => {
  const channel = createChannel<number>()
  const outcomes = Promise.allSettled([channel.put(1), channel.put(2)])
  for await (const value of channel) if (value === 1) break
  expect((await outcomes).map((one) => one.status)).toEqual(['rejected', 'rejected'])
})

test('an error given at the end reaches the reader after the values before it', async () => {
  const channel = createChannel<number>()
  const put = channel.put(1)
  channel.close(new Error('broken'))
  const reader = channel[Symbol.asyncIterator]()
  expect((await reader.next()).value).toBe(1)
  await expect(reader.next()).rejects.toThrow('broken')
  await put
})
