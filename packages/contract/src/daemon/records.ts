import { z } from 'zod'
import { operation } from '../operation.ts'
import { AgentId, At, listOf, ModelId, page, RunId, SessionId, TaskId, UsageSum } from './common.ts'

/** Usage of one run with one model. Durations in milliseconds. */
export const RunUsage = z
  .object({
    runId: RunId,
    sessionId: SessionId,
    agentId: AgentId,
    model: ModelId,
    ...UsageSum.shape,
    turns: z.int(),
    tools: z.int(),
    compactions: z.int(),
    durationMs: z.number(),
    stopReason: z.string().nullable(),
    /** Counts how often this run's figures began anew (a forced compaction, a restart after a crash). */
    resetMarker: z.int(),
    at: At,
  })
  .meta({ id: 'RunUsage' })
export type RunUsage = z.infer<typeof RunUsage>

export const AuditEntry = z
  .object({
    seq: z.int(),
    log: z.string(),
    logSeq: z.int(),
    at: At,
    name: z.string(),
    caller: z.string().nullable(),
    sessionId: SessionId.nullable(),
    runId: RunId.nullable(),
    digest: z.string(),
    data: z.json().nullable(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

const WireEventSchema = z
  .object({
    seq: z.int(),
    id: z.string(),
    name: z.string(),
    at: At,
    sessionId: SessionId.optional(),
    runId: RunId.optional(),
    data: z.json(),
  })
  .meta({ id: 'Event' })

/** Which lines of the audit are meant. */
const audited = { name: z.string().max(100).optional(), caller: z.string().max(100).optional(), sessionId: SessionId.optional() }

export const records = {
  'usage.runs': operation({
    summary: 'List usage by run and model, newest first.',
    needs: 'usage:read',
    http: 'GET /v1/usage/runs',
    input: z.strictObject({
      ...page,
      sessionId: SessionId.optional(),
      model: ModelId.optional(),
      agentId: AgentId.optional(),
      /** Runs that this task has started. */
      taskId: TaskId.optional(),
      /** Runs that used something at since ≤ time < until. */
      since: At.optional(),
      until: At.optional(),
    }),
    output: listOf(RunUsage),
  }),
  'usage.totals': operation({
    summary: 'Sum up usage by day (of UTC), model, agent or task; what no task has started has an empty key.',
    needs: 'usage:read',
    http: 'GET /v1/usage',
    mcp: true,
    input: z.strictObject({
      by: z.enum(['day', 'model', 'agent', 'task']).default('day'),
      since: At.optional(),
      until: At.optional(),
      /** Only with this model. */
      model: ModelId.optional(),
      ...page,
    }),
    output: listOf(z.object({ key: z.string(), ...UsageSum.shape, runs: z.int(), turns: z.int(), tools: z.int() })),
  }),
  'audit.list': operation({
    summary: 'List the audit, newest first.',
    needs: 'audit:read',
    http: 'GET /v1/audit',
    input: z.strictObject({ ...page, ...audited }),
    output: listOf(AuditEntry),
  }),
  'audit.export': operation({
    summary: 'Download the audit as JSON lines, newest first.',
    needs: 'audit:read',
    http: 'GET /v1/audit/export',
    bytes: 'download',
    input: z.strictObject(audited),
    output: z.object({ name: z.string(), mediaType: z.string(), size: z.int().nullable() }),
  }),
  'audit.verify': operation({
    summary: 'Check the chain of the audit against its key and against the logs.',
    needs: 'audit:read',
    http: 'GET /v1/audit/verification',
    input: z.strictObject({}),
    output: z.object({
      intact: z.boolean(),
      entries: z.int(),
      firstFault: z.object({ seq: z.int(), what: z.string() }).nullable(),
      reads: z.int(),
    }),
  }),
  'events.list': operation({
    summary: 'Page through the durable events of one log, oldest first.',
    needs: 'events:read',
    http: 'GET /v1/event-log',
    input: z.strictObject({
      log: z.enum(['chat', 'agents', 'settings']).default('chat'),
      ...page,
      sessionId: SessionId.optional(),
    }),
    output: listOf(WireEventSchema),
  }),
}
