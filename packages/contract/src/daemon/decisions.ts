import { z } from 'zod'
import { operation } from '../operation.ts'
import { ApprovalId, At, CallId, ExecutionId, listOf, page, PermissionMode, QuestionId, RuleId, RunId, SessionId } from './common.ts'

export const ApprovalScope = z.enum(['once', 'session', 'always'])
/** A durable request for a person's decision about exactly one call, of a run or of an execution; `hash` is over that call. */
export const Approval = z
  .object({
    id: ApprovalId,
    sessionId: SessionId.nullable(),
    runId: RunId.nullable(),
    executionId: ExecutionId.nullable(),
    callId: CallId,
    toolId: z.string(),
    input: z.json(),
    hash: z.string(),
    reason: z.string(),
    /** What would happen: `summary`, for changes the `diff`, for a command line the `commands` of it that ask and why, and the `rule` that asks. */
    preview: z.json().nullable(),
    /** The rule that scope `always` would write. */
    suggested: z.json().nullable(),
    status: z.enum(['waiting', 'approved', 'rejected', 'expired', 'cancelled']),
    settledBy: z.string().nullable(),
    note: z.string().nullable(),
    createdAt: At,
    expiresAt: At,
    settledAt: At.nullable(),
  })
  .meta({ id: 'Approval' })
export type Approval = z.infer<typeof Approval>
/** The approval of a call of a run. */
export type RunApproval = Approval & { sessionId: string; runId: string; executionId: null }

export const QuestionItem = z.object({
  id: z.string().min(1).max(64),
  question: z.string().min(1).max(2000),
  header: z.string().max(40).optional(),
  options: z
    .array(z.object({ label: z.string().min(1).max(200), description: z.string().max(1000).optional() }))
    .max(10)
    .optional(),
  multiSelect: z.boolean().optional(),
})
export const Answers = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
export const Question = z
  .object({
    id: QuestionId,
    sessionId: SessionId,
    runId: RunId,
    callId: CallId,
    items: z.array(QuestionItem),
    status: z.enum(['waiting', 'answered', 'cancelled']),
    answers: Answers.nullable(),
    createdAt: At,
    settledAt: At.nullable(),
  })
  .meta({ id: 'Question' })
export type Question = z.infer<typeof Question>

export const RuleSent = z.strictObject({
  tool: z.string().min(1).max(100),
  pattern: z.string().min(1).max(2000).optional(),
  action: z.enum(['allow', 'ask', 'deny']),
  level: z.enum(['session', 'workspace', 'global']),
  sessionId: SessionId.optional(),
  workspace: z.string().min(1).max(4096).optional(),
  expiresAt: At.optional(),
})
/** A stored permission rule. deny beats ask beats allow. */
export const Rule = z
  .object({
    id: RuleId,
    tool: z.string(),
    pattern: z.string().nullable(),
    action: z.enum(['allow', 'ask', 'deny']),
    level: z.enum(['session', 'workspace', 'global']),
    sessionId: SessionId.nullable(),
    workspace: z.string().nullable(),
    createdAt: At,
    expiresAt: At.nullable(),
  })
  .meta({ id: 'Rule' })
export type Rule = z.infer<typeof Rule>
const Settled = z.object({ settled: z.boolean() })

export const decisions = {
  'approvals.list': operation({
    summary: 'List approvals, by default those that wait, oldest first.',
    needs: 'approvals:read',
    http: 'GET /v1/approvals',
    input: z.strictObject({
      ...page,
      sessionId: SessionId.optional(),
      executionId: ExecutionId.optional(),
      status: Approval.shape.status.default('waiting'),
      order: z.enum(['oldest', 'newest']).default('oldest'),
    }),
    output: listOf(Approval),
  }),
  'approvals.get': operation({
    summary: 'Read one approval: exactly what would happen.',
    needs: 'approvals:read',
    http: 'GET /v1/approvals/{id}',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: ApprovalId }),
    output: Approval,
  }),
  'approvals.settle': operation({
    summary: 'Approve or reject a waiting call. The first answer wins; a later one gets settled=false.',
    needs: 'approvals:write',
    http: 'POST /v1/approvals/{id}',
    database: 'chat',
    cli: { positionals: ['id', 'decision'] },
    input: z.strictObject({
      /** The approval's id, or its tool call's. */
      id: z.union([ApprovalId, CallId]),
      decision: z.enum(['approve', 'reject']),
      scope: ApprovalScope.default('once'),
      reason: z.string().max(10_000).optional(),
    }),
    output: Settled,
  }),
  'questions.list': operation({
    summary: 'List questions that agents have asked.',
    needs: 'approvals:read',
    http: 'GET /v1/questions',
    input: z.strictObject({ ...page, sessionId: SessionId.optional(), status: Question.shape.status.default('waiting') }),
    output: listOf(Question),
  }),
  'questions.answer': operation({
    summary: 'Answer a question. The first answer wins; a later one gets settled=false.',
    needs: 'approvals:write',
    http: 'POST /v1/questions/{id}',
    database: 'chat',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: z.union([QuestionId, CallId]), answer: z.union([z.string().max(100_000), Answers]) }),
    output: Settled,
  }),
  'permissions.list': operation({
    summary: 'List the permission rules.',
    needs: 'permissions:read',
    http: 'GET /v1/permissions',
    input: z.strictObject({ ...page, sessionId: SessionId.optional(), workspace: z.string().max(4096).optional() }),
    output: listOf(Rule),
  }),
  'permissions.add': operation({
    summary: 'Add a permission rule.',
    needs: 'permissions:write',
    http: 'POST /v1/permissions',
    status: 201,
    database: 'chat',
    input: RuleSent,
    output: Rule,
  }),
  'permissions.remove': operation({
    summary: 'Remove a permission rule.',
    needs: 'permissions:write',
    http: 'DELETE /v1/permissions/{id}',
    status: 204,
    database: 'chat',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: RuleId }),
    output: z.null(),
  }),
  'sessions.act': operation({
    summary: 'Approve, reject, answer, give a tool result, cancel or steer, by one route.',
    needs: 'approvals:write',
    http: 'POST /v1/sessions/{sessionId}/actions',
    database: 'chat',
    input: z.strictObject({
      sessionId: SessionId,
      type: z.enum(['approve', 'reject', 'answer', 'tool_result', 'cancel', 'steer']),
      id: z.string().min(1).max(100).optional(),
      scope: ApprovalScope.optional(),
      reason: z.string().max(10_000).optional(),
      answer: z.union([z.string().max(100_000), Answers]).optional(),
      result: z.json().optional(),
      text: z.string().min(1).max(1_000_000).optional(),
    }),
    output: Settled,
  }),
}
export const permissionModes = PermissionMode.options
