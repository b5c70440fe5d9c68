import { z } from 'zod'
import { operation } from '../operation.ts'
import { At, BudgetUsd, CallId, LimitsPatch, listOf, MessageId, ModelId, page, PermissionMode, RunId, SessionId, UsageSum } from './common.ts'

export const RunStatus = z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'interrupted'])
export type RunStatus = z.infer<typeof RunStatus>
/** `stop` says why it ended (`answered`, `budget`, `steps`, …); `error` is a sentence when it failed. */
export const Run = z
  .object({
    id: RunId,
    sessionId: SessionId,
    status: RunStatus,
    stop: z.string().nullable(),
    error: z.string().nullable(),
    output: z.json().nullable(),
    model: ModelId,
    steps: z.int(),
    toolCalls: z.int(),
    resumes: z.int(),
    usage: UsageSum,
    createdAt: At,
    startedAt: At.nullable(),
    finishedAt: At.nullable(),
  })
  .meta({ id: 'Run' })
export type Run = z.infer<typeof Run>

/** What a caller may set for one run; the session's and agent's settings fill the rest. */
export const RunOptions = z
  .strictObject({
    model: ModelId,
    fallbackModel: ModelId,
    permissionMode: PermissionMode,
    budgetUsd: BudgetUsd,
    limits: LimitsPatch,
    tools: z.array(z.string().min(1).max(100)).max(200),
    outputSchema: z.record(z.string(), z.json()),
    thinking: z.boolean(),
    effort: z.enum(['low', 'medium', 'high']),
  })
  .partial()
export type RunOptions = z.infer<typeof RunOptions>
const one = z.strictObject({ id: RunId })

export const runs = {
  'runs.start': operation({
    summary: 'Start a run in a session with its own options; the log tells how it goes.',
    needs: 'runs:write',
    http: 'POST /v1/runs',
    status: 202,
    database: 'chat',
    input: z.strictObject({
      subject: z.strictObject({ sessionId: SessionId }),
      input: z.string().min(1).max(1_000_000),
      ...RunOptions.shape,
    }),
    output: z.object({ messageId: MessageId, runId: RunId }),
    lane: ({ subject }) => `session:${subject.sessionId}`,
  }),
  'runs.get': operation({
    summary: 'Read one run.',
    needs: 'sessions:read',
    http: 'GET /v1/runs/{id}',
    cli: { positionals: ['id'] },
    input: one,
    output: Run,
  }),
  'runs.list': operation({
    summary: 'List runs, newest first.',
    needs: 'sessions:read',
    http: 'GET /v1/runs',
    input: z.strictObject({ ...page, sessionId: SessionId.optional(), status: RunStatus.optional() }),
    output: listOf(Run),
  }),
  'runs.cancel': operation({
    summary: 'Cancel a run; its tools are stopped within two seconds.',
    needs: 'runs:write',
    http: 'POST /v1/runs/{id}/cancel',
    database: 'chat',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Run,
  }),
  'runs.resume': operation({
    summary: 'Take up an interrupted run again.',
    needs: 'runs:write',
    http: 'POST /v1/runs/{id}/resume',
    database: 'chat',
    cli: { positionals: ['id'] },
    input: one,
    output: Run,
  }),
  'runs.steer': operation({
    summary: 'Give a running run a message that it reads before its next step.',
    needs: 'runs:write',
    http: 'POST /v1/runs/{id}/steer',
    status: 202,
    database: 'chat',
    cli: { positionals: ['id', 'text'] },
    input: z.strictObject({ id: RunId, text: z.string().min(1).max(1_000_000) }),
    output: z.object({ messageId: MessageId, runId: RunId }),
  }),
  'runs.toolResult': operation({
    summary: 'Give the result of a tool call that waits or whose outcome is unknown.',
    needs: 'runs:write',
    http: 'POST /v1/calls/{id}/result',
    database: 'chat',
    input: z.strictObject({ id: CallId, result: z.json() }),
    output: z.object({ settled: z.boolean() }),
  }),
}
