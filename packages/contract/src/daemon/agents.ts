import { z } from 'zod'
import { operation } from '../operation.ts'
import { AgentId, At, BudgetUsd, LimitsPatch, listOf, ModelId, Nothing, page, PermissionMode, SkillName } from './common.ts'

const fields = {
  name: z.string().trim().min(1).max(100),
  description: z.string().max(2000),
  instructions: z.string().max(200_000),
  /** null: the default model of the settings. */
  model: ModelId.nullable(),
  fallbackModel: ModelId.nullable(),
  /** Tool ids, `app.*` or `*`. */
  tools: z.array(z.string().min(1).max(100)).max(500),
  /** The skills that it may load; null: every one of the library. */
  skills: z.array(SkillName).max(500).nullable(),
  permissionMode: PermissionMode.nullable(),
  limits: LimitsPatch,
  budgetUsd: BudgetUsd.nullable(),
}
/** A named configuration. `runtime` is what carries its loop. */
export const Agent = z
  .object({ id: AgentId, ...fields, runtime: z.literal('native'), isDefault: z.boolean(), createdAt: At, updatedAt: At })
  .meta({ id: 'Agent' })
export type Agent = z.infer<typeof Agent>

export const agents = {
  'agents.create': operation({
    summary: 'Create an agent.',
    needs: 'agents:write',
    http: 'POST /v1/agents',
    status: 201,
    database: 'agents',
    mcp: true,
    input: z.strictObject({
      name: fields.name,
      description: fields.description.default(''),
      instructions: fields.instructions.default(''),
      model: fields.model.default(null),
      fallbackModel: fields.fallbackModel.default(null),
      tools: fields.tools.default(['*']),
      skills: fields.skills.default(null),
      permissionMode: fields.permissionMode.default(null),
      limits: fields.limits.default({}),
      budgetUsd: fields.budgetUsd.default(null),
    }),
    output: Agent,
  }),
  'agents.get': operation({
    summary: 'Read one agent.',
    needs: 'agents:read',
    http: 'GET /v1/agents/{id}',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: AgentId }),
    output: Agent,
  }),
  'agents.list': operation({
    summary: 'List agents, the default first.',
    needs: 'agents:read',
    http: 'GET /v1/agents',
    mcp: true,
    input: z.strictObject({ ...page }),
    output: listOf(Agent),
  }),
  'agents.update': operation({
    summary: 'Change an agent; runs under way keep what they started with until their next step.',
    needs: 'agents:write',
    http: 'PATCH /v1/agents/{id}',
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: AgentId, ...z.strictObject({ ...fields, isDefault: z.literal(true) }).partial().shape }),
    output: Agent,
    lane: ({ id }) => `agent:${id}`,
  }),
  'agents.delete': operation({
    summary: 'Delete an agent; the default one cannot be deleted.',
    needs: 'agents:write',
    http: 'DELETE /v1/agents/{id}',
    status: 204,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: AgentId }),
    output: Nothing,
  }),
}
