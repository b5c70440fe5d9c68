import type { RunApproval } from '@steward/contract/daemon'
import { beginning, type OrderedPart } from '../../platform/page.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

const columns = `id, session_id AS sessionId, run_id AS runId, call_id AS callId, tool_id AS toolId, input, hash, reason, preview, suggested, status,
  settled_by AS settledBy, note, created_at AS createdAt, expires_at AS expiresAt, settled_at AS settledAt`
const toApproval = (row: unknown): RunApproval => {
  const { input, preview, suggested, ...rest } = plain<Record<string, unknown>>(row)
  const json = (text: unknown) => (text === null ? null : (JSON.parse(text as string) as never))
  return { ...(rest as unknown as RunApproval), executionId: null, input: json(input), preview: json(preview), suggested: json(suggested) }
}
/** Rows in, records out: the only file that knows the table approvals. */
export function createApprovalStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM approvals WHERE id = ? OR call_id = ?`)
  const insert =
    db.prepare(`INSERT INTO approvals (id, session_id, run_id, call_id, tool_id, input, hash, reason, preview, suggested, status, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`)
  const settle = db.prepare(`UPDATE approvals SET status = ?, settled_by = ?, note = ?, settled_at = ? WHERE id = ? AND status = 'waiting'`)
  const list = {
    oldest: db.prepare(`SELECT ${columns} FROM approvals WHERE status = ? AND id > ? ORDER BY id LIMIT ?`),
    newest: db.prepare(`SELECT ${columns} FROM approvals WHERE status = ? AND id < ? ORDER BY id DESC LIMIT ?`),
  }
  const listInSession = {
    oldest: db.prepare(`SELECT ${columns} FROM approvals WHERE session_id = ? AND status = ? AND id > ? ORDER BY id LIMIT ?`),
    newest: db.prepare(`SELECT ${columns} FROM approvals WHERE session_id = ? AND status = ? AND id < ? ORDER BY id DESC LIMIT ?`),
  }
  const waitingOfRun = db.prepare(`SELECT ${columns} FROM approvals WHERE run_id = ? AND status = 'waiting' ORDER BY id`)
  return {
    /** By the approval's own id or its call's. */
    find(id: string): RunApproval | undefined {
      const row = byId.get(id, id)
      return row && toApproval(row)
    },
    insert: (approval: RunApproval) =>
      void insert.run(
        approval.id,
        approval.sessionId,
        approval.runId,
        approval.callId,
        approval.toolId,
        JSON.stringify(approval.input),
        approval.hash,
        approval.reason,
        approval.preview === null ? null : JSON.stringify(approval.preview),
        approval.suggested === null ? null : JSON.stringify(approval.suggested),
        approval.createdAt,
        approval.expiresAt,
      ),
    /** True for the one who settles it; false when it was settled before. */
    settle: (id: string, status: RunApproval['status'], by: string | null, note: string | null, at: string) =>
      Number(settle.run(status, by, note, at, id).changes) === 1,
    waitingOfRun: (runId: string) => waitingOfRun.all(runId).map(toApproval),
    list({ sessionId, status, order, beyond = beginning[order], limit }: OrderedPart & { status: string; sessionId?: string | undefined }) {
      const rows = sessionId === undefined ? list[order].all(status, beyond, limit) : listInSession[order].all(sessionId, status, beyond, limit)
      return rows.map(toApproval)
    },
  }
}
export type ApprovalStore = ReturnType<typeof createApprovalStore>
