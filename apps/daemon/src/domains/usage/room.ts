import type { EventData } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import { createConsumer } from '../../platform/consumer.ts'
import { createCursors } from '../../platform/cursors.ts'
import { decodePage, decodePlace, encodePage } from '../../platform/page.ts'
import type { EventLog } from '../../platform/storage/event-log.ts'
import type { Store } from '../../platform/storage/store.ts'
import { createUsageStore } from './store.ts'

const beginning = '0000-01-01T00:00:00.000Z'
const iso = (time: string) => new Date(time).toISOString()
const never = '9999-12-31T23:59:59.999Z'
const stretch = (since: string | undefined, until: string | undefined) => ({
  since: since === undefined ? beginning : iso(since),
  until: until === undefined ? never : iso(until),
})
export interface UsagePorts {
  /** The log whose `usage` events are counted. */
  readonly log: EventLog
  report(error: unknown): void
}
/** What runs have cost, built by a reader of the chat log: the rows and the reader's place are written in one transaction. */
export function createUsageRoom(agents: Pick<Store, 'db' | 'log'>, { log, report }: UsagePorts) {
  const store = createUsageStore(agents.db)
  const cursors = createCursors(agents.db, 'usage')
  const reader = createConsumer({
    log,
    report,
    saved: () => cursors.find('chat'),
    work(batch) {
      agents.log.commit(() => {
        for (const { name, seq, at, sessionId, runId, json } of batch) {
          if (name !== 'usage' || sessionId === null || runId === null) continue
          store.add({ seq, at, sessionId, runId, data: (JSON.parse(json) as { data: EventData<'usage'> }).data })
        }
        cursors.save('chat', batch.at(-1)?.seq ?? 0)
      })
    },
  })
  const handlers = {
    async 'usage.runs'(_context, { limit, cursor, since, until, ...filter }) {
      const during = since === undefined && until === undefined ? undefined : stretch(since, until)
      const rows = store.runs({ ...filter, during }, limit + 1, cursor === undefined ? undefined : decodePage(cursor, 'seq'))
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return { items: shown.map(({ seq: _seq, ...usage }) => usage), nextCursor: rows.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
    async 'usage.totals'(_context, { by, since, until, model = null, limit, cursor }) {
      const after = cursor === undefined ? null : String(decodePlace(cursor)['key'])
      const rows = store.totals(by, { ...stretch(since, until), model }, limit + 1, after)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ key: last.key }) : null }
    },
  } satisfies RoomHandlers
  return { handlers, start: reader.start, caughtUp: reader.caughtUp, close: reader.close }
}
