import type { Question } from '@steward/contract/daemon'
import { decodePlace, encodePage } from '../../platform/page.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

const columns =
  'id, session_id AS sessionId, run_id AS runId, call_id AS callId, items, status, answers, created_at AS createdAt, settled_at AS settledAt'
const toQuestion = (row: unknown): Question => {
  const { items, answers, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as Question),
    items: JSON.parse(items as string) as never,
    answers: answers === null ? null : (JSON.parse(answers as string) as never),
  }
}
/** Rows in, records out: the only file that knows the table questions. */
export function createQuestionStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM questions WHERE id = ? OR call_id = ?`)
  const insert = db.prepare(`INSERT INTO questions (id, session_id, run_id, call_id, items, status, created_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?)`)
  const settle = db.prepare(`UPDATE questions SET status = ?, answers = ?, settled_at = ? WHERE id = ? AND status = 'waiting'`)
  const list = db.prepare(`SELECT ${columns} FROM questions WHERE status = ? AND id > ? ORDER BY id LIMIT ?`)
  const listInSession = db.prepare(`SELECT ${columns} FROM questions WHERE session_id = ? AND status = ? AND id > ? ORDER BY id LIMIT ?`)
  const waitingOfRun = db.prepare(`SELECT ${columns} FROM questions WHERE run_id = ? AND status = 'waiting' ORDER BY id`)
  return {
    /** By the question's own id or its call's. */
    find(id: string): Question | undefined {
      const row = byId.get(id, id)
      return row && toQuestion(row)
    },
    insert: (question: Question) =>
      void insert.run(question.id, question.sessionId, question.runId, question.callId, JSON.stringify(question.items), question.createdAt),
    /** True for the one who settles it; false when it was settled before. */
    settle: (id: string, status: Question['status'], answers: Question['answers'], at: string) =>
      Number(settle.run(status, answers === null ? null : JSON.stringify(answers), at, id).changes) === 1,
    waitingOfRun: (runId: string) => waitingOfRun.all(runId).map(toQuestion),
    list({ sessionId, status, cursor, limit }: { sessionId?: string | undefined; status: string; cursor?: string | undefined; limit: number }) {
      const after = cursor === undefined ? '' : String(decodePlace(cursor)['id'] ?? '')
      const rows = (sessionId === undefined ? list.all(status, after, limit + 1) : listInSession.all(sessionId, status, after, limit + 1)).map(
        toQuestion,
      )
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ id: last.id }) : null }
    },
  }
}
export type QuestionStore = ReturnType<typeof createQuestionStore>
