import { plain, type Database } from '../../platform/storage/database.ts'
import type { Input } from '@steward/contract'
import type { Operations, StoredTask } from '@steward/contract/daemon'
import type { Heads } from '../../platform/log-watch.ts'
import type { CallerKind } from './ports.ts'

/** A stored task with what it may do: the rights of its owner when it was last changed. */
export interface TaskRecord extends StoredTask {
  readonly ownerKind: CallerKind
  readonly scopes: readonly string[]
  /** Events after these places set it off; null where none do. */
  readonly since: Heads | null
  readonly webhookId: string | null
  /** Sealed; null until one was made. */
  readonly webhookSecret: string | null
}
/** What may be set of a task, defaults filled in. */
export type Settable = Omit<Input<Operations['tasks.create']>, 'start'>
type Settings = Omit<Settable, 'name'>
/** The task as clients see it. */
export const toTask = ({ ownerKind: _k, scopes: _s, since: _i, webhookId: _w, webhookSecret: _x, ...task }: TaskRecord): StoredTask => task
/** What may be set of it, as it stands. */
export const settableOf = (record: Settable): Settable => {
  const { name, target, schedule, triggers, missed, overlap, retry, timeoutMs, budgetUsd, quietHours, jitterMs } = record
  return { name, target, schedule, triggers, missed, overlap, retry, timeoutMs, budgetUsd, quietHours, jitterMs }
}
/** Where a task's signed requests go. */
export const webhookOf = (id: string | null) => (id === null ? null : { path: `/v1/hooks/${id}` })

const columns = `id, name, status, settings, owner, owner_kind AS ownerKind, scopes, next_at AS nextAt, created_at AS createdAt,
  updated_at AS updatedAt, since, webhook_id AS webhookId, webhook_secret AS webhookSecret`
/** What was written before there were triggers has none. */
const asSettings = (text: string): Settings => {
  const settings = JSON.parse(text) as Omit<Settings, 'triggers'> & Partial<Settings>
  return { ...settings, triggers: settings.triggers ?? [] }
}
const toRecord = (row: unknown): TaskRecord => {
  const { settings, scopes, since, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as TaskRecord),
    kind: 'stored',
    ...asSettings(settings as string),
    scopes: JSON.parse(scopes as string) as string[],
    since: since === null ? null : (JSON.parse(since as string) as Heads),
    webhook: webhookOf(rest['webhookId'] as string | null),
  }
}
const settingsOf = (record: TaskRecord): string => {
  const { name: _name, ...settings } = settableOf(record)
  return JSON.stringify(settings)
}
const sinceOf = ({ since }: TaskRecord) => (since === null ? null : JSON.stringify(since))

/** Rows in, records out: the only file that knows the table schedules. Times are ISO 8601 with milliseconds, so that they sort. */
export function createTaskStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM schedules WHERE id = ?`)
  const byWebhook = db.prepare(`SELECT ${columns} FROM schedules WHERE webhook_id = ?`)
  const insert = db.prepare(`INSERT INTO schedules (id, name, status, settings, owner, owner_kind, scopes, next_at, created_at, updated_at,
    since, webhook_id, webhook_secret) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const update =
    db.prepare(`UPDATE schedules SET name = ?, status = ?, settings = ?, owner = ?, owner_kind = ?, scopes = ?, next_at = ?, updated_at = ?,
    since = ?, webhook_id = ?, webhook_secret = ? WHERE id = ?`)
  const move = db.prepare('UPDATE schedules SET status = ?, next_at = ? WHERE id = ?')
  const arm = db.prepare('UPDATE schedules SET since = ? WHERE id = ?')
  const keepSecret = db.prepare('UPDATE schedules SET webhook_secret = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM schedules WHERE id = ?')
  const due = db.prepare(`SELECT ${columns} FROM schedules WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at LIMIT ?`)
  const earliest = db.prepare('SELECT next_at AS at FROM schedules WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1')
  const listening = db.prepare(`SELECT ${columns} FROM schedules WHERE since IS NOT NULL ORDER BY id`)
  const list = db.prepare(`SELECT ${columns} FROM schedules WHERE id < ? ORDER BY id DESC LIMIT ?`)
  const listBy = db.prepare(`SELECT ${columns} FROM schedules WHERE status = ? AND id < ? ORDER BY id DESC LIMIT ?`)
  const one = (row: unknown) => (row === undefined ? undefined : toRecord(row))
  return {
    find: (id: string): TaskRecord | undefined => one(byId.get(id)),
    /** The task whose webhook has this address. */
    ofWebhook: (webhookId: string): TaskRecord | undefined => one(byWebhook.get(webhookId)),
    insert(r: TaskRecord): void {
      const owned = [r.owner, r.ownerKind, JSON.stringify(r.scopes)]
      const set = [r.id, r.name, r.status, settingsOf(r), ...owned]
      insert.run(...set, r.nextAt, r.createdAt, r.updatedAt, sinceOf(r), r.webhookId, r.webhookSecret)
    },
    update(r: TaskRecord): void {
      const owned = [r.owner, r.ownerKind, JSON.stringify(r.scopes)]
      const set = [r.name, r.status, settingsOf(r), ...owned]
      update.run(...set, r.nextAt, r.updatedAt, sinceOf(r), r.webhookId, r.webhookSecret, r.id)
    },
    /** When it fires next, and with that whether it has ended. */
    move: (id: string, status: StoredTask['status'], nextAt: string | null) => void move.run(status, nextAt, id),
    /** From which places on events set it off. */
    arm: (id: string, since: Heads) => void arm.run(JSON.stringify(since), id),
    /** A new secret of its webhook, sealed. */
    keepSecret: (id: string, sealed: string) => void keepSecret.run(sealed, id),
    remove: (id: string) => void remove.run(id),
    /** Those whose time has come, the longest ago first. */
    due: (now: string, limit: number): TaskRecord[] => due.all(now, limit).map(toRecord),
    earliest: (): string | null => (earliest.get() as { at: string } | undefined)?.at ?? null,
    /** Those that events set off. */
    listening: (): TaskRecord[] => listening.all().map(toRecord),
    /** Newest first, below an id; one more than `limit` when there are more. */
    list: (status: StoredTask['status'] | undefined, below: string, limit: number): TaskRecord[] =>
      (status === undefined ? list.all(below, limit + 1) : listBy.all(status, below, limit + 1)).map(toRecord),
  }
}
export type TaskStore = ReturnType<typeof createTaskStore>
