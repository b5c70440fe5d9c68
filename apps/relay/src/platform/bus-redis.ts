import { createReaders, type Bus } from './bus.ts'
import { readFrame, writeFrame } from './bus-frame.ts'
import { createQuietReport } from './quiet-report.ts'
import { openRedis, redisPrefix, type Redis } from './redis.ts'

export interface RedisBusOptions {
  readonly url: string
  /** This node's id: 1..255 characters of latin1, different on every node. */
  readonly node: string
  readonly report: (error: unknown) => void
}
/** So many bytes may be on their way to Redis; what comes beyond is dropped. */
const mostUnderWay = 32 * 1024 * 1024
/** So long the start waits for Redis before it goes on without. */
const startWaitMs = 3_000

/**
 * The bus of a relay with many nodes, over Redis pub/sub: one channel that all read and one for each node. Resolves when the node hears the others, or after
 * 3 s without Redis, reported: hints are dropped until it is there. `onReconnect` rings each time the way opens after that.
 */
export async function createRedisBus<S extends object>({ url, node, report }: RedisBusOptions): Promise<Bus<S>> {
  const [sender, listener] = await Promise.all([openRedis({ url, purpose: 'bus-out', report }), openRedis({ url, purpose: 'bus-in', report })])
  const prefix = `${redisPrefix(listener)}bus:`
  const { on, onReconnect, hears, deliver, ringReconnected } = createReaders<S>(report)
  const unread = createQuietReport(report, (times) => `${times} hints of another version of the relay were not read.`)
  const unsent = createQuietReport(report, (times) => `${times} hints could not be written and were dropped.`)
  let underWay = 0
  let dropped = 0

  const put = (channel: string, topic: string, payload: unknown): void => {
    if (sender.status !== 'ready' || underWay >= mostUnderWay) return void dropped++
    let frame: Buffer
    try {
      frame = writeFrame(node, topic, payload)
    } catch (error) {
      dropped++
      return unsent(error)
    }
    underWay += frame.length
    sender
      .publish(channel, frame)
      .catch(() => dropped++)
      .finally(() => (underWay -= frame.length))
  }
  listener.on('messageBuffer', (_channel: Buffer, bytes: Buffer) => {
    try {
      const frame = readFrame(bytes)
      if (frame.from !== node && hears(frame.topic)) deliver(frame.topic, frame.payload(), frame.from)
    } catch (error) {
      unread(error)
    }
  })
  const way = watchWay({ sender, listener, channels: [`${prefix}all`, `${prefix}node:${node}`], report, onOpen: ringReconnected })
  await way.firstOpen(startWaitMs)
  return {
    node,
    clustered: true,
    publish: (topic, payload) => put(`${prefix}all`, topic, payload),
    send(to, topic, payload) {
      if (to === node) queueMicrotask(() => deliver(topic, payload, node))
      else put(`${prefix}node:${to}`, topic, payload)
    },
    on,
    onReconnect,
    connected: way.isOpen,
    dropped: () => dropped,
    async close() {
      sender.disconnect()
      listener.disconnect()
    },
  }
}
/** How many nodes hear this bus. */
export const nodesOf = async (redis: Redis): Promise<number> => {
  const channels = (await redis.pubsub('CHANNELS', `${redisPrefix(redis)}bus:node:*`)) as string[]
  return channels.length
}
/** Tells all nodes from outside; resolves when Redis has it. */
export async function tellNodes<S extends object, T extends keyof S & string>(redis: Redis, topic: T, payload: S[T]): Promise<void> {
  await redis.publish(`${redisPrefix(redis)}bus:all`, writeFrame('operator', topic, payload))
}
interface Way {
  readonly sender: Redis
  readonly listener: Redis
  readonly channels: string[]
  readonly report: (error: unknown) => void
  readonly onOpen: () => void
}
/** The way is open while both connections are there and Redis has confirmed the channels. */
function watchWay({ sender, listener, channels, report, onOpen }: Way) {
  let listening = false
  let open = false
  const first = Promise.withResolvers<void>()
  let started = false
  const look = (): void => {
    const isOpen = listening && sender.status === 'ready'
    if (isOpen === open) return
    open = isOpen
    if (!open) return
    if (started) onOpen()
    first.resolve()
  }
  const listen = async (): Promise<void> => {
    try {
      await listener.subscribe(...channels)
      listening = true
      look()
    } catch (error) {
      // Where the connection broke, that has been told, and it comes back by itself.
      if (listener.status !== 'ready') return
      report(error)
      listener.disconnect(true)
    }
  }
  listener.on('ready', () => void listen())
  listener.on('close', () => {
    listening = false
    look()
  })
  sender.on('ready', look).on('close', look)
  return {
    isOpen: () => open,
    async firstOpen(waitMs: number): Promise<void> {
      const timer = setTimeout(first.resolve, waitMs)
      await first.promise
      clearTimeout(timer)
      started = true
    },
  }
}
