import { events } from '@steward/contract/daemon'
import { createConsumer } from '../../platform/consumer.ts'
import { createCursors } from '../../platform/cursors.ts'
import type { EventLog, LogEvent } from '../../platform/storage/event-log.ts'
import type { Store } from '../../platform/storage/store.ts'
import { digestOf, macOf, sealOf } from './chain.ts'
import type { AuditRow, AuditStore, LogName } from './store.ts'

const isAudited = ({ name }: LogEvent) => (events[name] as { audit?: boolean } | undefined)?.audit === true
/** Who did it, where the event says so: the caller of a call, who settled an approval. */
const callerIn = (json: string): string | null => {
  const { caller, settledBy } = (JSON.parse(json) as { data: { caller?: unknown; settledBy?: unknown } }).data
  return typeof caller === 'string' ? caller : typeof settledBy === 'string' ? settledBy : null
}
/** Builds the one chain from the three logs. Links, seal and the place in the log are written in one transaction; an event is taken up once. */
export function createAuditReader(
  agents: Pick<Store, 'db' | 'log'>,
  logs: Readonly<Record<LogName, EventLog>>,
  store: AuditStore,
  key: Buffer,
  report: (error: unknown) => void,
) {
  const cursors = createCursors(agents.db, 'audit')
  const append = (log: LogName, batch: readonly LogEvent[]) => {
    agents.log.commit(() => {
      let newest = store.newest()
      const first = newest?.seq ?? 0
      for (const event of batch) {
        if (!isAudited(event) || store.has(log, event.seq)) continue
        const { at, name, sessionId, runId, json } = event
        const link = {
          seq: (newest?.seq ?? 0) + 1,
          log,
          logSeq: event.seq,
          at,
          name,
          caller: callerIn(json),
          sessionId,
          runId,
          digest: digestOf(json),
        }
        const row: AuditRow = { ...link, mac: macOf(key, newest?.mac ?? '', link) }
        store.insert(row)
        newest = row
      }
      if (newest && newest.seq !== first) store.putHead(newest.seq, sealOf(key, newest.seq, newest.mac))
      cursors.save(log, batch.at(-1)?.seq ?? 0)
    })
  }
  const readers = (Object.keys(logs) as LogName[]).map((log) =>
    createConsumer({ log: logs[log], report, saved: () => cursors.find(log), work: (batch) => append(log, batch) }),
  )
  return {
    start() {
      for (const reader of readers) reader.start()
    },
    caughtUp: async () => void (await Promise.all(readers.map((reader) => reader.caughtUp()))),
    close: async () => void (await Promise.all(readers.map((reader) => reader.close()))),
  }
}
