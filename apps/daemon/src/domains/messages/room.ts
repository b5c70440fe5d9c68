import { Fault } from '@steward/contract'
import type { Message, ToolCall } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import { decodePage, encodePage } from '../../platform/page.ts'
import { createMessageStore, toMessage, type MessageRecord } from './store.ts'
import type { Database } from '../../platform/storage/database.ts'

export interface MessagePorts {
  sessionExists(id: string): boolean
  toolCallsOf(messageId: string): ToolCall[]
  /** What has been shown of a message that is being written now. */
  writing(sessionId: string): { messageId: string; text: string; reasoning: string } | undefined
}
/** Reading messages. Writing them is the runs' work. */
export function createMessagesRoom(db: Database, ports: MessagePorts) {
  const store = createMessageStore(db)
  const whole = (record: MessageRecord): Message => {
    const live = record.status === 'streaming' ? ports.writing(record.sessionId) : undefined
    const shown = record.status === 'streaming' ? (live?.messageId === record.id ? live : store.shown(record.id)) : undefined
    const current = shown ? { ...record, text: shown.text, reasoning: shown.reasoning || null } : record
    return toMessage(current, store.attachments(record.id), record.role === 'assistant' ? ports.toolCallsOf(record.id) : [])
  }
  /** The place just beyond a message, so that a page from there begins with it. */
  const startAt = (sessionId: string, id: string, order: 'newest' | 'oldest'): number => {
    const message = store.find(id)
    if (message?.sessionId !== sessionId) throw new Fault('not_found', `There is no message ${id} in session ${sessionId}.`)
    return order === 'newest' ? message.position + 1 : message.position - 1
  }
  const handlers = {
    async 'messages.list'(_context, { sessionId, limit, cursor, order, from: first }) {
      if (!ports.sessionExists(sessionId)) throw new Fault('not_found', `There is no session ${sessionId}.`)
      const from = cursor !== undefined ? decodePage(cursor, 'position') : first !== undefined ? startAt(sessionId, first, order) : undefined
      const rows =
        order === 'newest'
          ? store.newestBefore(sessionId, from ?? Number.MAX_SAFE_INTEGER, limit + 1)
          : store.oldestAfter(sessionId, from ?? 0, limit + 1)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const items = (order === 'newest' ? shown.toReversed() : shown).map(whole)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ position: last.position }) : null }
    },
    async 'messages.get'(_context, { id }) {
      const record = store.find(id)
      if (!record) throw new Fault('not_found', `There is no message ${id}.`)
      return whole(record)
    },
  } satisfies RoomHandlers
  return { store, handlers, whole }
}
