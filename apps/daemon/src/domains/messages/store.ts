import type { Attachment, Message, Origin, ToolCall } from '@steward/contract/daemon'
import type { z } from 'zod'
import { plain, type Database } from '../../platform/storage/database.ts'

type Json = z.core.util.JSONType
/** A message as it is stored. `parts` is the model's own content, for sending it back; null for a person's words. */
export interface MessageRecord {
  readonly id: string
  readonly sessionId: string
  readonly runId: string | null
  readonly position: number
  readonly role: 'user' | 'assistant'
  readonly status: Message['status']
  readonly delivery: 'queue' | 'steer'
  readonly text: string
  readonly reasoning: string | null
  readonly model: string | null
  readonly parts: Json | null
  readonly origin: Origin | null
  readonly synthetic: boolean
  readonly createdAt: string
}
const columns = `id, session_id AS sessionId, run_id AS runId, position, role, status, delivery, text, reasoning, model, parts, origin, synthetic, created_at AS createdAt`
const toRecord = (row: unknown): MessageRecord => {
  const { parts, origin, synthetic, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as MessageRecord),
    parts: parts === null ? null : (JSON.parse(parts as string) as Json),
    origin: origin === null ? null : (JSON.parse(origin as string) as Origin),
    synthetic: synthetic === 1,
  }
}
/** The message as clients see it. */
export function toMessage(record: MessageRecord, attachments: Attachment[], toolCalls: ToolCall[]): Message {
  const { parts: _parts, delivery: _delivery, ...rest } = record
  return { ...rest, attachments, toolCalls }
}

/** Rows in, records out: the only file that knows the tables messages, message_chunks and message_files. */
export function createMessageStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM messages WHERE id = ?`)
  const insert =
    db.prepare(`INSERT INTO messages (id, session_id, run_id, position, role, status, delivery, text, reasoning, model, parts, origin, synthetic, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertFile = db.prepare('INSERT INTO message_files (message_id, ordinal, file_id) VALUES (?, ?, ?)')
  const take = db.prepare(`UPDATE messages SET status = 'final', run_id = ?, position = ? WHERE id = ?`)
  const assign = db.prepare(`UPDATE messages SET run_id = ?, delivery = 'queue' WHERE id = ?`)
  const waiting = db.prepare(`SELECT ${columns} FROM messages WHERE session_id = ? AND status = 'queued' AND delivery = 'steer' ORDER BY position`)
  const steered = db.prepare(`SELECT DISTINCT session_id AS sessionId FROM messages WHERE status = 'queued' AND delivery = 'steer'`)
  const ofRun = db.prepare(`SELECT ${columns} FROM messages WHERE run_id = ? AND role = 'user' AND synthetic = 0 ORDER BY position LIMIT 1`)
  const openInRun = db.prepare(`SELECT ${columns} FROM messages WHERE run_id = ? AND status = 'streaming' ORDER BY position`)
  const newest = db.prepare(`SELECT ${columns} FROM messages WHERE session_id = ? AND position < ? ORDER BY position DESC LIMIT ?`)
  const oldest = db.prepare(`SELECT ${columns} FROM messages WHERE session_id = ? AND position > ? ORDER BY position LIMIT ?`)
  const between = db.prepare(
    `SELECT ${columns} FROM messages WHERE session_id = ? AND position >= ? AND position < ? AND status IN ('final', 'interrupted') ORDER BY position`,
  )
  const chunk = db.prepare('INSERT INTO message_chunks (message_id, at, kind, text) VALUES (?, ?, ?, ?)')
  const chunks = db.prepare('SELECT kind, text FROM message_chunks WHERE message_id = ? ORDER BY at')
  const dropChunks = db.prepare('DELETE FROM message_chunks WHERE message_id = ?')
  const close = db.prepare('UPDATE messages SET status = ?, text = ?, reasoning = ?, parts = ?, model = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM messages WHERE id = ?')
  const removeFrom = db.prepare('DELETE FROM messages WHERE session_id = ? AND position >= ?')
  const countAfter = db.prepare('SELECT count(*) AS count FROM messages WHERE session_id = ? AND position >= ?')
  const filesOf = db.prepare(
    `SELECT m.file_id AS fileId, f.name, f.media_type AS mediaType, f.size FROM message_files m JOIN files f ON f.id = m.file_id WHERE m.message_id = ? ORDER BY m.ordinal`,
  )
  const many = (rows: unknown[]) => rows.map(toRecord)
  return {
    find(id: string): MessageRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    insert(message: MessageRecord, fileIds: readonly string[] = []) {
      insert.run(
        message.id,
        message.sessionId,
        message.runId,
        message.position,
        message.role,
        message.status,
        message.delivery,
        message.text,
        message.reasoning,
        message.model,
        message.parts === null ? null : JSON.stringify(message.parts),
        message.origin === null ? null : JSON.stringify(message.origin),
        Number(message.synthetic),
        message.createdAt,
      )
      fileIds.forEach((fileId, ordinal) => insertFile.run(message.id, ordinal, fileId))
    },
    /** A queued message enters its run, at this place of the conversation. */
    take: (id: string, runId: string, position: number) => void take.run(runId, position, id),
    assign: (id: string, runId: string) => void assign.run(runId, id),
    /** Sessions with steering messages that no step has read yet. */
    steered: () => steered.all().map((row) => String((row as { sessionId: string }).sessionId)),
    /** Steering messages of a session that no step has read yet. */
    steering: (sessionId: string) => many(waiting.all(sessionId)),
    /** The message that a run answers. */
    trigger(runId: string): MessageRecord | undefined {
      const row = ofRun.get(runId)
      return row && toRecord(row)
    },
    streaming: (runId: string) => many(openInRun.all(runId)),
    newestBefore: (sessionId: string, position: number, limit: number) => many(newest.all(sessionId, position, limit)),
    oldestAfter: (sessionId: string, position: number, limit: number) => many(oldest.all(sessionId, position, limit)),
    /** Finished messages with from ≤ position < to, in reading order. */
    between: (sessionId: string, from: number, to: number) => many(between.all(sessionId, from, to)),
    /** Keeps shown words before they are shown. `at` counts the chunks of the message. */
    appendChunk: (id: string, at: number, kind: 'text' | 'reasoning', text: string) => void chunk.run(id, at, kind, text),
    /** What was shown of a message that is not closed yet. */
    shown(id: string): { text: string; reasoning: string } {
      const shown = { text: '', reasoning: '' }
      for (const { kind, text } of chunks.all(id) as { kind: 'text' | 'reasoning'; text: string }[]) shown[kind] += text
      return shown
    },
    /** Closes a message: its whole text takes the place of its chunks. */
    close(id: string, status: 'final' | 'interrupted', text: string, reasoning: string | null, parts: Json | null, model: string) {
      close.run(status, text, reasoning, parts === null ? null : JSON.stringify(parts), model, id)
      dropChunks.run(id)
    },
    remove: (id: string) => void remove.run(id),
    /** How many messages stand at and after a position. */
    countFrom: (sessionId: string, position: number) => Number((countAfter.get(sessionId, position) as { count: number }).count),
    /** Removes the messages at and after a position; returns how many. */
    removeFrom: (sessionId: string, position: number) => Number(removeFrom.run(sessionId, position).changes),
    attachments: (id: string) => filesOf.all(id).map((row) => plain<Attachment>(row)),
  }
}
