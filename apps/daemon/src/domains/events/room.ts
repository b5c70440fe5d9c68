import type { RoomHandlers } from '../../platform/context.ts'
import { decodePage, encodePage } from '../../platform/page.ts'
import type { EventLog } from '../../platform/storage/event-log.ts'

type LogName = 'chat' | 'agents' | 'settings'
interface Shown {
  seq: number
  id: string
  name: string
  at: string
  sessionId?: string
  runId?: string
  data: null
}
/** The durable events, page by page. Live reading is the feed's work. */
export function createEventsRoom(logs: Readonly<Record<LogName, Pick<EventLog, 'read'>>>) {
  const handlers = {
    async 'events.list'(_context, { log, limit, cursor, sessionId }) {
      const rows = logs[log].read(cursor === undefined ? 0 : decodePage(cursor, 'seq'), limit + 1, sessionId)
      const items = rows.slice(0, limit).map(({ json }) => JSON.parse(json) as Shown)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
  } satisfies RoomHandlers
  return { handlers }
}
