import { z } from 'zod'
import { event } from '../event.ts'
import { AgentId, At, BudgetUsd, ExecutionId, FireId, RunId, SessionId, TaskId, Title, Values, WorkflowId, WorkspacePath } from './common.ts'
import { eventMatch } from './reactions.ts'

/** What a task does each time it fires: a session with a prompt for an agent, a workflow, or one tool. `{{input.…}}` is filled in from what set it off. */
export const TaskTarget = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('prompt'),
    text: z.string().trim().min(1).max(100_000),
    agentId: AgentId.optional(),
    workspace: WorkspacePath.optional(),
  }),
  z.strictObject({
    kind: z.literal('workflow'),
    workflowId: WorkflowId,
    inputs: Values.default({}),
    workspace: WorkspacePath.optional(),
  }),
  z.strictObject({
    kind: z.literal('tool'),
    toolId: z.string().min(1).max(200),
    inputs: Values.default({}),
    workspace: WorkspacePath.optional(),
  }),
])
export type TaskTarget = z.infer<typeof TaskTarget>
/**
 * When. `interval` fires at `anchor` and every `everyMs` after it, in elapsed time; without an anchor at multiples of `everyMs` since
 * 1970-01-01T00:00Z, so every hour is at the full hour. `cron` has five fields and fires by the wall clock of `zone`, an IANA name.
 */
export const Schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once'), at: At }),
  z.strictObject({ kind: z.literal('interval'), everyMs: z.int().min(1_000).max(31_622_400_000), anchor: At.optional() }),
  z.strictObject({ kind: z.literal('cron'), expression: z.string().min(1).max(200), zone: z.string().min(1).max(100) }),
])
export type Schedule = z.infer<typeof Schedule>
/** What else sets a task off: events of the logs, or signed requests to an address of its own. */
export const TaskTrigger = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('event'), ...eventMatch }),
  z.strictObject({ kind: z.literal('webhook'), signature: z.enum(['standard', 'github']).default('standard') }),
])
export type TaskTrigger = z.infer<typeof TaskTrigger>
const TaskTriggers = z
  .array(TaskTrigger)
  .max(20)
  .refine((triggers) => triggers.filter(({ kind }) => kind === 'webhook').length <= 1, { message: 'may hold one webhook: a task has one address' })
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must look like 22:30')
/** A stretch of every day in which nothing fires by the clock; what would is put off to its end. */
export const QuietHours = z.strictObject({ from: TimeOfDay, to: TimeOfDay, zone: z.string().min(1).max(100) })
/** While an earlier fire is at work: leave it out, let it wait, or run beside at most so many. */
const Overlap = z.union([z.enum(['skip', 'queue']), z.strictObject({ parallel: z.int().min(1).max(100) })])
/** Up to `max` further tries after `backoffMs`, which doubles each time. */
const Retry = z.strictObject({ max: z.int().min(0).max(20), backoffMs: z.int().min(100).max(86_400_000) })

/** What may be set of a stored task. */
export const taskFields = {
  name: Title,
  target: TaskTarget,
  schedule: Schedule.nullable(),
  triggers: TaskTriggers,
  missed: z.enum(['skip', 'one', 'all']),
  overlap: Overlap,
  retry: Retry,
  timeoutMs: z.int().min(1_000).max(604_800_000).nullable(),
  budgetUsd: BudgetUsd.nullable(),
  quietHours: QuietHours.nullable(),
  jitterMs: z.int().min(0).max(86_400_000),
}
/**
 * A background task, and a scheduled one where it has a `schedule`. `nextAt` is null for one that is paused, has ended or follows no clock; a `once`
 * that has fired has ended, unless something else may set it off.
 */
export const StoredTask = z
  .object({
    id: TaskId,
    kind: z.literal('stored'),
    ...taskFields,
    status: z.enum(['active', 'paused', 'ended']),
    /** Where its signed requests go; null where no webhook sets it off. */
    webhook: z.object({ path: z.string() }).nullable(),
    /** As whom it acts: who made it or changed it last. */
    owner: z.string(),
    nextAt: At.nullable(),
    createdAt: At,
    updatedAt: At,
  })
  .meta({ id: 'StoredTask' })
export type StoredTask = z.infer<typeof StoredTask>
export const FireStatus = z.enum([
  'queued',
  'starting',
  'running',
  'interrupted',
  'retrying',
  'completed',
  'failed',
  'cancelled',
  'skipped',
  'missed',
])
export type FireStatus = z.infer<typeof FireStatus>
/** One time that a task fired, or did not. `missed` stands for `count` fires from `at` to `until`, at least so many. */
export const Fire = z
  .object({
    id: FireId,
    taskId: TaskId,
    at: At,
    until: At.nullable(),
    count: z.int(),
    cause: z.enum(['time', 'manual', 'event', 'webhook', 'hook']),
    status: FireStatus,
    /** What set it off, for its target to use. */
    input: Values.nullable(),
    /** Tries so far. */
    attempt: z.int(),
    sessionId: SessionId.nullable(),
    runId: RunId.nullable(),
    executionId: ExecutionId.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    retryAt: At.nullable(),
    startedAt: At.nullable(),
    finishedAt: At.nullable(),
  })
  .meta({ id: 'Fire' })
export type Fire = z.infer<typeof Fire>

const agents = <D extends z.ZodType>(data: D, audit = false) => event({ log: 'agents', data, audit })
const fired = { taskId: TaskId, fireId: FireId }
const tried = {
  ...fired,
  attempt: z.int(),
  sessionId: SessionId.nullable(),
  runId: RunId.nullable(),
  executionId: ExecutionId.nullable(),
}
export const taskEvents = {
  /** `task` is null once it is deleted. */
  'task.changed': agents(
    z.object({
      taskId: TaskId,
      change: z.enum(['created', 'updated', 'paused', 'resumed', 'ended', 'deleted']),
      task: StoredTask.nullable(),
    }),
  ),
  /** Written before the deed, once for each try. */
  'task.started': agents(z.object({ ...fired, at: At, cause: Fire.shape.cause, attempt: z.int(), owner: z.string() }), true),
  /** Fires that did not happen: nobody was there (`down`), earlier ones were still at work (`overlap`), or tasks had set each other off too often (`chain`). */
  'task.missed': agents(z.object({ ...fired, reason: z.enum(['down', 'overlap', 'chain']), count: z.int(), from: At, until: At })),
  /** A try has failed, and there is another at `retryAt`. */
  'task.retrying': agents(z.object({ ...tried, error: Fire.shape.error, retryAt: At }), true),
  /** What it started rests: a step had begun and its outcome is unknown, so a person must say. */
  'task.interrupted': agents(z.object({ ...tried }), true),
  'task.completed': agents(z.object({ ...tried, status: z.literal('completed') }), true),
  /** It has failed for good, or was cancelled. */
  'task.failed': agents(z.object({ ...tried, status: z.enum(['failed', 'cancelled']), error: Fire.shape.error }), true),
}
