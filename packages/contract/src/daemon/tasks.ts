import { z } from 'zod'
import { operation } from '../operation.ts'
import {
  AgentId,
  At,
  BudgetUsd,
  FireId,
  LimitsPatch,
  listOf,
  ModelId,
  Nothing,
  page,
  PermissionMode,
  RunId,
  SessionId,
  TaskId,
  UsageSum,
  Values,
} from './common.ts'
import { RunStatus } from './runs.ts'
import { Fire, QuietHours, Schedule, StoredTask, taskFields } from './task-parts.ts'

/** The settings of a session's task; a change acts on its running run before the run's next step. */
export const TaskSettings = z
  .object({ model: ModelId, agentId: AgentId, permissionMode: PermissionMode, budgetUsd: z.number().nullable(), limits: LimitsPatch })
  .meta({ id: 'TaskSettings' })
/** A session's task is a view of the session's own row, under the same id. */
export const SessionTask = z
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
  .meta({ id: 'SessionTask' })
export type SessionTask = z.infer<typeof SessionTask>
export const Task = z.discriminatedUnion('kind', [SessionTask, StoredTask]).meta({ id: 'Task' })
export type Task = z.infer<typeof Task>
/** A fire that is under way, with what its run or execution does now. */
export const FireProgress = Fire.extend({
  /** How the run or execution stands; null while there is none. */
  doing: z.string().nullable(),
  steps: z.int(),
  /** The tools that are at work or wait for a person. */
  tools: z.array(z.string()),
  costUsd: z.number(),
}).meta({ id: 'FireProgress' })
export type FireProgress = z.infer<typeof FireProgress>

/** Whether a task is the view of a session. */
export const isSessionId = (id: string): boolean => id.startsWith('ses_')
const one = z.strictObject({ id: TaskId })
const lane = ({ id }: { id: string }) => `${isSessionId(id) ? 'session' : 'task'}:${id}`
/** A session's task lies with its session, others with the agents. */
const database = ({ id }: { id: string }) => (isSessionId(id) ? 'chat' : 'agents')

export const tasks = {
  'tasks.create': operation({
    summary: 'Make a task of a prompt, a workflow or a tool: for times to come, for events or webhooks, or to be started by hand.',
    needs: 'tasks:write',
    http: 'POST /v1/tasks',
    status: 201,
    database: 'agents',
    mcp: true,
    cli: { positionals: ['name'] },
    input: z.strictObject({
      ...taskFields,
      schedule: taskFields.schedule.default(null),
      triggers: taskFields.triggers.default([]),
      missed: taskFields.missed.default('one'),
      overlap: taskFields.overlap.default('skip'),
      retry: taskFields.retry.default({ max: 0, backoffMs: 30_000 }),
      timeoutMs: taskFields.timeoutMs.default(null),
      budgetUsd: taskFields.budgetUsd.default(null),
      quietHours: taskFields.quietHours.default(null),
      jitterMs: taskFields.jitterMs.default(0),
      start: z.boolean().default(false),
    }),
    output: StoredTask,
  }),
  'tasks.get': operation({
    summary: 'Read a task: its settings, how it stands, and when it fires next.',
    needs: 'tasks:read',
    http: 'GET /v1/tasks/{id}',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Task,
  }),
  'tasks.list': operation({
    summary: 'List tasks, newest first: the stored ones, then those of sessions.',
    needs: 'tasks:read',
    http: 'GET /v1/tasks',
    mcp: true,
    input: z.strictObject({
      ...page,
      kind: z.enum(['session', 'stored']).optional(),
      /** Of stored tasks the first three; of sessions what they are doing. */
      status: z.enum([...StoredTask.shape.status.options, 'queued', 'running', 'waiting', 'interrupted']).optional(),
    }),
    output: listOf(Task),
  }),
  'tasks.update': operation({
    summary: 'Change a task: the settings of a session, also of a running one, or what a stored task does; then it acts as whoever changed it.',
    needs: 'tasks:write',
    http: 'PATCH /v1/tasks/{id}',
    database,
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({
      ...one.shape,
      settings: z
        .strictObject({ model: ModelId, agentId: AgentId, permissionMode: PermissionMode, budgetUsd: BudgetUsd.nullable(), limits: LimitsPatch })
        .partial()
        .optional(),
      ...z.strictObject(taskFields).partial().shape,
    }),
    output: Task,
    lane,
  }),
  'tasks.delete': operation({
    summary: 'Delete a stored task with its fires; what it has started goes on.',
    needs: 'tasks:write',
    http: 'DELETE /v1/tasks/{id}',
    status: 204,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: one,
    output: Nothing,
    lane,
  }),
  'tasks.pause': operation({
    summary: 'Pause a stored task; fires meanwhile are not made up for.',
    needs: 'tasks:write',
    http: 'POST /v1/tasks/{id}/pause',
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: StoredTask,
    lane,
  }),
  'tasks.resume': operation({
    summary: 'Let a paused task fire again, from now on.',
    needs: 'tasks:write',
    http: 'POST /v1/tasks/{id}/resume',
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: StoredTask,
    lane,
  }),
  'tasks.runNow': operation({
    summary: 'Fire a stored task at once, whatever its time; its overlap policy holds.',
    needs: 'tasks:write',
    http: 'POST /v1/tasks/{id}/runs',
    status: 202,
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ ...one.shape, input: Values.optional() }),
    output: Fire,
    lane,
  }),
  'tasks.cancel': operation({
    summary: 'Cancel what a task is doing: all of its fires, or one of them; of a session its run.',
    needs: 'tasks:write',
    http: 'POST /v1/tasks/{id}/cancel',
    database,
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ ...one.shape, fireId: FireId.optional() }),
    output: z.object({ cancelled: z.int() }),
  }),
  'tasks.steer': operation({
    summary: 'Give the running run of a task a message that it reads before its next step.',
    needs: 'tasks:write',
    http: 'POST /v1/tasks/{id}/steer',
    status: 202,
    database,
    mcp: true,
    cli: { positionals: ['id', 'text'] },
    input: z.strictObject({ ...one.shape, text: z.string().min(1).max(1_000_000), fireId: FireId.optional() }),
    output: z.object({ runId: RunId }),
  }),
  'tasks.progress': operation({
    summary: 'Show the fires of a stored task that are under way, and what each does now.',
    needs: 'tasks:read',
    http: 'GET /v1/tasks/{id}/progress',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: z.object({ fires: z.array(FireProgress) }),
  }),
  'tasks.preview': operation({
    summary: 'Show when a task fires next by the clock: one that is there, or a schedule that might be given.',
    needs: 'tasks:read',
    http: 'POST /v1/tasks/preview',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z
      .strictObject({
        id: TaskId.optional(),
        schedule: Schedule.optional(),
        quietHours: QuietHours.optional(),
        after: At.optional(),
        count: z.int().min(1).max(100).default(5),
      })
      .refine(({ id: known, schedule }) => (known === undefined) !== (schedule === undefined), { message: 'give either id or schedule' })
      .refine(({ id: known, quietHours }) => known === undefined || quietHours === undefined, {
        message: 'a task that is there has its own',
        path: ['quietHours'],
      }),
    output: z.object({ fires: z.array(At) }),
  }),
  'tasks.runs': operation({
    summary: 'List when a stored task has fired and what came of it, newest first.',
    needs: 'tasks:read',
    http: 'GET /v1/tasks/{id}/runs',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ ...one.shape, ...page }),
    output: listOf(Fire),
  }),
  'tasks.rotateSecret': operation({
    summary: "Make a new secret for a task's webhook; it is shown this once, and an earlier one ends.",
    needs: 'tasks:write',
    http: 'POST /v1/tasks/{id}/secret',
    status: 201,
    database: 'agents',
    secret: true,
    cli: { positionals: ['id'] },
    input: one,
    output: z.object({ path: z.string(), secret: z.string() }),
    lane,
  }),
}
