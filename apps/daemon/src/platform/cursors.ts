import type { Database } from './storage/database.ts'

/** The saved places of the readers that write to this database. Write in the transaction of the rows that the reader makes. */
export function createCursors(db: Database, consumer: string) {
  const find = db.prepare('SELECT seq FROM cursors WHERE consumer = ? AND log = ?')
  const save = db.prepare('INSERT INTO cursors (consumer, log, seq) VALUES (?, ?, ?) ON CONFLICT (consumer, log) DO UPDATE SET seq = excluded.seq')
  const forget = db.prepare('DELETE FROM cursors WHERE consumer = ?')
  return {
    has: (log: string): boolean => find.get(consumer, log) !== undefined,
    find: (log: string): number => Number((find.get(consumer, log) as { seq: number } | undefined)?.seq ?? 0),
    save: (log: string, seq: number) => void save.run(consumer, log, seq),
    /** The reader is there no more. */
    forget: () => void forget.run(consumer),
  }
}
