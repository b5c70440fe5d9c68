import { createHash } from 'node:crypto'
import type { ModelMessage, ModelRequest, TokenUsage } from '../../engine/types.ts'
import type { Database } from '../../platform/storage/database.ts'

/** One line of a run's ledger: an engine event, with what stands in rows of its own left out. */
export interface LedgerLine {
  readonly line: number
  readonly at: string
  readonly type: string
  readonly data: Record<string, unknown>
}
/** A model request by the hashes of its parts: a part that many requests share is stored once. */
interface RequestParts {
  readonly system: string
  readonly tools: string
  readonly messages: readonly string[]
  readonly rest: Omit<ModelRequest, 'system' | 'tools' | 'messages'>
}

/** The ledgers of runs and the model requests in them. The only file that knows the tables ledger and request_parts. */
export function createLedgerStore(db: Database) {
  const insert = db.prepare('INSERT INTO ledger (run_id, line, at, type, data) VALUES (?, ?, ?, ?, ?)')
  const all = db.prepare('SELECT line, at, type, data FROM ledger WHERE run_id = ? ORDER BY line')
  const steps = db.prepare(
    `SELECT run_id AS runId, at, json_extract(data, '$.model') AS model, json_extract(data, '$.usage') AS usage, json_extract(data, '$.costUsd') AS costUsd
     FROM runs JOIN ledger ON run_id = id WHERE session_id = ? AND type = 'step.finished' ORDER BY id DESC, line DESC LIMIT ?`,
  )
  const keep = db.prepare('INSERT OR IGNORE INTO request_parts (hash, body) VALUES (?, ?)')
  const part = db.prepare('SELECT body FROM request_parts WHERE hash = ?')
  const hashes = new WeakMap<object, string>()
  const save = (body: string): string => {
    const hash = createHash('sha256').update(body).digest()
    keep.run(hash, body)
    return hash.toString('hex')
  }
  const saveOnce = (value: ModelMessage | readonly unknown[]): string => {
    const known = hashes.get(value)
    if (known !== undefined && part.get(Buffer.from(known, 'hex'))) return known
    const hash = save(JSON.stringify(value))
    hashes.set(value, hash)
    return hash
  }
  const load = (hash: string): unknown => {
    const row = part.get(Buffer.from(hash, 'hex')) as { body: string } | undefined
    return row && JSON.parse(row.body)
  }
  return {
    append: (runId: string, line: number, at: string, type: string, data: object) => void insert.run(runId, line, at, type, JSON.stringify(data)),
    lines: (runId: string): LedgerLine[] =>
      (all.all(runId) as unknown as { line: number; at: string; type: string; data: string }[]).map((row) => ({
        line: Number(row.line),
        at: row.at,
        type: row.type,
        data: JSON.parse(row.data) as Record<string, unknown>,
      })),
    /** The newest model calls of a session that ended well, newest first. */
    steps: (sessionId: string, limit: number) =>
      (steps.all(sessionId, limit) as unknown as { runId: string; at: string; model: string; usage: string; costUsd: number }[]).map(
        ({ runId, at, model, usage, costUsd }) => ({ runId, at, model, ...(JSON.parse(usage) as TokenUsage), costUsd }),
      ),
    /** Keeps a model request whole, for replay. Inside a commit; a rolled-back part is kept again with the next request that has it. */
    saveRequest(request: ModelRequest): RequestParts {
      const { system, tools, messages, ...rest } = request
      return { system: save(JSON.stringify(system)), tools: saveOnce(tools), messages: messages.map(saveOnce), rest }
    },
    loadRequest({ system, tools, messages, rest }: RequestParts): ModelRequest {
      return {
        ...rest,
        system: load(system) as string,
        tools: load(tools) as ModelRequest['tools'],
        messages: messages.map((hash) => load(hash) as ModelMessage),
      }
    },
  }
}
export type LedgerStore = ReturnType<typeof createLedgerStore>
