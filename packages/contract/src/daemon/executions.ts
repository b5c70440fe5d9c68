import { z } from 'zod'
import { operation } from '../operation.ts'
import { AppId, ApprovalId, At, CallId, ExecutionId, listOf, page, PlanId, ToolId, Values, WorkflowId, WorkspacePath } from './common.ts'

export const ExecutionStatus = z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'denied', 'cancelled', 'interrupted'])
export type ExecutionStatus = z.infer<typeof ExecutionStatus>
export const ExecutionError = z.object({ stepId: z.string().optional(), code: z.string(), message: z.string() })
export type ExecutionError = z.infer<typeof ExecutionError>
/** One line of the history. `outputs` is the tool's own for a single call, else the outputs by step. */
export const HistoryItem = z
  .object({
    id: ExecutionId,
    planId: PlanId.nullable(),
    workflowId: WorkflowId.nullable(),
    toolId: ToolId.nullable(),
    caller: z.string(),
    status: ExecutionStatus,
    outputs: z.json().nullable(),
    errors: z.array(ExecutionError).nullable(),
    createdAt: At,
    finishedAt: At.nullable(),
  })
  .meta({ id: 'HistoryItem' })
export type HistoryItem = z.infer<typeof HistoryItem>
export const Execution = HistoryItem.extend({
  workflowVersion: z.int().nullable(),
  /** Redacted: what is secret in them is not kept in clear. */
  inputs: z.json().nullable(),
  workspace: z.string(),
  approvalId: ApprovalId.nullable(),
  resumes: z.int(),
  startedAt: At.nullable(),
}).meta({ id: 'Execution' })
export type Execution = z.infer<typeof Execution>
export const ExecutionStepStatus = z.enum(['waiting', 'started', 'retrying', 'completed', 'failed', 'denied', 'cancelled', 'skipped', 'unknown'])
export type ExecutionStepStatus = z.infer<typeof ExecutionStepStatus>
/** One step as it went. `id` is its place: `a`, `a[2]` in a loop, `a/b` in a workflow inside. */
export const ExecutionStep = z
  .object({
    id: z.string(),
    toolId: ToolId.nullable(),
    callId: CallId.nullable(),
    status: ExecutionStepStatus,
    inputs: z.json().nullable(),
    outputs: z.json().nullable(),
    error: ExecutionError.nullable(),
    attempts: z.int(),
    startedAt: At.nullable(),
    finishedAt: At.nullable(),
  })
  .meta({ id: 'ExecutionStep' })
export type ExecutionStep = z.infer<typeof ExecutionStep>
/** What a step would do, as far as it is known before earlier steps have run: `inputs` is null where it is not. */
const Foreseen = z.object({
  stepId: z.string(),
  toolId: ToolId,
  inputs: z.json().nullable(),
  decision: z.enum(['allow', 'ask', 'deny', 'unknown']),
  reason: z.string(),
  preview: z.json().nullable(),
})
/** How an execution stands when the wait is over. */
export const Outcome = z.object({
  /** null for a dry run, which is not stored. */
  id: ExecutionId.nullable(),
  status: ExecutionStatus,
  outputs: z.json().nullable().optional(),
  errors: z.array(ExecutionError).optional(),
  approvalId: ApprovalId.optional(),
  dryRun: z.array(Foreseen).optional(),
})
export type Outcome = z.infer<typeof Outcome>
const settled = ({ status }: { status: ExecutionStatus }) => status !== 'queued' && status !== 'running'
/** Shared by everything that starts an execution. */
export const running = {
  waitMs: z.int().min(0).max(30_000).default(30_000),
  dryRun: z.boolean().default(false),
  workspace: WorkspacePath.optional(),
}
const one = z.strictObject({ id: ExecutionId })
const filters = {
  toolId: ToolId.optional(),
  appId: AppId.optional(),
  workflowId: WorkflowId.optional(),
  planId: PlanId.optional(),
  status: ExecutionStatus.optional(),
  caller: z.string().max(100).optional(),
  since: At.optional(),
  until: At.optional(),
}

export const executions = {
  'executions.start': operation({
    summary: 'Execute a plan, one tool or a workflow; waits for its end as long as waitMs says.',
    needs: 'executions:write',
    http: 'POST /v1/execute',
    status: 202,
    elseStatus: { status: 200, when: settled },
    database: 'agents',
    mcp: true,
    cli: { name: 'execute', positionals: ['planId'], flags: { inputs: 'input' } },
    input: z
      .strictObject({
        planId: PlanId.optional(),
        toolId: z.string().min(1).max(200).optional(),
        workflowId: WorkflowId.optional(),
        inputs: Values.optional(),
        ...running,
      })
      .refine(({ planId, toolId, workflowId }) => [planId, toolId, workflowId].filter((id) => id !== undefined).length === 1, {
        message: 'give exactly one of planId, toolId and workflowId',
      })
      .refine(({ planId, inputs }) => planId === undefined || inputs === undefined, { message: 'a plan has its inputs already', path: ['inputs'] }),
    output: Outcome,
  }),
  'executions.get': operation({
    summary: 'Read one execution.',
    needs: 'history:read',
    http: 'GET /v1/executions/{id}',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Execution,
  }),
  'executions.steps': operation({
    summary: 'List the steps of an execution as they went, in the order they began.',
    needs: 'history:read',
    http: 'GET /v1/executions/{id}/steps',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: ExecutionId, ...page }),
    output: listOf(ExecutionStep),
  }),
  'executions.wait': operation({
    summary: 'Wait until an execution has ended or waits for a person.',
    needs: 'history:read',
    http: 'GET /v1/executions/{id}/outcome',
    status: 202,
    elseStatus: { status: 200, when: settled },
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: ExecutionId, waitMs: running.waitMs }),
    output: Outcome,
  }),
  'executions.cancel': operation({
    summary: 'Cancel an execution; what it has running is ended.',
    needs: 'executions:write',
    http: 'POST /v1/executions/{id}/cancel',
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Execution,
  }),
  'executions.resume': operation({
    summary: 'Take up an interrupted execution: say whether the step of unknown outcome was done, is to be done again, or failed.',
    needs: 'executions:write',
    http: 'POST /v1/executions/{id}/resume',
    database: 'agents',
    cli: { positionals: ['id', 'outcome'] },
    input: z.strictObject({
      id: ExecutionId,
      outcome: z.enum(['done', 'again', 'failed']),
      /** Which step, where several are unknown. */
      stepId: z.string().max(500).optional(),
      /** What the step gave, with `done`. */
      outputs: z.json().optional(),
    }),
    output: Execution,
  }),
  'executions.settle': operation({
    summary: 'Approve or reject the call that an execution waits for; approvals.settle comes here.',
    needs: 'approvals:write',
    http: 'POST /v1/executions/approvals/{id}',
    database: 'agents',
    input: z.strictObject({ id: z.union([ApprovalId, CallId]), decision: z.enum(['approve', 'reject']), reason: z.string().max(10_000).optional() }),
    output: z.object({ settled: z.boolean() }),
  }),
  'history.list': operation({
    summary: 'List executions, newest first.',
    needs: 'history:read',
    http: 'GET /v1/history',
    mcp: true,
    cli: { name: 'history' },
    input: z.strictObject({ ...page, ...filters }),
    output: listOf(HistoryItem),
  }),
  'history.export': operation({
    summary: 'Download executions as JSON lines, newest first.',
    needs: 'history:read',
    http: 'GET /v1/history/export',
    bytes: 'download',
    input: z.strictObject(filters),
    output: z.object({ name: z.string(), mediaType: z.string(), size: z.int().nullable() }),
  }),
}
