import type { Writable } from 'node:stream'

/** A reader that does not take what was written for so long is dropped; it can resume by its cursor. */
export const stallLimitMs = 30_000

/** Waits until a full stream has been emptied. False when it was closed, aborted, or not emptied within `limitMs`. */
export function drained(stream: Writable, limitMs: number = stallLimitMs, signal?: AbortSignal): Promise<boolean> {
  if (stream.destroyed || signal?.aborted) return Promise.resolve(false)
  if (!stream.writableNeedDrain) return Promise.resolve(true)
  return new Promise((resolve) => {
    const settle = (emptied: boolean) => {
      clearTimeout(timer)
      stream.off('drain', yes).off('close', no).off('error', no)
      signal?.removeEventListener('abort', no)
      resolve(emptied)
    }
    const yes = () => settle(true)
    const no = () => settle(false)
    const timer = setTimeout(no, limitMs)
    timer.unref()
    stream.on('drain', yes).on('close', no).on('error', no)
    signal?.addEventListener('abort', no, { once: true })
  })
}
/** Waits for one stream, however many ask at a time. */
export function drainedOnce(stream: Writable, limitMs: number = stallLimitMs): () => Promise<boolean> {
  let waiting: Promise<boolean> | undefined
  return () => (waiting ??= drained(stream, limitMs).finally(() => (waiting = undefined)))
}
