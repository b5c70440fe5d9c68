import { z } from 'zod'
import { event } from '../event.ts'
import { operation } from '../operation.ts'
import {
  AgentId,
  At,
  BudgetUsd,
  ExecutionId,
  FireId,
  listOf,
  Nothing,
  page,
  RunId,
  ScheduleId,
  SessionId,
  Title,
  Values,
  WorkflowId,
  WorkspacePath,
} from './common.ts'

/** What a schedule does each time: a session with a prompt for an agent, a workflow, or one tool. */
export const ScheduleTarget = z.discriminatedUnion('kind', [
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
export type ScheduleTarget = z.infer<typeof ScheduleTarget>
/**
 * When. `interval` fires at `anchor` and every `everyMs` after it, in elapsed time; without an anchor at multiples of `everyMs` since
 * 1970-01-01T00:00Z, so every hour is at the full hour. `cron` has five fields and fires by the wall clock of `zone`, an IANA name.
 */
export const ScheduleWhen = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once'), at: At }),
  z.strictObject({ kind: z.literal('interval'), everyMs: z.int().min(1_000).max(31_622_400_000), anchor: At.optional() }),
  z.strictObject({ kind: z.literal('cron'), expression: z.string().min(1).max(200), zone: z.string().min(1).max(100) }),
])
export type ScheduleWhen = z.infer<typeof ScheduleWhen>
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must look like 22:30')
/** A stretch of every day in which nothing fires; what would is put off to its end. */
export const QuietHours = z.strictObject({ from: TimeOfDay, to: TimeOfDay, zone: z.string().min(1).max(100) })
/** While an earlier fire is at work: leave it out, let it wait, or run beside at most so many. */
export const ScheduleOverlap = z.union([z.enum(['skip', 'queue']), z.strictObject({ parallel: z.int().min(1).max(100) })])
/** Up to `max` further tries after `backoffMs`, which doubles each time. */
export const ScheduleRetry = z.strictObject({ max: z.int().min(0).max(20), backoffMs: z.int().min(100).max(86_400_000) })
const missed = z.enum(['skip', 'one', 'all'])
const timeoutMs = z.int().min(1_000).max(604_800_000)
const jitterMs = z.int().min(0).max(86_400_000)

/** `nextAt` is null for one that is paused or has ended; a `once` that has fired has ended. */
export const Schedule = z
  .object({
    id: ScheduleId,
    name: z.string(),
    status: z.enum(['active', 'paused', 'ended']),
    target: ScheduleTarget,
    schedule: ScheduleWhen,
    missed,
    overlap: ScheduleOverlap,
    retry: ScheduleRetry,
    timeoutMs: z.int().nullable(),
    budgetUsd: z.number().nullable(),
    quietHours: QuietHours.nullable(),
    jitterMs: z.int(),
    /** As whom it acts: who made it or changed it last. */
    owner: z.string(),
    nextAt: At.nullable(),
    createdAt: At,
    updatedAt: At,
  })
  .meta({ id: 'Schedule' })
export type Schedule = z.infer<typeof Schedule>
export const FireStatus = z.enum(['queued', 'starting', 'running', 'retrying', 'completed', 'failed', 'cancelled', 'skipped', 'missed'])
export type FireStatus = z.infer<typeof FireStatus>
/** One time that a schedule fired, or did not. `missed` stands for `count` fires from `at` to `until`, at least so many. */
export const Fire = z
  .object({
    id: FireId,
    scheduleId: ScheduleId,
    at: At,
    until: At.nullable(),
    count: z.int(),
    cause: z.enum(['time', 'manual']),
    status: FireStatus,
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

const settable = {
  name: Title,
  target: ScheduleTarget,
  schedule: ScheduleWhen,
  missed,
  overlap: ScheduleOverlap,
  retry: ScheduleRetry,
  timeoutMs: timeoutMs.nullable(),
  budgetUsd: BudgetUsd.nullable(),
  quietHours: QuietHours.nullable(),
  jitterMs,
}
const one = z.strictObject({ id: ScheduleId })
const lane = (input: { id: string }) => `schedule:${input.id}`

export const schedules = {
  'schedules.create': operation({
    summary: 'Schedule a prompt, a workflow or a tool: once, at an interval, or by a cron expression.',
    needs: 'schedules:write',
    http: 'POST /v1/schedules',
    status: 201,
    database: 'agents',
    mcp: true,
    cli: { positionals: ['name'] },
    input: z.strictObject({
      ...settable,
      missed: missed.default('one'),
      overlap: ScheduleOverlap.default('skip'),
      retry: ScheduleRetry.default({ max: 0, backoffMs: 30_000 }),
      timeoutMs: settable.timeoutMs.default(null),
      budgetUsd: settable.budgetUsd.default(null),
      quietHours: settable.quietHours.default(null),
      jitterMs: jitterMs.default(0),
    }),
    output: Schedule,
  }),
  'schedules.get': operation({
    summary: 'Read a schedule, with when it fires next.',
    needs: 'schedules:read',
    http: 'GET /v1/schedules/{id}',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Schedule,
  }),
  'schedules.list': operation({
    summary: 'List schedules, newest first.',
    needs: 'schedules:read',
    http: 'GET /v1/schedules',
    mcp: true,
    input: z.strictObject({ ...page, status: Schedule.shape.status.optional() }),
    output: listOf(Schedule),
  }),
  'schedules.update': operation({
    summary: 'Change a schedule; from then on it acts as whoever changed it.',
    needs: 'schedules:write',
    http: 'PATCH /v1/schedules/{id}',
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ ...one.shape, ...z.strictObject(settable).partial().shape }),
    output: Schedule,
    lane,
  }),
  'schedules.delete': operation({
    summary: 'Delete a schedule; what it has started goes on.',
    needs: 'schedules:write',
    http: 'DELETE /v1/schedules/{id}',
    status: 204,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: one,
    output: Nothing,
    lane,
  }),
  'schedules.pause': operation({
    summary: 'Pause a schedule; fires meanwhile are not made up for.',
    needs: 'schedules:write',
    http: 'POST /v1/schedules/{id}/pause',
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Schedule,
    lane,
  }),
  'schedules.resume': operation({
    summary: 'Let a paused schedule fire again, from now on.',
    needs: 'schedules:write',
    http: 'POST /v1/schedules/{id}/resume',
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Schedule,
    lane,
  }),
  'schedules.runNow': operation({
    summary: 'Fire a schedule at once, whatever its time; its overlap policy holds.',
    needs: 'schedules:write',
    http: 'POST /v1/schedules/{id}/runs',
    status: 202,
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Fire,
    lane,
  }),
  'schedules.preview': operation({
    summary: 'Show when a schedule fires next: one that is there, or one that might be made.',
    needs: 'schedules:read',
    http: 'POST /v1/schedules/preview',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z
      .strictObject({
        id: ScheduleId.optional(),
        schedule: ScheduleWhen.optional(),
        quietHours: QuietHours.optional(),
        after: At.optional(),
        count: z.int().min(1).max(100).default(5),
      })
      .refine(({ id: known, schedule }) => (known === undefined) !== (schedule === undefined), { message: 'give either id or schedule' })
      .refine(({ id: known, quietHours }) => known === undefined || quietHours === undefined, {
        message: 'a schedule that is there has its own',
        path: ['quietHours'],
      }),
    output: z.object({ fires: z.array(At) }),
  }),
  'schedules.runs': operation({
    summary: 'List when a schedule has fired and what came of it, newest first.',
    needs: 'schedules:read',
    http: 'GET /v1/schedules/{id}/runs',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ ...one.shape, ...page }),
    output: listOf(Fire),
  }),
}

const agents = <D extends z.ZodType>(data: D, audit = false) => event({ log: 'agents', data, audit })
const fired = { scheduleId: ScheduleId, fireId: FireId }
export const scheduleEvents = {
  /** `schedule` is null once it is deleted. */
  'schedule.changed': agents(
    z.object({
      scheduleId: ScheduleId,
      change: z.enum(['created', 'updated', 'paused', 'resumed', 'ended', 'deleted']),
      schedule: Schedule.nullable(),
    }),
  ),
  /** Written before the deed, once for each try. */
  'schedule.fired': agents(z.object({ ...fired, at: At, cause: Fire.shape.cause, attempt: z.int(), owner: z.string() }), true),
  /** Fires that did not happen: nobody was there (`down`), or earlier ones were still at work (`overlap`). */
  'schedule.missed': agents(z.object({ ...fired, reason: z.enum(['down', 'overlap']), count: z.int(), from: At, until: At })),
  /** How a try ended; with `retryAt` there is another. */
  'schedule.finished': agents(
    z.object({
      ...fired,
      status: z.enum(['completed', 'failed', 'cancelled']),
      attempt: z.int(),
      sessionId: SessionId.nullable(),
      runId: RunId.nullable(),
      executionId: ExecutionId.nullable(),
      error: Fire.shape.error,
      retryAt: At.nullable(),
    }),
    true,
  ),
}
