import type { EventData, EventName } from '@steward/contract/daemon'
import { events } from '@steward/contract/daemon'
import type { Barrier } from '@steward/kernel/barrier'
import { transaction, type Database } from './database.ts'
import { createRing, type LogEvent } from './ring.ts'

export interface Place {
  readonly sessionId?: string
  readonly runId?: string
}
export type Emit = <N extends EventName>(name: N, data: EventData<N>, place?: Place) => void
/** Runs `write` in one transaction. Synchronous on purpose: no await can slip inside, and only here can anyone emit. */
export type Commit = <T>(write: (emit: Emit) => T extends Promise<unknown> ? never : T) => T
export type { LogEvent } from './ring.ts'
export type LogLetter = 'c' | 'a' | 's'

const wire = (id: string, seq: number, name: string, at: string, sessionId: string | null, runId: string | null, data: string) =>
  `{"seq":${seq},"id":"${id}","name":"${name}","at":"${at}"${sessionId ? `,"sessionId":"${sessionId}"` : ''}${runId ? `,"runId":"${runId}"` : ''},"data":${data}}`
interface Row {
  seq: number
  epoch: number
  at: string
  name: EventName
  sessionId: string | null
  runId: string | null
  data: string
}
const columns = 'seq, epoch, at, name, session_id AS sessionId, run_id AS runId, data'

/**
 * The durable, ordered list of what happened in one database. An event is written in the transaction of the rows it tells of, shown to
 * readers only when it is on disk, and read by cursor: a slow reader loses nothing.
 */
export function createEventLog(db: Database, barrier: Barrier, letter: LogLetter) {
  const state = db.prepare('SELECT epoch, pruned_to AS prunedTo FROM log_state').get() as { epoch: number; prunedTo: number }
  const epoch = state.epoch
  let prunedTo = state.prunedTo
  let head = Number(
    (db.prepare('SELECT max(coalesce((SELECT max(seq) FROM events), 0), (SELECT pruned_to FROM log_state)) AS seq').get() as { seq: number }).seq,
  )
  const insert = db.prepare('INSERT INTO events (epoch, at, name, session_id, run_id, data) VALUES (?, ?, ?, ?, ?, ?)')
  const after = db.prepare(`SELECT ${columns} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`)
  const afterInSession = db.prepare(`SELECT ${columns} FROM events WHERE session_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`)
  const ring = createRing(head)
  const listeners = new Set<(fresh: readonly LogEvent[]) => void>()
  let unannounced: LogEvent[] = []
  let open: LogEvent[] | undefined

  const idOf = (at: number, seq: number) => `evt_${letter}${at}x${seq}`
  const toEvent = (row: Row): LogEvent => ({
    seq: row.seq,
    name: row.name,
    at: row.at,
    sessionId: row.sessionId,
    runId: row.runId,
    json: wire(idOf(row.epoch, row.seq), row.seq, row.name, row.at, row.sessionId, row.runId, row.data),
  })
  const emit: Emit = (name, data, place = {}) => {
    if (!open) throw new TypeError(`The event ${name} was emitted outside its transaction.`)
    const at = new Date().toISOString()
    const sessionId = place.sessionId ?? null
    const runId = place.runId ?? null
    const text = JSON.stringify(events[name].data.parse(data))
    const seq = Number(insert.run(epoch, at, name, sessionId, runId, text).lastInsertRowid)
    open.push({ seq, name, at, sessionId, runId, json: wire(idOf(epoch, seq), seq, name, at, sessionId, runId, text) })
  }
  /** Shows what was committed before the call once it is on disk; what came later waits for its own sync. */
  const announce = async (upTo: number): Promise<void> => {
    await barrier.durable()
    const fresh = unannounced.filter(({ seq }) => seq <= upTo)
    if (fresh.length === 0) return
    unannounced = unannounced.slice(fresh.length)
    head = fresh.at(-1)?.seq ?? head
    for (const event of fresh) ring.push(event)
    for (const listener of listeners) listener(fresh)
  }
  const commit: Commit = (write) => {
    barrier.assertHealthy()
    if (open) throw new TypeError('A commit may not be made inside another.')
    const mine: LogEvent[] = []
    open = mine
    try {
      const value = transaction(db, () => write(emit))
      barrier.wrote()
      if (mine.length > 0) {
        unannounced.push(...mine)
        announce(mine.at(-1)?.seq ?? 0).catch(() => undefined) // a failed sync is told to everyone who waits for durable()
      }
      return value as never
    } finally {
      open = undefined
    }
  }
  return {
    letter,
    epoch,
    commit,
    durable: () => barrier.durable(),
    /** The newest event that is on disk. */
    head: () => head,
    prunedTo: () => prunedTo,
    /** Durable events after `cursor`, oldest first, at most `limit`; of one session when it is named. The one that reaches `length` (of JSON) is the last. */
    read(cursor: number, limit: number, sessionId?: string, length = Number.POSITIVE_INFINITY): readonly LogEvent[] {
      const near = ring.after(cursor, limit, sessionId, length)
      if (near) return near
      const rows = sessionId === undefined ? after.iterate(cursor, head, limit) : afterInSession.iterate(sessionId, cursor, head, limit)
      const found: LogEvent[] = []
      let taken = 0
      for (const row of rows) {
        const event = toEvent(row as unknown as Row)
        found.push(event)
        taken += event.json.length
        if (taken >= length) break
      }
      return found
    },
    /** Hears of events once they are durable. Returns how to stop. */
    listen(listener: (fresh: readonly LogEvent[]) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Yields batches after `cursor` and waits for more until `signal` aborts. The reader saves its cursor after its work. */
    async *follow(cursor: number, signal: AbortSignal): AsyncGenerator<readonly LogEvent[]> {
      let wake = () => undefined as void
      const stop = this.listen(() => wake())
      const aborted = () => wake()
      signal.addEventListener('abort', aborted)
      try {
        while (!signal.aborted) {
          const rung = new Promise<void>((resolve) => (wake = resolve))
          const batch = this.read(cursor, 256)
          if (batch.length > 0) {
            cursor = batch.at(-1)?.seq ?? cursor
            yield batch
          } else await rung
        }
      } finally {
        stop()
        signal.removeEventListener('abort', aborted)
      }
    },
    /** Forgets events older than `at` (ISO 8601), but none at or after `keepFrom`: pruning never passes a saved consumer. Returns how many went. */
    prune(at: string, keepFrom: number): number {
      return transaction(db, () => {
        const last = db.prepare('SELECT max(seq) AS seq FROM events WHERE at < ? AND seq < ?').get(at, keepFrom) as { seq: number | null }
        if (last.seq === null) return 0
        const gone = Number(db.prepare('DELETE FROM events WHERE seq <= ?').run(last.seq).changes)
        db.prepare('UPDATE log_state SET pruned_to = max(pruned_to, ?)').run(last.seq)
        prunedTo = Math.max(prunedTo, last.seq)
        return gone
      })
    },
  }
}
export type EventLog = ReturnType<typeof createEventLog>
