import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog, LogEvent } from './storage/event-log.ts'

/** What comes meanwhile is worked on together, so that a busy log is not followed event by event beside those who write it. */
const gatherMs = 40
const retryMs = [250, 1_000, 5_000, 30_000] as const
export interface ConsumerOptions {
  readonly log: EventLog
  /** Where the consumer stands: the last event it has worked on. Read again after a failure. */
  saved(): number
  /** Works on a batch and saves the cursor after it, in one transaction; long work in slices. What it throws is reported and the batch tried again. */
  work(batch: readonly LogEvent[]): void | Promise<void>
  report(error: unknown): void
}
/** A reader that builds rows from a log: it resumes at its saved place, and waits and tries again when the disk fails it. */
export function createConsumer({ log, saved, work, report }: ConsumerOptions) {
  const stop = new AbortController()
  const waiting: { upTo: number; done: () => void }[] = []
  let at = saved()
  let running: Promise<void> | undefined
  const arrived = (seq: number) => {
    at = seq
    for (const waiter of waiting.splice(0)) {
      if (waiter.upTo <= at) waiter.done()
      else waiting.push(waiter)
    }
  }
  /** Ends early when the consumer is closed. */
  const pause = (ms: number) => sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined)
  const run = async () => {
    let failures = 0
    while (!stop.signal.aborted) {
      try {
        for await (const batch of log.follow(saved(), stop.signal)) {
          await work(batch)
          failures = 0
          arrived(batch.at(-1)?.seq ?? at)
          if (waiting.length === 0) await pause(gatherMs)
        }
      } catch (error) {
        report(error)
        await pause(retryMs[Math.min(failures++, retryMs.length - 1)] ?? 30_000)
      }
    }
    for (const waiter of waiting.splice(0)) waiter.done()
  }
  return {
    start: () => void (running ??= run()),
    /** Resolves when everything that is durable in the log now has been worked on, or the consumer was closed. */
    async caughtUp(): Promise<void> {
      await log.durable()
      const upTo = log.head()
      if (at >= upTo || stop.signal.aborted) return
      await new Promise<void>((done) => waiting.push({ upTo, done }))
    },
    async close() {
      stop.abort()
      await running
    },
  }
}
