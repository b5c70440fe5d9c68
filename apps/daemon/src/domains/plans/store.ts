import type { Plan } from '@steward/contract/daemon'
import { decodePage, encodePage } from '../../platform/page.ts'
import { plain, type Database } from '../../platform/storage/database.ts'
import type { ToolPrint } from '../../tools/fingerprint.ts'

/** A stored plan. `steps` are redacted; `sealed` holds them whole where they differ. `tools` are what they were like when it was made. */
export interface PlanRecord {
  readonly id: string
  readonly intent: string
  readonly text: string
  readonly steps: Plan['steps']
  readonly sealed: string | null
  readonly confidence: number
  readonly planner: string
  readonly caller: string
  readonly workspace: string
  readonly hash: string
  readonly tools: Readonly<Record<string, ToolPrint>>
  readonly createdAt: string
  readonly expiresAt: string
}
const columns = `id, intent, text, steps, sealed, confidence, planner, caller, workspace, hash, tools, created_at AS createdAt, expires_at AS expiresAt`
const toRecord = (row: unknown): PlanRecord => {
  const { steps, tools, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as PlanRecord), steps: JSON.parse(steps as string) as Plan['steps'], tools: JSON.parse(tools as string) as never }
}
/** Rows in, records out: the only file that knows the table plans. */
export function createPlanStore(db: Database) {
  const insert = db.prepare(`INSERT INTO plans
    (id, intent, text, steps, sealed, confidence, planner, caller, workspace, hash, tools, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const byId = db.prepare(`SELECT ${columns} FROM plans WHERE id = ?`)
  const list = db.prepare(`SELECT ${columns}, rowid AS place FROM plans WHERE caller = ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`)
  const prune = db.prepare('DELETE FROM plans WHERE id IN (SELECT id FROM plans WHERE expires_at < ? LIMIT ?)')
  return {
    insert: (plan: PlanRecord) =>
      void insert.run(
        plan.id,
        plan.intent,
        plan.text,
        JSON.stringify(plan.steps),
        plan.sealed,
        plan.confidence,
        plan.planner,
        plan.caller,
        plan.workspace,
        plan.hash,
        JSON.stringify(plan.tools),
        plan.createdAt,
        plan.expiresAt,
      ),
    find(id: string): PlanRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    /** Those of one caller, newest first. */
    list(caller: string, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodePage(cursor, 'place')
      const rows = list.all(caller, before, limit + 1)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items: items.map(toRecord), nextCursor: rows.length > limit && last ? encodePage({ place: Number(last['place']) }) : null }
    },
    /** Forgets at most `limit` plans that had expired before `at`. Answers how many went. */
    prune: (at: string, limit: number) => Number(prune.run(at, limit).changes),
  }
}
export type PlanStore = ReturnType<typeof createPlanStore>
