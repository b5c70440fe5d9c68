import type { StreamItem, WireEvent, WireFlash } from '@steward/contract'
import { backOff, type Patience } from './back-off.ts'
import { faultFrom } from './faults.ts'
import { createSseParser, type SseBlock } from './sse-parser.ts'

/** Opens the stream after a cursor. Throws Fault for a refusal, anything else for a connection that failed. */
export type OpenStream = (after: string | undefined, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>

/** The item of a block, if it has one. Throws Fault where the daemon says that the stream broke. */
function itemOf({ id, event, data }: SseBlock): StreamItem | undefined {
  if (event === 'fault') throw faultFrom((JSON.parse(data) as { error: unknown }).error)
  if (event === 'reset' && id !== undefined) return { reset: id }
  if (data === '') return id === undefined ? undefined : { cursor: id }
  return id === undefined ? { flash: JSON.parse(data) as WireFlash } : { event: JSON.parse(data) as WireEvent, cursor: id }
}
/**
 * Follows an event stream for as long as the reader wants it. A cut, a silence of `silenceMs` or a retryable refusal leads to a new
 * connection after the last cursor. Reads only when asked, so a slow reader holds the daemon back instead of filling memory.
 */
export async function* followStream(
  open: OpenStream,
  after: string | undefined,
  pace: Patience,
  silenceMs: number,
  signal?: AbortSignal,
): AsyncGenerator<StreamItem> {
  let cursor = after
  let attempt = 0
  const wanted = () => !signal?.aborted
  while (wanted()) {
    const connection = new AbortController()
    const stop = () => connection.abort()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      const reader = (await withLimit(open(cursor, connection.signal), silenceMs, stop)).getReader()
      const parse = createSseParser()
      for (let read = await withLimit(reader.read(), silenceMs, stop); !read.done; read = await withLimit(reader.read(), silenceMs, stop)) {
        attempt = 0
        for (const block of parse(read.value)) {
          const item = itemOf(block)
          if (item === undefined) continue
          if (!('flash' in item)) cursor = 'reset' in item ? item.reset : item.cursor
          yield item
          if (signal?.aborted) return
        }
      }
    } catch (error) {
      if (signal?.aborted) return
      if ((error as { name?: string }).name === 'Fault' && !(error as { retryable?: boolean }).retryable) throw error
    } finally {
      signal?.removeEventListener('abort', stop)
      connection.abort()
    }
    await backOff(attempt++, pace, signal)
  }
}
/** Waits for something of the connection; a silence that is too long ends the connection. */
async function withLimit<T>(work: Promise<T>, limitMs: number, stop: () => void): Promise<T> {
  const timer = setTimeout(stop, limitMs)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}
