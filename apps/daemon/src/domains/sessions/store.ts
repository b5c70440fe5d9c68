import type { LimitsPatch, PermissionMode, Session } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

/** A session as it is stored: what clients see, and what its runs need. */
export interface SessionRecord extends Session {
  readonly limits: LimitsPatch
  /** Its newest run. */
  readonly runId: string | null
  readonly todos: readonly { id: string; content: string; status: 'pending' | 'in_progress' | 'completed' }[]
  /** What an earlier compaction left: messages before `position` are told by `summary`. */
  readonly compaction: { readonly summary: string; readonly position: number } | null
}
interface Row {
  [column: string]: unknown
}
const columns = `id, title, agent_id AS agentId, model, workspace, permission_mode AS permissionMode, budget_usd AS budgetUsd, limits, status, archived,
  parent_id AS parentId, run_id AS runId, todos, compaction, created_at AS createdAt, updated_at AS updatedAt, input_tokens AS inputTokens,
  output_tokens AS outputTokens, cache_read_tokens AS cacheReadTokens, cache_write_tokens AS cacheWriteTokens, cost_usd AS costUsd`
const toRecord = (row: unknown): SessionRecord => {
  const { limits, todos, compaction, archived, workspace, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd, ...rest } =
    plain<Row>(row)
  return {
    ...(rest as unknown as SessionRecord),
    workspace: { path: workspace as string },
    archived: archived === 1,
    limits: JSON.parse(limits as string) as LimitsPatch,
    todos: JSON.parse(todos as string) as SessionRecord['todos'],
    compaction: compaction === null ? null : (JSON.parse(compaction as string) as SessionRecord['compaction']),
    usage: { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd } as Session['usage'],
  }
}
/** The session as clients see it. */
export function toSession({ limits: _l, runId: _r, todos: _t, compaction: _c, ...session }: SessionRecord): Session {
  return session
}
/** Whether a run works, waits for a person, or is about to start in it. */
export const isUnderWay = ({ status }: Pick<Session, 'status'>): boolean => status === 'queued' || status === 'running' || status === 'waiting'
export interface SessionPatch {
  readonly title?: string
  readonly agentId?: string
  readonly model?: string
  readonly permissionMode?: PermissionMode
  readonly budgetUsd?: number | null
  readonly limits?: LimitsPatch
  readonly status?: Session['status']
  readonly archived?: boolean
  readonly runId?: string | null
  readonly todos?: SessionRecord['todos']
  readonly compaction?: SessionRecord['compaction']
}
const columnOf: Record<keyof SessionPatch, string> = {
  title: 'title',
  agentId: 'agent_id',
  model: 'model',
  permissionMode: 'permission_mode',
  budgetUsd: 'budget_usd',
  limits: 'limits',
  status: 'status',
  archived: 'archived',
  runId: 'run_id',
  todos: 'todos',
  compaction: 'compaction',
}
const toColumn = (value: unknown) =>
  (typeof value === 'boolean' ? Number(value) : typeof value === 'object' && value !== null ? JSON.stringify(value) : value) as string | number | null

/** Rows in, records out: with `search-store.ts` and `search-query-store.ts` the only files that know the sessions table. */
export function createSessionStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM sessions WHERE id = ?`)
  const insert =
    db.prepare(`INSERT INTO sessions (id, title, agent_id, model, workspace, permission_mode, budget_usd, limits, status, archived, parent_id, compaction, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const spend =
    db.prepare(`UPDATE sessions SET input_tokens = input_tokens + ?, output_tokens = output_tokens + ?, cache_read_tokens = cache_read_tokens + ?,
    cache_write_tokens = cache_write_tokens + ?, cost_usd = cost_usd + ? WHERE id = ?`)
  const position = db.prepare('UPDATE sessions SET next_position = next_position + 1 WHERE id = ? RETURNING next_position - 1 AS position')
  const placeNext = db.prepare('UPDATE sessions SET next_position = ? WHERE id = ?')
  const page = `ORDER BY updated_at DESC, id DESC LIMIT ?`
  const recent = db.prepare(`SELECT ${columns} FROM sessions WHERE archived = ? AND (updated_at, id) < (?, ?) ${page}`)
  const recentOfStatus = db.prepare(`SELECT ${columns} FROM sessions WHERE status = ? AND archived = ? AND (updated_at, id) < (?, ?) ${page}`)
  const remove = db.prepare('DELETE FROM sessions WHERE id = ?')
  const updates = new Map<string, ReturnType<Database['prepare']>>()
  return {
    find(id: string): SessionRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    insert(session: SessionRecord) {
      const {
        id,
        title,
        agentId,
        model,
        workspace,
        permissionMode,
        budgetUsd,
        limits,
        status,
        archived,
        parentId,
        compaction,
        createdAt,
        updatedAt,
      } = session
      insert.run(
        id,
        title,
        agentId,
        model,
        workspace.path,
        permissionMode,
        budgetUsd,
        JSON.stringify(limits),
        status,
        Number(archived),
        parentId,
        toColumn(compaction),
        createdAt,
        updatedAt,
      )
    },
    /** Changes the named fields and the time of the last change. */
    update(id: string, patch: SessionPatch, at = new Date().toISOString()) {
      const keys = Object.keys(patch).filter((key) => patch[key as keyof SessionPatch] !== undefined) as (keyof SessionPatch)[]
      const shape = keys.join()
      let statement = updates.get(shape)
      if (!statement) {
        statement = db.prepare(`UPDATE sessions SET ${keys.map((key) => `${columnOf[key]} = ?, `).join('')}updated_at = ? WHERE id = ?`)
        updates.set(shape, statement)
      }
      statement.run(...keys.map((key) => toColumn(patch[key])), at, id)
    },
    spend(id: string, usage: Session['usage']) {
      spend.run(usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheWriteTokens, usage.costUsd, id)
    },
    /** The next free place in the order of its messages. */
    nextPosition: (id: string) => Number((position.get(id) as { position: number }).position),
    /** The next message goes to this place. */
    placeNext: (id: string, place: number) => void placeNext.run(place, id),
    /** Last used first, after `before`. */
    list({
      archived,
      status,
      before,
      limit,
    }: {
      archived: boolean
      status: Session['status'] | undefined
      before: { updatedAt: string; id: string }
      limit: number
    }) {
      const { updatedAt, id } = before
      const rows =
        status === undefined ? recent.all(Number(archived), updatedAt, id, limit) : recentOfStatus.all(status, Number(archived), updatedAt, id, limit)
      return rows.map(toRecord)
    },
    remove: (id: string) => Number(remove.run(id).changes) > 0,
  }
}
export type SessionStore = ReturnType<typeof createSessionStore>
