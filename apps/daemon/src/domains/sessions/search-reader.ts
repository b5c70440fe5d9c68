import { setImmediate as turn } from 'node:timers/promises'
import { createConsumer } from '../../platform/consumer.ts'
import { createCursors } from '../../platform/cursors.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { EventLog, LogEvent } from '../../platform/storage/event-log.ts'
import { createSearchStore, type Indexable } from './search-store.ts'

/** So much text is indexed in one go: about 20 ms of work. */
const sliceLength = 60_000
/** So much of one message can be found. */
const mostText = 100_000
const messageIn = (json: string): string | undefined => {
  const { data } = JSON.parse(json) as { data: { messageId?: unknown; message?: { id?: unknown } } }
  const id = data.messageId ?? data.message?.id
  return typeof id === 'string' ? id : undefined
}
const told = new Set([
  'session.created',
  'session.renamed',
  'session.rewound',
  'session.deleted',
  'message.created',
  'message.taken',
  'message.final',
])

/**
 * Keeps the search index: titles, and the finished messages of user and assistant up to 100,000 characters each, without tool outputs. It
 * follows the chat log; rows and cursor are written in one transaction, in slices that leave the loop free. Taking up an event twice changes nothing.
 */
export function createSearchReader({ log, db, report }: { log: EventLog; db: Database; report: (error: unknown) => void }) {
  const store = createSearchStore(db)
  const cursors = createCursors(db, 'search')
  const put = (message: Indexable) => {
    const text = message.text.slice(0, mostText).toWellFormed()
    store.putMessage({ ...message, text })
    return text.length
  }
  const title = (sessionId: string): number => {
    const session = store.session(sessionId)
    if (session) store.putTitle(sessionId, session.title, session.at)
    return session?.title.length ?? 0
  }
  /** A fork's messages have no events of their own. */
  const indexAll = async (sessionId: string) => {
    let from = 0
    for (let page = store.messagesAfter(sessionId, from); page.length > 0; page = store.messagesAfter(sessionId, from)) {
      for (let left: readonly Indexable[] = page; left.length > 0; await turn()) {
        log.commit(() => {
          let length = 0
          let taken = 0
          for (const message of left) {
            if (length >= sliceLength) break
            length += put(message)
            taken++
          }
          left = left.slice(taken)
        })
      }
      from = page.at(-1)?.position ?? from
    }
  }
  const tidy = async (sessionId: string) => {
    while (log.commit(() => store.dropDead(sessionId)) > 0) await turn()
  }
  const one = ({ name, sessionId, json }: LogEvent): number => {
    if (sessionId === null) return 0
    if (name === 'session.created' || name === 'session.renamed') return title(sessionId)
    const id = messageIn(json)
    const message = id === undefined ? undefined : store.message(id)
    return message ? put(message) : 0
  }
  const work = async (batch: readonly LogEvent[]) => {
    const last = batch.at(-1)?.seq ?? 0
    let left = batch.filter(({ name }) => told.has(name))
    while (left.length > 0) {
      const [{ name, sessionId }] = left as [LogEvent]
      if (sessionId !== null && (name === 'session.rewound' || name === 'session.deleted')) await tidy(sessionId)
      if (sessionId !== null && name === 'session.created' && store.session(sessionId)?.parentId) await indexAll(sessionId)
      log.commit(() => {
        let length = 0
        let taken = 0
        for (const event of left) {
          const leads = taken > 0 && /^session\.(rewound|deleted|created)$/.test(event.name)
          if (length >= sliceLength || leads) break
          if (event.name !== 'session.rewound' && event.name !== 'session.deleted') length += one(event)
          taken++
        }
        cursors.save('chat', left[taken - 1]?.seq ?? last)
        left = left.slice(taken)
      })
      await turn()
    }
    // A batch that tells the index nothing costs no write; what is read again after a restart is bounded by the next one that does.
    if (cursors.find('chat') < last && batch.some(({ name }) => told.has(name))) log.commit(() => cursors.save('chat', last))
  }
  return createConsumer({ log, report, saved: () => cursors.find('chat'), work })
}
