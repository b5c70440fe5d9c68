import { z } from 'zod'
import { operation } from '../operation.ts'
import { AgentId, At, BudgetUsd, LimitsPatch, ModelId, PermissionMode, RunId, SessionId, UsageSum } from './common.ts'
import { RunStatus } from './runs.ts'

/** The settings of a task; a change acts on its running run before the run's next step. */
export const TaskSettings = z
  .object({ model: ModelId, agentId: AgentId, permissionMode: PermissionMode, budgetUsd: z.number().nullable(), limits: LimitsPatch })
  .meta({ id: 'TaskSettings' })
/** A session's task is a view of the session's own row, under the same id. */
export const Task = z
  .object({
    id: SessionId,
    kind: z.literal('session'),
    title: z.string(),
    status: z.enum(['idle', ...RunStatus.options]),
    runId: RunId.nullable(),
    settings: TaskSettings,
    error: z.string().nullable(),
    usage: UsageSum,
    createdAt: At,
    updatedAt: At,
    startedAt: At.nullable(),
    finishedAt: At.nullable(),
  })
  .meta({ id: 'Task' })
export type Task = z.infer<typeof Task>

export const tasks = {
  'tasks.get': operation({
    summary: 'Read a task: its settings, and how its latest run stands or ended.',
    needs: 'tasks:read',
    http: 'GET /v1/tasks/{id}',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: SessionId }),
    output: Task,
  }),
  'tasks.update': operation({
    summary: 'Change the settings of a task, also of a running one.',
    needs: 'tasks:write',
    http: 'PATCH /v1/tasks/{id}',
    database: 'chat',
    cli: { positionals: ['id'] },
    input: z.strictObject({
      id: SessionId,
      settings: z
        .strictObject({ model: ModelId, agentId: AgentId, permissionMode: PermissionMode, budgetUsd: BudgetUsd.nullable(), limits: LimitsPatch })
        .partial(),
    }),
    output: Task,
    lane: ({ id }) => `session:${id}`,
  }),
}
