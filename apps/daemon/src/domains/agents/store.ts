import type { Agent } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

const columns = `id, name, description, instructions, model, fallback_model AS fallbackModel, tools, skills, permission_mode AS permissionMode, limits,
  budget_usd AS budgetUsd, is_default AS isDefault, created_at AS createdAt, updated_at AS updatedAt`
const toAgent = (row: unknown): Agent => {
  const { tools, skills, limits, isDefault, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as Agent),
    tools: JSON.parse(tools as string) as string[],
    skills: skills === null ? null : (JSON.parse(skills as string) as string[]),
    limits: JSON.parse(limits as string) as Agent['limits'],
    runtime: 'native',
    isDefault: isDefault === 1,
  }
}
const values = (agent: Agent) => {
  const { name, description, instructions, model, fallbackModel, tools, skills, permissionMode, limits, budgetUsd, isDefault } = agent
  return [
    name,
    description,
    instructions,
    model,
    fallbackModel,
    JSON.stringify(tools),
    skills === null ? null : JSON.stringify(skills),
    permissionMode,
    JSON.stringify(limits),
    budgetUsd,
    Number(isDefault),
  ] as const
}
/** Rows in, agents out: the only file that knows the agents table. */
export function createAgentStore(db: Database) {
  const byId = db.prepare(`SELECT ${columns} FROM agents WHERE id = ?`)
  const theDefault = db.prepare(`SELECT ${columns} FROM agents WHERE is_default = 1`)
  const first = db.prepare(`SELECT ${columns} FROM agents ORDER BY is_default DESC, id LIMIT ?`)
  const next = db.prepare(`SELECT ${columns} FROM agents WHERE is_default < ? OR (is_default = ? AND id > ?) ORDER BY is_default DESC, id LIMIT ?`)
  const insert =
    db.prepare(`INSERT INTO agents (id, name, description, instructions, model, fallback_model, tools, skills, permission_mode, limits, budget_usd, is_default, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const update =
    db.prepare(`UPDATE agents SET name = ?, description = ?, instructions = ?, model = ?, fallback_model = ?, tools = ?, skills = ?, permission_mode = ?, limits = ?,
    budget_usd = ?, is_default = ?, updated_at = ? WHERE id = ?`)
  const remove = db.prepare('DELETE FROM agents WHERE id = ?')
  return {
    find(id: string): Agent | undefined {
      const row = byId.get(id)
      return row && toAgent(row)
    },
    findDefault(): Agent | undefined {
      const row = theDefault.get()
      return row && toAgent(row)
    },
    insert: (agent: Agent) => void insert.run(agent.id, ...values(agent), agent.createdAt, agent.updatedAt),
    update: (agent: Agent) => void update.run(...values(agent), agent.updatedAt, agent.id),
    remove: (id: string) => void remove.run(id),
    /** The default first, then by making. */
    list(limit: number, after?: { isDefault: number; id: string }): Agent[] {
      const rows = after ? next.all(after.isDefault, after.isDefault, after.id, limit) : first.all(limit)
      return rows.map(toAgent)
    },
  }
}
