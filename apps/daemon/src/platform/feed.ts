import { Fault } from '@steward/contract'
import { can, type Caller, type Feed, type FeedItem, type Subscription } from '@steward/kernel'
import type { Live } from './live.ts'
import { createReader } from './reader.ts'
import { parseCursor } from './storage/cursor.ts'
import type { EventLog, LogLetter } from './storage/event-log.ts'

const beatMs = 15_000
/** The daemon's streams: one session's, or all logs together. Order is promised within a log. */
export function createFeed(logs: Readonly<Record<LogLetter, EventLog>>, live: Live, sessionExists: (id: string) => boolean): Feed {
  const check = (caller: Caller, { sessionId }: Subscription) => {
    const scope = sessionId === undefined ? 'events:read' : 'sessions:read'
    if (!can(caller, scope)) throw new Fault('forbidden', `Reading this stream needs the scope ${scope}, which this credential does not hold.`)
    if (sessionId !== undefined && !sessionExists(sessionId)) throw new Fault('not_found', `There is no session ${sessionId}.`)
  }
  return {
    open(caller, subscription, signal) {
      check(caller, subscription)
      const after = subscription.after === undefined ? undefined : parseCursor(subscription.after)
      return pull(() => createReader(logs, live, subscription, after), caller.ended ? AbortSignal.any([signal, caller.ended]) : signal)
    },
  }
}
/** A reader listens from the first pull on: a stream that is opened and never read leaves nothing behind. */
async function* pull(open: () => ReturnType<typeof createReader>, signal: AbortSignal): AsyncGenerator<readonly FeedItem[]> {
  const reader = open()
  const beat = setInterval(() => reader.beat(), beatMs)
  beat.unref()
  const stop = () => reader.stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    while (!signal.aborted) {
      const items = reader.take()
      if (items.length > 0) yield items
      else await reader.more()
    }
  } finally {
    clearInterval(beat)
    signal.removeEventListener('abort', stop)
    reader.stop()
  }
}
