import type { RoomHandlers } from '../../platform/context.ts'
import { decodePage, encodePage } from '../../platform/page.ts'
import type { EventLog } from '../../platform/storage/event-log.ts'
import type { Store } from '../../platform/storage/store.ts'
import { createAuditExport } from './export.ts'
import { createAuditReader } from './reader.ts'
import { createRefusals } from './refusals.ts'
import { createAuditStore, type AuditRow, type LogName } from './store.ts'
import { verifyChain } from './verify.ts'

export interface AuditPorts {
  readonly logs: Readonly<Record<LogName, EventLog>>
  /** 32 bytes, kept apart from the databases. */
  readonly key: Buffer
  report(error: unknown): void
}
/** The audit: who did what, in a chain that shows tampering by someone without its key, and no more than that. */
export function createAuditRoom(agents: Pick<Store, 'db' | 'log'>, { logs, key, report }: AuditPorts) {
  const store = createAuditStore(agents.db)
  const refusals = createRefusals(store, agents.log.commit, report)
  const reader = createAuditReader(agents, logs, store, key, report)
  const eventOf = (log: LogName, seq: number): string | null => {
    const [event] = logs[log].read(seq - 1, 1)
    return event?.seq === seq ? event.json : null
  }
  const entryOf = ({ mac: _mac, ...row }: AuditRow) => {
    const json = eventOf(row.log, row.logSeq)
    return { ...row, data: json === null ? null : (JSON.parse(json) as { data: null }).data }
  }
  const handlers = {
    ...createAuditExport(store, entryOf),
    async 'audit.list'(_context, { limit, cursor, ...filter }) {
      const rows = store.list(filter, limit + 1, cursor === undefined ? undefined : decodePage(cursor, 'seq'))
      const items = rows.slice(0, limit).map(entryOf)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
    async 'audit.verify'({ signal }) {
      const { entries, firstFault } = await verifyChain(store, key, eventOf, signal)
      return { intact: firstFault === null, entries, firstFault, reads: store.reads() + refusals.unwrittenReads() }
    },
  } satisfies RoomHandlers
  return {
    handlers,
    /** What the kernel's ledger tells of calls that changed nothing. */
    refusals: { refused: refusals.refused, wasRead: refusals.wasRead },
    flush: refusals.flush,
    start: reader.start,
    caughtUp: reader.caughtUp,
    async close() {
      refusals.close()
      await reader.close()
    },
  }
}
