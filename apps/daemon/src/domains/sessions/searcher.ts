import { Worker } from 'node:worker_threads'
import { Fault } from '@steward/contract'
import type { Found } from './search-query-store.ts'
import type { SearchReply, SearchRequest } from './search-worker.ts'

const idleMs = 30_000
const mostWaiting = 64
interface Waiter {
  done(found: readonly Found[]): void
  fail(error: unknown): void
}
/** Searches in a thread, so that no search holds up the daemon. The thread is started by the first search and ends after 30 s without one. */
export function createSearcher(databasePath: string, restMs = idleMs) {
  let worker: Worker | undefined
  let rest: NodeJS.Timeout | undefined
  let last = 0
  let ending: Promise<unknown> = Promise.resolve()
  const waiting = new Map<number, Waiter>()
  const failAll = (error: unknown) => {
    for (const waiter of waiting.values()) waiter.fail(error)
    waiting.clear()
  }
  const retire = () => {
    clearTimeout(rest)
    const old = worker
    worker = undefined
    if (!old) return
    ending = new Promise((resolve) => old.once('exit', resolve))
    old.postMessage('end', [])
  }
  const start = (): Worker => {
    const made = new Worker(new URL('./search-worker.ts', import.meta.url), { workerData: databasePath, name: 'search' })
    made.unref()
    made.on('message', (reply: SearchReply) => {
      const waiter = waiting.get(reply.id)
      waiting.delete(reply.id)
      if ('found' in reply) waiter?.done(reply.found)
      else waiter?.fail('unavailable' in reply ? new Fault('unavailable', reply.unavailable) : new Error(reply.broken))
      if (waiting.size === 0) rest = setTimeout(retire, restMs).unref()
    })
    made.on('error', (error) => {
      if (worker === made) worker = undefined
      failAll(error)
    })
    return made
  }
  return {
    /** Best match first. Rejects with Fault `too_many` when 64 searches wait already, and with the signal's reason when the caller gives up. */
    async search(query: string, limit: number, offset: number, signal: AbortSignal): Promise<readonly Found[]> {
      signal.throwIfAborted()
      if (waiting.size >= mostWaiting) throw new Fault('too_many', 'Too many searches wait already; try again in a moment.')
      clearTimeout(rest)
      worker ??= start()
      const id = ++last
      const request: SearchRequest = { id, query, limit, offset }
      return new Promise((resolve, reject) => {
        const aborted = () => reject(signal.reason as Error)
        signal.addEventListener('abort', aborted, { once: true })
        const over = () => signal.removeEventListener('abort', aborted)
        waiting.set(id, { done: (found) => (over(), resolve(found)), fail: (error) => (over(), reject(error as Error)) })
        worker?.postMessage(request, [])
      })
    },
    /** Whether the thread is there. */
    running: () => worker !== undefined,
    async close(): Promise<void> {
      retire()
      failAll(new Fault('unavailable', 'Steward is stopping.'))
      await ending
    },
  }
}
