import type { StreamItem, WireEvent } from '@steward/contract'
import { createClient, createFetchSender, createWebSocketSender, spliceText, type Client, type SplicedText } from '@steward/client'
import { createIpcSender } from '@steward/client/node'
import type { TestDaemon } from './kit.ts'

const pace = { firstMs: 1, mostMs: 20, patienceMs: 10_000 }
export type StreamDoor = 'sse' | 'websocket' | 'ipc'
/** A client of one door, at the daemon itself or through a proxy at `url`. */
export function clientOf(door: StreamDoor, { url, token, served }: TestDaemon, through = url): Client {
  if (door === 'ipc') return createClient(createIpcSender({ socket: served.socket, token, pace }))
  return createClient(door === 'sse' ? createFetchSender({ url: through, token, pace }) : createWebSocketSender({ url: through, token, pace }))
}
interface Token {
  readonly messageId: string
  readonly offset: number
  readonly text: string
}
/** What one reader has made of a stream. It refuses at once what may never be: a gap, a double, a word that was not said. */
export function createRecord(sessionId: string) {
  const events: WireEvent[] = []
  const tokens: (Token & { at: string })[] = []
  const texts = new Map<string, SplicedText>()
  const resets: string[] = []
  return {
    events,
    tokens,
    texts,
    resets,
    take(item: StreamItem): void {
      if ('reset' in item) return void resets.push(item.reset)
      if ('flash' in item) {
        const { name, at, data } = item.flash
        if (item.flash.sessionId !== sessionId) throw new Error(`A ${name} of the session ${item.flash.sessionId} came to a reader of ${sessionId}.`)
        if (name !== 'token') return
        const token = data as Token
        if (!token.text.isWellFormed()) throw new Error(`A token ends in half of a character: ${JSON.stringify(token.text)}`)
        tokens.push({ ...token, at })
        const text = texts.get(token.messageId) ?? spliceText()
        texts.set(token.messageId, text)
        if (!text.splice(token.offset, token.text)) throw new Error(`A token at ${token.offset} came when ${text.text.length} units were known.`)
        return
      }
      if (!('event' in item)) return
      const { event } = item
      if (event.sessionId !== sessionId)
        throw new Error(`The event ${event.name} of the session ${event.sessionId} came to a reader of ${sessionId}.`)
      const last = events.at(-1)?.seq ?? 0
      if (event.seq <= last) throw new Error(`The event ${event.seq} came after ${last}.`)
      events.push(event)
      if (event.name !== 'message.final') return
      const { messageId, text } = event.data as { messageId: string; text: string }
      const shown = texts.get(messageId)?.text ?? ''
      if (!text.startsWith(shown)) throw new Error(`What was shown is not the beginning of the message:\n${shown}\n${text}`)
    },
    /** The pieces of a message in the order in which they came. */
    piecesOf: (messageId: string) => tokens.filter((token) => token.messageId === messageId),
  }
}

/** True for the event that ends a run. */
export const ends = (item: StreamItem, runId?: string): boolean =>
  'event' in item &&
  item.event.name === 'status' &&
  (runId === undefined || item.event.runId === runId) &&
  ['completed', 'failed', 'cancelled'].includes((item.event.data as { status: string }).status)
/** Follows until `enough`, with 20 s of patience. */
export async function readUntil(
  items: AsyncIterable<StreamItem>,
  enough: (item: StreamItem) => boolean | void | Promise<boolean | void>,
): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('The stream did not bring what was waited for within 20 s.')), 20_000)
  const iterator = items[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), late.promise])
      if (next.done || (await enough(next.value)) === true) return
    }
  } finally {
    clearTimeout(timer)
    void iterator.return?.(undefined)
  }
}
