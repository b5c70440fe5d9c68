import { plain, type Database } from '../../platform/storage/database.ts'
import type { Input } from '@steward/contract'
import type { Operations, Schedule } from '@steward/contract/daemon'
import type { CallerKind } from './ports.ts'

/** A schedule with what it may do: the rights of its owner when it was last changed. */
export interface ScheduleRecord extends Schedule {
  readonly ownerKind: CallerKind
  readonly scopes: readonly string[]
}
/** What may be set of a schedule, defaults filled in. */
export type Settable = Input<Operations['schedules.create']>
type Settings = Omit<Settable, 'name'>
export const toSchedule = ({ ownerKind: _kind, scopes: _scopes, ...schedule }: ScheduleRecord): Schedule => schedule

const columns = `id, name, status, settings, owner, owner_kind AS ownerKind, scopes, next_at AS nextAt, created_at AS createdAt,
  updated_at AS updatedAt`
const toRecord = (row: unknown): ScheduleRecord => {
  const { settings, scopes, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as ScheduleRecord),
    ...(JSON.parse(settings as string) as Settings),
    scopes: JSON.parse(scopes as string) as string[],
  }
}
const settingsOf = (record: ScheduleRecord): string => {
  const { target, schedule, missed, overlap, retry, timeoutMs, budgetUsd, quietHours, jitterMs } = record
  const settings: Settings = { target, schedule, missed, overlap, retry, timeoutMs, budgetUsd, quietHours, jitterMs }
  return JSON.stringify(settings)
}

/** Rows in, records out: the only file that knows the table schedules. Times are ISO 8601 with milliseconds, so that they sort. */
export function createScheduleStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM schedules WHERE id = ?`)
  const insert = db.prepare(`INSERT INTO schedules (id, name, status, settings, owner, owner_kind, scopes, next_at, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const update =
    db.prepare(`UPDATE schedules SET name = ?, status = ?, settings = ?, owner = ?, owner_kind = ?, scopes = ?, next_at = ?, updated_at = ?
    WHERE id = ?`)
  const move = db.prepare('UPDATE schedules SET status = ?, next_at = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM schedules WHERE id = ?')
  const due = db.prepare(`SELECT ${columns} FROM schedules WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at LIMIT ?`)
  const earliest = db.prepare('SELECT next_at AS at FROM schedules WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1')
  const list = db.prepare(`SELECT ${columns} FROM schedules WHERE id < ? ORDER BY id DESC LIMIT ?`)
  const listBy = db.prepare(`SELECT ${columns} FROM schedules WHERE status = ? AND id < ? ORDER BY id DESC LIMIT ?`)
  return {
    find(id: string): ScheduleRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    insert: (r: ScheduleRecord) =>
      void insert.run(r.id, r.name, r.status, settingsOf(r), r.owner, r.ownerKind, JSON.stringify(r.scopes), r.nextAt, r.createdAt, r.updatedAt),
    update: (r: ScheduleRecord) =>
      void update.run(r.name, r.status, settingsOf(r), r.owner, r.ownerKind, JSON.stringify(r.scopes), r.nextAt, r.updatedAt, r.id),
    /** When it fires next, and with that whether it has ended. */
    move: (id: string, status: Schedule['status'], nextAt: string | null) => void move.run(status, nextAt, id),
    remove: (id: string) => void remove.run(id),
    /** Those whose time has come, the longest ago first. */
    due: (now: string, limit: number): ScheduleRecord[] => due.all(now, limit).map(toRecord),
    earliest: (): string | null => (earliest.get() as { at: string } | undefined)?.at ?? null,
    /** Newest first, below an id; one more than `limit` when there are more. */
    list: (status: Schedule['status'] | undefined, below: string, limit: number): ScheduleRecord[] =>
      (status === undefined ? list.all(below, limit + 1) : listBy.all(status, below, limit + 1)).map(toRecord),
  }
}
export type ScheduleStore = ReturnType<typeof createScheduleStore>
