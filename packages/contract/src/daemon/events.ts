import { z } from 'zod'
import { event } from '../event.ts'
import { Agent } from './agents.ts'
import { App } from './apps.ts'
import { AuthHealth } from './auth.ts'
import {
  AgentId,
  AppId,
  ApprovalId,
  At,
  AuthId,
  CallId,
  ExecutionId,
  FileId,
  LoginId,
  MessageId,
  ModelId,
  PlanId,
  QuestionId,
  RuleId,
  SessionId,
  TokenId,
  ToolId,
  UsageSum,
  WorkflowId,
} from './common.ts'
import { Approval, Question, Rule } from './decisions.ts'
import { ExecutionError, ExecutionStatus, ExecutionStepStatus } from './executions.ts'
import { File } from './files.ts'
import { hookEvents } from './hooks.ts'
import { memoryEvents } from './memory.ts'
import { Message, ToolCall } from './messages.ts'
import { RunStatus } from './runs.ts'
import { Session } from './sessions.ts'
import { Skill } from './skills.ts'
import { taskEvents } from './task-parts.ts'
import { TaskSettings } from './tasks.ts'
import { Token } from './tokens.ts'

const chat = <D extends z.ZodType>(data: D, audit = false) => event({ log: 'chat', data, audit })
const agents = <D extends z.ZodType>(data: D, audit = false) => event({ log: 'agents', data, audit })
const settings = <D extends z.ZodType>(data: D) => event({ log: 'settings', data })
/** The caller's fact of a mutating call: in its own transaction, in the log of its database. */
const CallFact = z.object({
  operation: z.string(),
  caller: z.string(),
  door: z.string(),
  requestId: z.string(),
  digest: z.string(),
  subject: z.string().nullable(),
})

/** Every durable event the daemon can write, by name. `sessionId` and `runId` stand on the event itself, not in its data. */
export const events = {
  'session.created': chat(z.object({ session: Session })),
  'session.renamed': chat(z.object({ title: z.string() })),
  'session.archived': chat(z.object({ archived: z.boolean() })),
  'session.deleted': chat(z.object({ id: SessionId })),
  'session.rewound': chat(z.object({ messageId: MessageId, removedMessages: z.int(), restoredFiles: z.array(z.string()) })),
  'task.updated': chat(z.object({ settings: TaskSettings })),
  'message.created': chat(z.object({ message: Message })),
  /** A queued or steering message has entered its run, at this place of the conversation. */
  'message.taken': chat(z.object({ messageId: MessageId, position: z.int() })),
  'message.final': chat(
    z.object({
      messageId: MessageId,
      role: z.literal('assistant'),
      text: z.string(),
      reasoning: z.string().nullable(),
      toolCalls: z.array(z.object({ id: CallId, toolId: z.string(), input: z.json() })),
      model: ModelId,
      reason: z.string(),
      interrupted: z.boolean(),
    }),
  ),
  status: chat(
    z.object({ status: RunStatus, previous: RunStatus.nullable(), stop: z.string().nullable(), message: z.string().nullable(), resumes: z.int() }),
    true,
  ),
  error: chat(z.object({ kind: z.string(), message: z.string(), retryInMs: z.number().nullable() })),
  'step.started': chat(z.object({ step: z.int(), messageId: MessageId, model: ModelId, reservedUsd: z.number() })),
  'tool.call': chat(z.object({ call: ToolCall }), true),
  'tool.started': chat(z.object({ callId: CallId, toolId: z.string() }), true),
  'tool.result': chat(
    z.object({
      callId: CallId,
      toolId: z.string(),
      status: ToolCall.shape.status,
      output: z.json().nullable(),
      text: z.string().nullable(),
      durationMs: z.number(),
    }),
    true,
  ),
  /** Approvals of runs lie in the chat log, those of executions in the agents log. */
  'approval.asked': event({ log: '*', data: z.object({ approval: Approval }), audit: true }),
  'approval.settled': event({
    log: '*',
    data: z.object({
      approvalId: ApprovalId,
      callId: CallId,
      status: Approval.shape.status,
      settledBy: z.string().nullable(),
      scope: z.string(),
      note: z.string().nullable(),
    }),
    audit: true,
  }),
  'question.asked': chat(z.object({ question: Question })),
  'question.settled': chat(z.object({ questionId: QuestionId, callId: CallId, status: Question.shape.status, answers: z.json().nullable() }), true),
  'permission.added': chat(z.object({ rule: Rule }), true),
  'permission.removed': chat(z.object({ ruleId: RuleId }), true),
  'todo.updated': chat(
    z.object({ todos: z.array(z.object({ id: z.string(), content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) })) }),
  ),
  'conversation.compacted': chat(z.object({ summary: z.string(), beforeTokens: z.int(), afterTokens: z.int(), forced: z.boolean() })),
  'checkpoint.created': chat(z.object({ messageId: MessageId, commit: z.string() })),
  usage: chat(
    z.object({
      agentId: AgentId,
      model: ModelId,
      ...UsageSum.shape,
      /** What this line adds: a model call is one turn. */
      turns: z.int(),
      tools: z.int(),
      compactions: z.int(),
      durationMs: z.number(),
      stopReason: z.string().nullable(),
      resetMarker: z.int(),
      total: UsageSum,
    }),
  ),
  'file.uploaded': chat(z.object({ file: File })),
  'file.deleted': chat(z.object({ fileId: FileId })),
  'agent.created': agents(z.object({ agent: Agent })),
  'agent.updated': agents(z.object({ agent: Agent })),
  'agent.deleted': agents(z.object({ agentId: AgentId })),
  'app.changed': agents(z.object({ appId: AppId, status: App.shape.status, tools: z.int(), message: z.string().nullable() })),
  'app.removed': agents(z.object({ appId: AppId })),
  /** Other files of the apps folder cannot be taken than before, or for other reasons; `apps.list` tells which. */
  'app.faulted': agents(z.object({ faults: z.int() })),
  /** A skill's folder has come or changed, by an operation or by hand. */
  'skill.changed': agents(z.object({ name: z.string(), status: Skill.shape.status, etag: z.string().nullable() })),
  'skill.removed': agents(z.object({ name: z.string() })),
  'plan.created': agents(z.object({ planId: PlanId, caller: z.string(), toolIds: z.array(ToolId), hash: z.string(), planner: z.string() }), true),
  'execution.started': agents(
    z.object({
      executionId: ExecutionId,
      planId: PlanId.nullable(),
      workflowId: WorkflowId.nullable(),
      toolId: ToolId.nullable(),
      caller: z.string(),
      status: ExecutionStatus,
    }),
    true,
  ),
  /** A step has begun, ended, or waits; without a step: the execution itself waits, goes on, was taken up or interrupted. */
  'execution.progress': agents(
    z.object({
      executionId: ExecutionId,
      status: ExecutionStatus,
      step: z
        .object({ id: z.string(), toolId: ToolId.nullable(), status: ExecutionStepStatus, attempts: z.int(), error: ExecutionError.nullable() })
        .nullable(),
      approvalId: ApprovalId.nullable(),
    }),
  ),
  'execution.completed': agents(z.object({ executionId: ExecutionId, status: z.literal('completed'), outputs: z.json().nullable() }), true),
  'execution.failed': agents(
    z.object({
      executionId: ExecutionId,
      status: z.enum(['failed', 'denied', 'cancelled']),
      outputs: z.json().nullable(),
      errors: z.array(ExecutionError),
    }),
    true,
  ),
  /** Its definition is not told here: it may be long, and hold what a person wrote into it. */
  'workflow.saved': agents(z.object({ workflowId: WorkflowId, version: z.int(), name: z.string(), createdBy: z.string() })),
  'workflow.deleted': agents(z.object({ workflowId: WorkflowId })),
  ...memoryEvents,
  ...taskEvents,
  ...hookEvents,
  'secret.changed': settings(z.object({ name: z.string(), removed: z.boolean() })),
  'backup.created': agents(z.object({ name: z.string(), path: z.string(), bytes: z.int() })),
  'backup.deleted': agents(z.object({ name: z.string() })),
  'setting.changed': settings(z.object({ key: z.string(), value: z.json(), source: z.string() })),
  'provider.changed': settings(z.object({ id: z.string(), removed: z.boolean() })),
  /** A credential was added, changed or removed, or its health has turned. */
  'auth.changed': settings(z.object({ id: AuthId, provider: z.string(), health: AuthHealth, coolingUntil: At.nullable(), removed: z.boolean() })),
  'price.changed': settings(z.object({ model: ModelId })),
  'token.created': settings(z.object({ token: Token })),
  'token.revoked': settings(z.object({ tokenId: TokenId })),
  /** A browser has exchanged a login code: no operation of the contract, so that the record of it is this. */
  'login.created': event({
    log: 'settings',
    data: z.object({ loginId: LoginId, client: z.string().nullable(), address: z.string().nullable() }),
    audit: true,
  }),
  'login.ended': settings(z.object({ loginId: LoginId })),
  /** Lies in the log of the operation's database. */
  'call.committed': event({ log: '*', data: CallFact, audit: true }),
  'call.refused': event({ log: 'agents', data: CallFact.extend({ code: z.string(), count: z.int() }), audit: true }),
}
export type EventName = keyof typeof events
export type EventData<N extends EventName> = z.input<(typeof events)[N]['data']>

/** Passing signals, by name. `token` and `reasoning` splice `text` at `offset` (UTF-16 units) of the message. */
export const flashes = {
  token: z.object({ messageId: MessageId, offset: z.int(), text: z.string() }),
  reasoning: z.object({ messageId: MessageId, offset: z.int(), text: z.string() }),
  'tool.progress': z.object({ callId: CallId, text: z.string() }),
}
export type FlashName = keyof typeof flashes
