import { z } from 'zod'
import { operation } from '../operation.ts'
import { At, CallId, FileId, listOf, MessageId, ModelId, Origin, page, RunId, SessionId } from './common.ts'

export const ToolCallStatus = z.enum(['asked', 'waiting', 'approved', 'started', 'completed', 'failed', 'denied', 'unknown', 'cancelled'])
export const ToolCall = z
  .object({
    id: CallId,
    sessionId: SessionId,
    runId: RunId,
    messageId: MessageId,
    toolId: z.string(),
    input: z.json(),
    status: ToolCallStatus,
    output: z.json().nullable(),
    text: z.string().nullable(),
    createdAt: At,
    startedAt: At.nullable(),
    finishedAt: At.nullable(),
  })
  .meta({ id: 'ToolCall' })
export type ToolCall = z.infer<typeof ToolCall>

export const Attachment = z.object({ fileId: FileId, name: z.string(), mediaType: z.string(), size: z.int() }).meta({ id: 'Attachment' })
export type Attachment = z.infer<typeof Attachment>
/** `position` orders a session's messages. `status`: queued (waits for its run), streaming, final, interrupted (cut by a crash or a broken stream). */
export const Message = z
  .object({
    id: MessageId,
    sessionId: SessionId,
    runId: RunId.nullable(),
    position: z.int(),
    role: z.enum(['user', 'assistant']),
    status: z.enum(['queued', 'streaming', 'final', 'interrupted']),
    text: z.string(),
    reasoning: z.string().nullable(),
    model: ModelId.nullable(),
    attachments: z.array(Attachment),
    toolCalls: z.array(ToolCall),
    origin: Origin.nullable(),
    /** Written by Steward itself for the model (a nudge, a note after a crash), not by a person. */
    synthetic: z.boolean(),
    createdAt: At,
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof Message>

export const messages = {
  'messages.send': operation({
    summary: 'Send a message to a session; it starts a run, waits for the one under way, or steers it.',
    needs: 'sessions:write',
    http: 'POST /v1/sessions/{sessionId}/messages',
    status: 202,
    database: 'chat',
    mcp: true,
    cli: { positionals: ['sessionId', 'text'] },
    input: z.strictObject({
      sessionId: SessionId,
      text: z.string().min(1).max(1_000_000),
      attachments: z.array(FileId).max(50).optional(),
      model: ModelId.optional(),
      delivery: z.enum(['queue', 'steer']).default('queue'),
      origin: Origin.partial().optional(),
    }),
    output: z.object({ messageId: MessageId, runId: RunId }),
    lane: ({ sessionId }) => `session:${sessionId}`,
  }),
  'messages.list': operation({
    summary: 'List the messages of a session, newest page first by default, each page in reading order; `from` begins at one of them.',
    needs: 'sessions:read',
    http: 'GET /v1/sessions/{sessionId}/messages',
    mcp: true,
    cli: { positionals: ['sessionId'] },
    input: z.strictObject({
      sessionId: SessionId,
      ...page,
      order: z.enum(['newest', 'oldest']).default('newest'),
      /** The first page begins with this message: it and those before it, or, oldest first, after it. A cursor comes before it. */
      from: MessageId.optional(),
    }),
    output: listOf(Message),
  }),
  'messages.get': operation({
    summary: 'Read one message with its tool calls.',
    needs: 'sessions:read',
    http: 'GET /v1/messages/{id}',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: MessageId }),
    output: Message,
  }),
}
