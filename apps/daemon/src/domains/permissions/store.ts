import type { Rule } from '@steward/contract/daemon'
import { decodePlace, encodePage } from '../../platform/page.ts'
import { plain, type Database } from '../../platform/storage/database.ts'

const columns = 'id, tool, pattern, action, level, session_id AS sessionId, workspace, created_at AS createdAt, expires_at AS expiresAt'
const toRule = (row: unknown) => plain<Rule>(row)
/** Rows in, records out: the only file that knows the table permission_rules. */
export function createRuleStore(db: Database) {
  const insert = db.prepare(
    'INSERT INTO permission_rules (id, tool, pattern, action, level, session_id, workspace, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const byId = db.prepare(`SELECT ${columns} FROM permission_rules WHERE id = ?`)
  const remove = db.prepare('DELETE FROM permission_rules WHERE id = ?')
  const applying =
    db.prepare(`SELECT ${columns} FROM permission_rules WHERE (level = 'global' OR (level = 'workspace' AND workspace = ?) OR (level = 'session' AND session_id = ?))
    AND (expires_at IS NULL OR expires_at > ?) ORDER BY id`)
  const page = db.prepare(
    `SELECT ${columns} FROM permission_rules WHERE id > ? AND (? IS NULL OR session_id = ?) AND (? IS NULL OR workspace = ?) ORDER BY id LIMIT ?`,
  )
  return {
    insert: (rule: Rule) =>
      void insert.run(rule.id, rule.tool, rule.pattern, rule.action, rule.level, rule.sessionId, rule.workspace, rule.createdAt, rule.expiresAt),
    find(id: string): Rule | undefined {
      const row = byId.get(id)
      return row && toRule(row)
    },
    remove: (id: string) => Number(remove.run(id).changes) > 0,
    /** The rules that hold in a session of a workspace now. */
    applying: (workspace: string, sessionId: string, now: string) => applying.all(workspace, sessionId, now).map(toRule),
    list({
      sessionId,
      workspace,
      cursor,
      limit,
    }: {
      sessionId?: string | undefined
      workspace?: string | undefined
      cursor?: string | undefined
      limit: number
    }) {
      const after = cursor === undefined ? '' : String(decodePlace(cursor)['id'] ?? '')
      const rows = page.all(after, sessionId ?? null, sessionId ?? null, workspace ?? null, workspace ?? null, limit + 1).map(toRule)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ id: last.id }) : null }
    },
  }
}
export type RuleStore = ReturnType<typeof createRuleStore>
