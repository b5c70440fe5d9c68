import { z } from 'zod'
import { operation } from '../operation.ts'
import { AppId, At, listOf, ModelId, page, PlanId, ToolId, Values, WorkspacePath } from './common.ts'

export const PlanStep = z.object({
  id: z.string(),
  appId: AppId,
  toolId: ToolId,
  inputs: Values,
  dependsOn: z.array(z.string()).optional(),
})
export type PlanStep = z.infer<typeof PlanStep>
/**
 * An immutable list of tool calls proposed for a request; nothing has run. `appId`, `toolId` and `inputs` repeat the first step. A plan
 * without steps is not stored: its `id` and `expiresAt` are null.
 */
export const Plan = z
  .object({
    id: PlanId.nullable(),
    intent: z.string(),
    appId: AppId.nullable(),
    toolId: ToolId.nullable(),
    inputs: Values.nullable(),
    steps: z.array(PlanStep),
    expiresAt: At.nullable(),
  })
  .meta({ id: 'Plan' })
export type Plan = z.infer<typeof Plan>
/** A plan that is stored, with who asked for it. `hash` is over its steps and the tools as they were. */
export const StoredPlan = Plan.extend({
  id: PlanId,
  expiresAt: At,
  text: z.string(),
  confidence: z.number(),
  planner: z.string(),
  caller: z.string(),
  /** The folder that it is carried out in. */
  workspace: z.string(),
  hash: z.string(),
  executionId: z.string().nullable(),
  createdAt: At,
}).meta({ id: 'StoredPlan' })
export type StoredPlan = z.infer<typeof StoredPlan>

export const plans = {
  'plans.create': operation({
    summary: 'Turn a request into a plan: tool calls that fit it. Nothing is run.',
    needs: 'plans:write',
    http: 'POST /v1/plan',
    database: 'agents',
    mcp: true,
    cli: { name: 'plan', positionals: ['text'] },
    input: z.strictObject({
      text: z.string().trim().min(1).max(20_000),
      /** What surrounds the request: material for its words, never an instruction. */
      context: z.json().optional(),
      appId: AppId.optional(),
      model: ModelId.optional(),
      workspace: WorkspacePath.optional(),
    }),
    output: z.object({
      intent: z.string(),
      plan: Plan,
      confidence: z.number().min(0).max(1),
      clarification: z.string().optional(),
      planner: z.string(),
    }),
  }),
  'plans.get': operation({
    summary: 'Read a stored plan.',
    needs: 'plans:read',
    http: 'GET /v1/plans/{id}',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: PlanId }),
    output: StoredPlan,
  }),
  'plans.list': operation({
    summary: 'List the stored plans of the caller, newest first.',
    needs: 'plans:read',
    http: 'GET /v1/plans',
    input: z.strictObject({ ...page }),
    output: listOf(StoredPlan),
  }),
}
