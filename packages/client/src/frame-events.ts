import type { StreamItem, WireEvent, WireFlash } from '@steward/contract'
import { faultIn, type Answer, type Link } from './frame-link.ts'
import { createQueue } from './queue.ts'
import type { Follow } from './sender.ts'

/** So many items, or characters of them, may wait for a slow reader; then its stream is left, and taken up again after its last cursor when it has caught up. */
const mostWaiting = 2_000
const mostWaitingLength = 4_000_000

export interface FollowOptions {
  /** A stream that is silent for so long is connected anew; absent: the line itself tells when it is dead. */
  readonly silenceMs?: number | undefined
  /** Fields that every frame of the stream carries. */
  readonly extra?: object
  /** Called when the daemon has opened the stream. Until then it is no more patient than a call. */
  readonly opened?: () => void
}
function itemOf(answer: Answer): StreamItem | undefined {
  const { event, flash, cursor, reset } = answer
  if (typeof reset === 'string') return { reset }
  if (flash !== undefined) return { flash: flash as WireFlash }
  if (typeof cursor !== 'string') return undefined
  return event === undefined ? { cursor } : { event: event as WireEvent, cursor }
}
/** Follows a stream over frames: goes on after its last cursor when the connection was cut, for as long as the reader wants it. */
export async function* followFrames(
  link: Link,
  { after, ...what }: Follow,
  { silenceMs, extra, opened }: FollowOptions,
  signal?: AbortSignal,
): AsyncGenerator<StreamItem> {
  const queue = createQueue<{ item: StreamItem; length: number }>()
  let waiting = 0
  let cursor = after
  let isOpen = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: ReturnType<Link['add']> | undefined
  const alive = () => {
    clearTimeout(timer)
    if (silenceMs === undefined) return
    timer = setTimeout(() => {
      link.suspect()
      alive()
    }, silenceMs)
  }
  const leave = () => {
    clearTimeout(timer)
    running?.send({ cancel: true })
    running?.end()
    running = undefined
  }
  const take = () => {
    alive()
    running = link.add({
      start: (send) => send({ subscribe: what, ...(cursor === undefined ? {} : { after: cursor }), ...(opened ? { ack: true } : {}), ...extra }),
      receive(answer, length) {
        alive()
        const fault = faultIn(answer)
        if (fault || 'ok' in answer) {
          running?.end()
          running = undefined
          return queue.end(fault)
        }
        if (!isOpen) {
          isOpen = true
          opened?.()
        }
        const item = itemOf(answer)
        if (item === undefined) return
        if (!('flash' in item)) cursor = 'reset' in item ? item.reset : item.cursor
        queue.push({ item, length })
        waiting += length
        if (queue.size >= mostWaiting || waiting >= mostWaitingLength) leave()
      },
      fail: (fault) => queue.end(fault),
      again: () => true,
      patient: () => isOpen || opened === undefined,
    })
  }
  const stop = () => queue.end()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    if (signal?.aborted) return
    take()
    for (let next = await queue.next(); next; next = await queue.next()) {
      if (signal?.aborted) return
      waiting -= next.value.length
      yield next.value.item
      if (queue.size === 0 && running === undefined) take()
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    leave()
  }
}
