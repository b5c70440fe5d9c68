import { plain, type Database } from '../../platform/storage/database.ts'

export type LogName = 'chat' | 'agents' | 'settings'
/** One link of the chain. */
export interface AuditRow {
  readonly seq: number
  readonly log: LogName
  readonly logSeq: number
  readonly at: string
  readonly name: string
  readonly caller: string | null
  readonly sessionId: string | null
  readonly runId: string | null
  readonly digest: string
  readonly mac: string
}
export interface AuditFilter {
  readonly name?: string | undefined
  readonly caller?: string | undefined
  readonly sessionId?: string | undefined
}
const columns = 'seq, source_log AS log, source_seq AS logSeq, at, name, caller, session_id AS sessionId, run_id AS runId, digest, mac'
const filterColumns = { name: 'name', caller: 'caller', sessionId: 'session_id' } as const

/** The only file that knows the tables audit, audit_head and read_counts. */
export function createAuditStore(db: Database) {
  const newest = db.prepare(`SELECT ${columns} FROM audit ORDER BY seq DESC LIMIT 1`)
  const known = db.prepare('SELECT seq FROM audit WHERE source_log = ? AND source_seq = ?')
  const insert = db.prepare(
    'INSERT INTO audit (seq, source_log, source_seq, at, name, caller, session_id, run_id, digest, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const after = db.prepare(`SELECT ${columns} FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`)
  const head = db.prepare('SELECT seq, seal FROM audit_head')
  const putHead = db.prepare('INSERT OR REPLACE INTO audit_head (only, seq, seal) VALUES (1, ?, ?)')
  const addRead = db.prepare(
    'INSERT INTO read_counts (day, operation, caller, n) VALUES (?, ?, ?, ?) ON CONFLICT (day, operation, caller) DO UPDATE SET n = n + excluded.n',
  )
  const reads = db.prepare('SELECT coalesce(sum(n), 0) AS n FROM read_counts')
  const lists = new Map<string, ReturnType<Database['prepare']>>()
  const listOf = (keys: readonly (keyof AuditFilter)[]) => {
    const shape = keys.join()
    let statement = lists.get(shape)
    if (!statement) {
      const wanted = keys.map((key) => `${filterColumns[key]} = ? AND `).join('')
      lists.set(shape, (statement = db.prepare(`SELECT ${columns} FROM audit WHERE ${wanted}seq < ? ORDER BY seq DESC LIMIT ?`)))
    }
    return statement
  }
  return {
    newest(): AuditRow | undefined {
      const row = newest.get()
      return row && plain<AuditRow>(row)
    },
    has: (log: LogName, logSeq: number) => known.get(log, logSeq) !== undefined,
    insert: ({ seq, log, logSeq, at, name, caller, sessionId, runId, digest, mac }: AuditRow) =>
      void insert.run(seq, log, logSeq, at, name, caller, sessionId, runId, digest, mac),
    after: (seq: number, upTo: number, limit: number): AuditRow[] => after.all(seq, upTo, limit).map((row) => plain(row)),
    list(filter: AuditFilter, limit: number, before = Number.MAX_SAFE_INTEGER): AuditRow[] {
      const keys = (['name', 'caller', 'sessionId'] as const).filter((key) => filter[key] !== undefined)
      return listOf(keys)
        .all(...keys.map((key) => filter[key] ?? null), before, limit)
        .map((row) => plain(row))
    },
    head: () => head.get() as { seq: number; seal: string } | undefined,
    putHead: (seq: number, seal: string) => void putHead.run(seq, seal),
    addRead: (day: string, operation: string, caller: string, n: number) => void addRead.run(day, operation, caller, n),
    reads: () => Number((reads.get() as { n: number }).n),
  }
}
export type AuditStore = ReturnType<typeof createAuditStore>
