import type { ToolCall } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

const columns = `id, session_id AS sessionId, run_id AS runId, message_id AS messageId, tool_id AS toolId, input, status, output, text,
  created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt`
const toCall = (row: unknown): ToolCall => {
  const { input, output, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as ToolCall),
    input: JSON.parse(input as string) as never,
    output: output === null ? null : (JSON.parse(output as string) as never),
  }
}
/** The tool calls of runs. The only file that knows the table tool_calls. */
export function createCallStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM tool_calls WHERE id = ?`)
  const ofMessage = db.prepare(`SELECT ${columns} FROM tool_calls WHERE message_id = ? ORDER BY ordinal`)
  const ofRun = db.prepare(`SELECT ${columns} FROM tool_calls WHERE run_id = ?`)
  const openOfRun = db.prepare(
    `SELECT ${columns} FROM tool_calls WHERE run_id = ? AND status IN ('asked', 'waiting', 'approved', 'started') ORDER BY id`,
  )
  const completed = db.prepare(
    `SELECT ${columns} FROM tool_calls WHERE session_id = ? AND status = 'completed' AND tool_id IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?`,
  )
  const insert = db.prepare(
    `INSERT INTO tool_calls (id, session_id, run_id, message_id, ordinal, tool_id, input, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'asked', ?)`,
  )
  const setStatus = db.prepare('UPDATE tool_calls SET status = ? WHERE id = ?')
  const start = db.prepare(`UPDATE tool_calls SET status = 'started', input = ?, started_at = ? WHERE id = ?`)
  const give = db.prepare('UPDATE tool_calls SET output = ?, text = ? WHERE id = ?')
  const finish = db.prepare('UPDATE tool_calls SET status = ?, output = ?, text = ?, finished_at = ? WHERE id = ?')
  return {
    find(id: string): ToolCall | undefined {
      const row = byId.get(id)
      return row && toCall(row)
    },
    ofMessage: (messageId: string) => ofMessage.all(messageId).map(toCall),
    ofRun: (runId: string) => ofRun.all(runId).map(toCall),
    openOfRun: (runId: string) => openOfRun.all(runId).map(toCall),
    /** The newest finished calls of these tools in a session, newest first. */
    completedOf: (sessionId: string, toolIds: readonly string[], limit: number) =>
      completed.all(sessionId, JSON.stringify(toolIds), limit).map(toCall),
    insert: (call: ToolCall, ordinal: number) =>
      void insert.run(call.id, call.sessionId, call.runId, call.messageId, ordinal, call.toolId, JSON.stringify(call.input), call.createdAt),
    setStatus: (id: string, status: ToolCall['status']) => void setStatus.run(status, id),
    start: (id: string, input: unknown, at: string) => void start.run(JSON.stringify(input), at, id),
    /** Keeps the result that a person gave for a call that waits. */
    give: (id: string, output: unknown, text: string) => void give.run(JSON.stringify(output ?? null), text, id),
    finish: (id: string, status: ToolCall['status'], output: unknown, text: string | null, at: string) =>
      void finish.run(status, JSON.stringify(output ?? null), text, at, id),
  }
}
export type CallStore = ReturnType<typeof createCallStore>
