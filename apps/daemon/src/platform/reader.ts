import type { FeedItem, Subscription } from '@steward/kernel'
import type { Live, LiveMessage, Signal } from './live.ts'
import { formatCursor, type Cursor } from './storage/cursor.ts'
import type { EventLog, LogEvent, LogLetter } from './storage/event-log.ts'

const batch = 256
/** A batch is as large as this and one event at most: what a reader holds that has stopped reading. */
const batchLength = 262_144
const mostSignals = 64
interface Shown {
  messageId: string
  text: number
  reasoning: number
}
/** The serialised flash of the last few slices, shared by the readers that stand at the same place. */
const slices = new WeakMap<LiveMessage, Map<string, string>>()
function slice(message: LiveMessage, kind: 'text' | 'reasoning', from: number): string {
  let made = slices.get(message)
  if (!made) slices.set(message, (made = new Map()))
  const key = `${kind}${from}`
  let json = made.get(key)
  if (json === undefined) {
    const data = { messageId: message.messageId, offset: from, text: message[kind].slice(from) }
    json = flash(kind === 'text' ? 'token' : 'reasoning', message.sessionId, message.runId, data, message.at)
    made.set(key, json)
  }
  return json
}
const flash = (name: string, sessionId: string, runId: string, data: unknown, at = new Date().toISOString()) =>
  JSON.stringify({ name, at, sessionId, runId, data })

/**
 * One reader's place in the logs and in the messages being written. It holds a cursor and a few numbers; whatever it has not asked for
 * stays in the log. A reader that joins in mid-message gets all of the text so far at offset 0.
 */
export function createReader(logs: Readonly<Record<LogLetter, EventLog>>, live: Live, { sessionId, names }: Subscription, after: Cursor | undefined) {
  const letters: readonly LogLetter[] = sessionId === undefined ? ['c', 'a', 's'] : ['c']
  const epoch = logs.c.epoch
  const wanted = names && names.length > 0 ? new Set(names) : undefined
  const at: Partial<Record<LogLetter, number>> = {}
  let reset = after !== undefined && after.epoch !== epoch
  for (const letter of letters) {
    const log = logs[letter]
    const start = after?.at[letter] ?? (after === undefined && sessionId !== undefined ? log.prunedTo() : log.head())
    if (start < log.prunedTo() || start > log.head()) reset = true
    at[letter] = start
  }
  if (reset) for (const letter of letters) at[letter] = logs[letter].head()
  let toldAt = formatCursor({ epoch, at })
  const shown = new Map<string, Shown>()
  const signals: Signal[] = []
  const dirty = new Set<string>(sessionId === undefined ? live.writing().map((message) => message.sessionId) : [sessionId])
  let stopped = false
  let beating = false
  let wake = () => undefined as void
  let woken = false
  const rouse = () => {
    woken = true
    wake()
  }
  const unlisten = [
    ...letters.map((letter) =>
      logs[letter].listen((fresh) => {
        if (sessionId === undefined || fresh.some((event) => event.sessionId === sessionId)) rouse()
      }),
    ),
    live.listen((session, signal) => {
      if (sessionId !== undefined && session !== sessionId) return
      if (signal) {
        if (signals.length >= mostSignals) signals.shift()
        signals.push(signal)
      } else dirty.add(session)
      rouse()
    }),
  ]
  const cursor = () => formatCursor({ epoch, at })

  /** What of a message has not been shown to this reader yet. */
  const unseen = (message: LiveMessage): FeedItem[] => {
    let mine = shown.get(message.sessionId)
    if (mine?.messageId !== message.messageId) shown.set(message.sessionId, (mine = { messageId: message.messageId, text: 0, reasoning: 0 }))
    const items: FeedItem[] = []
    for (const [kind, name] of [
      ['reasoning', 'reasoning'],
      ['text', 'token'],
    ] as const) {
      if (message[kind].length <= mine[kind]) continue
      if (!wanted || wanted.has(name)) items.push({ kind: 'flash', name, json: slice(message, kind, mine[kind]) })
      mine[kind] = message[kind].length
    }
    return items
  }
  const toItems = (event: LogEvent): FeedItem[] => {
    const items: FeedItem[] = []
    if (event.sessionId !== null && event.name === 'message.final') {
      // The words come before the word that they are whole; a reader that was never in this message does not need them.
      const mine = shown.get(event.sessionId)
      const message = mine && event.json.includes(`"messageId":"${mine.messageId}"`) ? live.find(event.sessionId, mine.messageId) : undefined
      if (message) items.push(...unseen(message))
    }
    if (event.sessionId !== null && event.name === 'step.started') {
      const messageId = /"messageId":"(msg_[0-9a-z]+)"/.exec(event.json)?.[1]
      if (messageId !== undefined) shown.set(event.sessionId, { messageId, text: 0, reasoning: 0 })
    }
    if (event.name === 'session.deleted' && event.sessionId !== null) shown.delete(event.sessionId)
    if (!wanted || wanted.has(event.name)) items.push({ kind: 'event', name: event.name, json: event.json, cursor: cursor() })
    return items
  }
  return {
    /** Everything there is to show now; empty when the reader is at the head. */
    take(): FeedItem[] {
      woken = false
      const items: FeedItem[] = []
      if (stopped) return items
      if (reset) {
        reset = false
        items.push({ kind: 'reset', cursor: cursor() })
      }
      let more = false
      for (const letter of letters) {
        const log = logs[letter]
        const events = log.read(at[letter] ?? 0, batch, sessionId, batchLength)
        let length = 0
        for (const event of events) {
          length += event.json.length
          at[letter] = event.seq
          items.push(...toItems(event))
        }
        if (events.length >= batch || length >= batchLength) more = true
        else at[letter] = Math.max(at[letter] ?? 0, log.head())
      }
      if (!more) {
        for (const session of dirty) {
          const message = live.isWriting(session) ? live.current(session) : undefined
          if (message) items.push(...unseen(message))
        }
        dirty.clear()
        for (const signal of signals.splice(0)) {
          if (!wanted || wanted.has(signal.name))
            items.push({ kind: 'flash', name: signal.name, json: flash(signal.name, signal.sessionId, signal.runId, signal.data) })
        }
      } else woken = true
      const now = cursor()
      if (items.some((item) => item.kind === 'event' && item.cursor === now)) toldAt = now
      if (beating && now !== toldAt) {
        items.push({ kind: 'cursor', cursor: now })
        toldAt = now
      }
      beating = false
      return items
    },
    /** Resolves when there may be more to take, or the reader was stopped. */
    async more(): Promise<void> {
      if (woken || stopped) return
      await new Promise<void>((resolve) => (wake = resolve))
    },
    /** Now and then a filtered reader is told how far it has come. */
    beat() {
      beating = true
      rouse()
    },
    stop() {
      stopped = true
      for (const end of unlisten) end()
      wake()
    },
  }
}
