import type { Approval } from '@steward/contract/daemon'
import { beginning, type OrderedPart } from '../../platform/page.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

/** The approval of a call of an execution, and where it stands. */
export interface ExecutionApproval extends Approval {
  readonly sessionId: null
  readonly runId: null
  readonly executionId: string
  readonly step: string
  readonly workspace: string
}
const columns = `id, execution_id AS executionId, step, call_id AS callId, tool_id AS toolId, workspace, input, hash, reason, preview, suggested, status,
  settled_by AS settledBy, note, created_at AS createdAt, expires_at AS expiresAt, settled_at AS settledAt`
const toRecord = (row: unknown): ExecutionApproval => {
  const { input, preview, suggested, ...rest } = plain<Record<string, unknown>>(row)
  const json = (text: unknown) => (text === null ? null : (JSON.parse(text as string) as never))
  return {
    ...(rest as unknown as ExecutionApproval),
    sessionId: null,
    runId: null,
    input: json(input),
    preview: json(preview),
    suggested: json(suggested),
  }
}
/** An approval as every door shows it. */
const toApproval = ({ step: _step, workspace: _workspace, ...approval }: ExecutionApproval): Approval => approval

/** Rows in, records out: the only file that knows the table execution_approvals. */
export function createExecutionApprovalStore(db: Database) {
  const insert = db.prepare(`INSERT INTO execution_approvals
    (id, execution_id, execution_seq, step, call_id, tool_id, workspace, input, hash, reason, preview, suggested, status, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`)
  const byId = db.prepare(`SELECT ${columns} FROM execution_approvals WHERE id = ? OR call_id = ?`)
  const settle = db.prepare(`UPDATE execution_approvals SET status = ?, settled_by = ?, note = ?, settled_at = ? WHERE id = ? AND status = 'waiting'`)
  const waiting = db.prepare(`SELECT ${columns} FROM execution_approvals WHERE execution_id = ? AND status = 'waiting' ORDER BY id`)
  const list = {
    oldest: db.prepare(`SELECT ${columns} FROM execution_approvals WHERE status = ? AND id > ? ORDER BY id LIMIT ?`),
    newest: db.prepare(`SELECT ${columns} FROM execution_approvals WHERE status = ? AND id < ? ORDER BY id DESC LIMIT ?`),
  }
  const listOf = {
    oldest: db.prepare(`SELECT ${columns} FROM execution_approvals WHERE execution_id = ? AND status = ? AND id > ? ORDER BY id LIMIT ?`),
    newest: db.prepare(`SELECT ${columns} FROM execution_approvals WHERE execution_id = ? AND status = ? AND id < ? ORDER BY id DESC LIMIT ?`),
  }
  return {
    insert: (executionSeq: number, approval: ExecutionApproval) =>
      void insert.run(
        approval.id,
        approval.executionId,
        executionSeq,
        approval.step,
        approval.callId,
        approval.toolId,
        approval.workspace,
        JSON.stringify(approval.input),
        approval.hash,
        approval.reason,
        approval.preview === null ? null : JSON.stringify(approval.preview),
        approval.suggested === null ? null : JSON.stringify(approval.suggested),
        approval.createdAt,
        approval.expiresAt,
      ),
    /** By the approval's own id or its call's. */
    find(id: string): ExecutionApproval | undefined {
      const row = byId.get(id, id)
      return row && toRecord(row)
    },
    /** True for the one who settles it; false when it was settled before. */
    settle: (id: string, status: Approval['status'], by: string | null, note: string | null, at: string) =>
      Number(settle.run(status, by, note, at, id).changes) === 1,
    waitingOf: (executionId: string) => waiting.all(executionId).map(toRecord),
    list({ executionId, status, order, beyond = beginning[order], limit }: OrderedPart & { status: string; executionId?: string | undefined }) {
      const rows = executionId === undefined ? list[order].all(status, beyond, limit) : listOf[order].all(executionId, status, beyond, limit)
      return rows.map((row) => toApproval(toRecord(row)))
    },
  }
}
export type ExecutionApprovalStore = ReturnType<typeof createExecutionApprovalStore>
