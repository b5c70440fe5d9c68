import type { Hook } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import type { Heads } from '../../platform/log-watch.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

/** A hook with what it may do: the rights of its owner when it was last changed. */
export interface HookRecord extends Hook {
  readonly ownerKind: Caller['kind']
  readonly scopes: readonly string[]
  /** Its webhooks are signed with it; sealed. */
  readonly secret: string
  /** Events after these places are delivered. */
  readonly since: Heads
}
export const toHook = ({ ownerKind: _k, scopes: _s, secret: _x, since: _i, ...hook }: HookRecord): Hook => hook

const columns = `id, name, active, settings, secret, since, owner, owner_kind AS ownerKind, scopes, created_at AS createdAt, updated_at AS updatedAt`
const toRecord = (row: unknown): HookRecord => {
  const { active, settings, since, scopes, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as HookRecord),
    ...(JSON.parse(settings as string) as Pick<Hook, 'on' | 'action'>),
    active: active === 1,
    since: JSON.parse(since as string) as Heads,
    scopes: JSON.parse(scopes as string) as string[],
  }
}
const settingsOf = ({ on, action }: HookRecord) => JSON.stringify({ on, action })
/** Sorts after every id. */
const lastId = '~'

/** Rows in, records out: the only file that knows the table hooks. */
export function createHookStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM hooks WHERE id = ?`)
  const insert = db.prepare(`INSERT INTO hooks (id, name, active, settings, secret, since, owner, owner_kind, scopes, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const update =
    db.prepare(`UPDATE hooks SET name = ?, active = ?, settings = ?, secret = ?, since = ?, owner = ?, owner_kind = ?, scopes = ?, updated_at = ?
    WHERE id = ?`)
  const remove = db.prepare('DELETE FROM hooks WHERE id = ?')
  const active = db.prepare(`SELECT ${columns} FROM hooks WHERE active = 1 ORDER BY id`)
  const list = db.prepare(`SELECT ${columns} FROM hooks WHERE id < ? ORDER BY id DESC LIMIT ?`)
  return {
    find(id: string): HookRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    insert(r: HookRecord): void {
      const words = [r.id, r.name, Number(r.active), settingsOf(r), r.secret, JSON.stringify(r.since)]
      insert.run(...words, r.owner, r.ownerKind, JSON.stringify(r.scopes), r.createdAt, r.updatedAt)
    },
    update(r: HookRecord): void {
      const words = [r.name, Number(r.active), settingsOf(r), r.secret, JSON.stringify(r.since)]
      update.run(...words, r.owner, r.ownerKind, JSON.stringify(r.scopes), r.updatedAt, r.id)
    },
    remove: (id: string) => void remove.run(id),
    active: (): HookRecord[] => active.all().map(toRecord),
    /** Newest first, below an id; one more than `limit` when there are more. */
    list: (below: string | undefined, limit: number): HookRecord[] => list.all(below ?? lastId, limit + 1).map(toRecord),
  }
}
export type HookStore = ReturnType<typeof createHookStore>
