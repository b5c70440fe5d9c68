import type { Memory } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

/** A memory with its place: the number of its scope, and a running number that tells which came first. */
export type MemoryRecord = Memory & { readonly seq: number; readonly scope: number; readonly hash: string }
export interface Scope {
  readonly agentId: string | null
  readonly sessionId: string | null
}
export interface MemoryFilter {
  /** Of these scopes; undefined: of all. */
  readonly scopes: readonly number[] | undefined
  readonly kind?: string | undefined
  readonly tag?: string | undefined
  readonly now: string
}
export const toMemory = ({ seq: _seq, scope: _scope, hash: _hash, ...memory }: MemoryRecord): Memory => memory

const columns = `m.seq, m.id, m.scope, m.kind, m.text, m.tags, m.source, m.hash, s.agent_id AS agentId, s.session_id AS sessionId, m.created_at AS createdAt,
  m.updated_at AS updatedAt, m.expires_at AS expiresAt`
const memories = 'memories m JOIN memory_scopes s ON s.number = m.scope'
const toRecord = (row: unknown): MemoryRecord => {
  const record = plain<Record<keyof MemoryRecord, string | null>>(row)
  const { tags, source, agentId, sessionId } = record
  return {
    ...(record as unknown as MemoryRecord),
    tags: JSON.parse(tags ?? '[]') as string[],
    source: JSON.parse(source ?? '{}') as Memory['source'],
    agentId: agentId || null,
    sessionId: sessionId || null,
  }
}

/** Rows in, records out: the only file that writes the tables of memories, but for their pieces. */
export function createMemoryStore(db: Database) {
  const scopeNumber = db.prepare('SELECT number FROM memory_scopes WHERE agent_id = ? AND session_id = ?')
  const addScope = db.prepare('INSERT INTO memory_scopes (agent_id, session_id) VALUES (?, ?)')
  const scopes = db.prepare(
    'SELECT number, agent_id AS agentId, session_id AS sessionId FROM memory_scopes WHERE number > ? AND number <> 1 ORDER BY number LIMIT ?',
  )
  const dropScope = db.prepare('DELETE FROM memory_scopes WHERE number = ?')
  const byId = db.prepare(`SELECT ${columns} FROM ${memories} WHERE m.id = ?`)
  const byHash = db.prepare(`SELECT ${columns} FROM ${memories} WHERE m.scope = ? AND m.hash = ?`)
  const insert = db.prepare(
    'INSERT INTO memories (id, scope, kind, text, tags, source, hash, created_at, updated_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const update = db.prepare('UPDATE memories SET kind = ?, text = ?, tags = ?, hash = ?, updated_at = ?, expires_at = ? WHERE seq = ?')
  const remove = db.prepare('DELETE FROM memories WHERE seq = ?')
  const tag = db.prepare('INSERT OR IGNORE INTO memory_tags (tag, memory_seq) VALUES (?, ?)')
  const untag = db.prepare('DELETE FROM memory_tags WHERE memory_seq = ?')
  const expired = db.prepare('SELECT seq, id FROM memories WHERE expires_at <= ? ORDER BY expires_at LIMIT ?')
  const old = db.prepare('SELECT seq, id FROM memories WHERE updated_at < ? ORDER BY updated_at LIMIT ?')
  const ofScope = db.prepare('SELECT seq, id FROM memories WHERE scope = ? ORDER BY seq LIMIT ?')
  const any = db.prepare('SELECT 1 FROM memories LIMIT 1')
  const prepared = new Map<string, ReturnType<Database['prepare']>>()
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? db.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  const retag = (seq: number, tags: readonly string[]) => {
    untag.run(seq)
    for (const one of tags) tag.run(one, seq)
  }
  const named = (rows: unknown[]) => rows.map((row) => plain<{ seq: number; id: string }>(row))
  const findScope = ({ agentId, sessionId }: Scope): number | undefined =>
    scopeNumber.get(agentId ?? '', sessionId ?? '')?.['number'] as number | undefined
  return {
    isAny: (): boolean => any.get() !== undefined,
    findScope,
    /** The number of a scope, which is made where it is not there yet. */
    scopeOf: (scope: Scope): number => findScope(scope) ?? Number(addScope.run(scope.agentId ?? '', scope.sessionId ?? '').lastInsertRowid),
    /** Scopes other than the global one, by number. */
    scopes: (after: number, limit: number) => scopes.all(after, limit).map((row) => plain<Scope & { number: number }>(row)),
    dropScope: (number: number) => void dropScope.run(number),
    find(id: string): MemoryRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    findByHash(scope: number, hash: string): MemoryRecord | undefined {
      const row = byHash.get(scope, hash)
      return row && toRecord(row)
    },
    insert({ id, scope, kind, text, tags, source, hash, createdAt, updatedAt, expiresAt }: Omit<MemoryRecord, 'seq'>): number {
      const values = [id, scope, kind, text, JSON.stringify(tags), JSON.stringify(source), hash, createdAt, updatedAt, expiresAt]
      const seq = Number(insert.run(...values).lastInsertRowid)
      retag(seq, tags)
      return seq
    },
    update({ seq, kind, text, tags, hash, updatedAt, expiresAt }: MemoryRecord) {
      update.run(kind, text, JSON.stringify(tags), hash, updatedAt, expiresAt, seq)
      retag(seq, tags)
    },
    /** Removes a memory with its tags and pieces. */
    remove: (seq: number) => void remove.run(seq),
    expired: (at: string, limit: number) => named(expired.all(at, limit)),
    untouchedSince: (at: string, limit: number) => named(old.all(at, limit)),
    ofScope: (scope: number, limit: number) => named(ofScope.all(scope, limit)),
    /** Newest first, before `before`; at most `limit`. Each scope is read by its own index and they are merged here. */
    list({ scopes: within, kind, tag: wanted, now }: MemoryFilter, before: number, limit: number): MemoryRecord[] {
      const from =
        wanted === undefined ? memories : `memory_tags t JOIN memories m ON m.seq = t.memory_seq JOIN memory_scopes s ON s.number = m.scope`
      const conditions = [
        ...(wanted === undefined ? [] : ['t.tag = ?']),
        ...(kind === undefined ? [] : ['m.kind = ?']),
        `${wanted === undefined ? 'm.seq' : 't.memory_seq'} < ?`,
        '(m.expires_at IS NULL OR m.expires_at > ?)',
        ...(within === undefined ? [] : ['m.scope = ?']),
      ]
      const order = wanted === undefined ? 'm.seq' : 't.memory_seq'
      const sql = `SELECT ${columns} FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY ${order} DESC LIMIT ?`
      const values = [...(wanted === undefined ? [] : [wanted]), ...(kind === undefined ? [] : [kind]), before, now]
      const pages = (within ?? [undefined]).map((scope) => statement(sql).all(...values, ...(scope === undefined ? [] : [scope]), limit))
      const found = pages.flat().map(toRecord)
      return found.toSorted((one, other) => other.seq - one.seq).slice(0, limit)
    },
  }
}
export type MemoryStore = ReturnType<typeof createMemoryStore>
