import { z } from 'zod'
import { operation } from '../operation.ts'
import {
  AgentId,
  At,
  BudgetUsd,
  CallId,
  listOf,
  MessageId,
  ModelId,
  Nothing,
  page,
  PermissionMode,
  RunId,
  SessionId,
  Title,
  UsageSum,
} from './common.ts'

export const Workspace = z.object({ path: z.string() }).meta({ id: 'Workspace' })
export const SessionStatus = z.enum(['idle', 'queued', 'running', 'waiting', 'interrupted'])
export const Session = z
  .object({
    id: SessionId,
    title: Title,
    agentId: AgentId,
    model: ModelId,
    workspace: Workspace,
    permissionMode: PermissionMode,
    budgetUsd: z.number().nullable(),
    status: SessionStatus,
    archived: z.boolean(),
    parentId: SessionId.nullable(),
    createdAt: At,
    updatedAt: At,
    usage: UsageSum,
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

/** One call of a model: the tokens it read and wrote, and what they cost. */
export const SessionStep = z.object({ runId: RunId, at: At, model: ModelId, ...UsageSum.shape }).meta({ id: 'SessionStep' })
/** A file that a tool has changed. `added` and `removed` count lines; null where the call does not tell. */
export const FileChange = z
  .object({
    callId: CallId,
    messageId: MessageId,
    toolId: z.string(),
    path: z.string(),
    action: z.enum(['add', 'update', 'delete', 'rename']),
    added: z.int().nullable(),
    removed: z.int().nullable(),
    at: At,
  })
  .meta({ id: 'FileChange' })
export type FileChange = z.infer<typeof FileChange>
/** The workspace's files as they were before what this message of the user set off. `text` is its beginning. */
export const CheckpointFacts = z.object({ messageId: MessageId, text: z.string(), at: At }).meta({ id: 'Checkpoint' })
export const TodoFacts = z
  .object({ id: z.string(), content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) })
  .meta({ id: 'Todo' })

const WorkspaceSent = z.union([
  z.strictObject({ path: z.string().min(1).max(4096) }),
  z.strictObject({ repositoryUrl: z.string().min(1).max(2000), branch: z.string().min(1).max(255).optional() }),
])
const one = z.strictObject({ id: SessionId })
const lane = ({ id }: { id: string }) => `session:${id}`

/** Something that happened between the messages of a session: the older ones were told anew by a summary, or later ones were taken back. */
export const SessionMark = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('compacted'),
      seq: z.int(),
      at: At,
      summary: z.string(),
      beforeTokens: z.int(),
      afterTokens: z.int(),
      forced: z.boolean(),
    }),
    z.object({
      kind: z.literal('rewound'),
      seq: z.int(),
      at: At,
      messageId: MessageId,
      removedMessages: z.int(),
      restoredFiles: z.array(z.string()),
    }),
  ])
  .meta({ id: 'SessionMark' })
export type SessionMark = z.infer<typeof SessionMark>

export const sessions = {
  'sessions.create': operation({
    summary: 'Open a session with an agent in a workspace.',
    needs: 'sessions:write',
    http: 'POST /v1/sessions',
    status: 201,
    database: 'chat',
    mcp: true,
    input: z.strictObject({
      title: Title.default('New session'),
      agentId: AgentId.optional(),
      model: ModelId.optional(),
      workspace: WorkspaceSent.optional(),
      permissionMode: PermissionMode.optional(),
      budgetUsd: BudgetUsd.optional(),
    }),
    output: Session,
  }),
  'sessions.get': operation({
    summary: 'Read one session.',
    needs: 'sessions:read',
    http: 'GET /v1/sessions/{id}',
    mcp: true,
    cli: { positionals: ['id'] },
    input: one,
    output: Session,
  }),
  'sessions.list': operation({
    summary: 'List sessions, last used first.',
    needs: 'sessions:read',
    http: 'GET /v1/sessions',
    mcp: true,
    input: z.strictObject({ ...page, archived: z.boolean().default(false), status: SessionStatus.optional() }),
    output: listOf(Session),
  }),
  'sessions.search': operation({
    summary: 'Search the titles and messages of all sessions, best match first.',
    needs: 'sessions:read',
    http: 'GET /v1/search',
    mcp: true,
    cli: { positionals: ['query'] },
    input: z.strictObject({ query: z.string().trim().min(1).max(400), ...page }),
    output: listOf(z.object({ sessionId: SessionId, messageId: MessageId.nullable(), title: z.string(), excerpt: z.string(), at: At })),
  }),
  'sessions.overview': operation({
    summary: 'Read what a session has at hand: its to-do list, and the newest of its checkpoints, model calls and changed files.',
    needs: 'sessions:read',
    http: 'GET /v1/sessions/{id}/overview',
    cli: { positionals: ['id'] },
    input: one,
    output: z.object({
      todos: z.array(TodoFacts),
      /** Newest first, at most 50. */
      checkpoints: z.array(CheckpointFacts),
      /** Oldest first, at most the newest 100. */
      steps: z.array(SessionStep),
      /** Newest first, at most of the newest 100 calls. */
      changes: z.array(FileChange),
    }),
  }),
  'sessions.marks': operation({
    summary: 'List what happened between the messages of a session, its compactions and rewinds, newest first.',
    needs: 'sessions:read',
    http: 'GET /v1/sessions/{id}/marks',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: SessionId, ...page }),
    output: listOf(SessionMark),
  }),
  'sessions.files': operation({
    summary: "Find files in a session's workspace by a part of their path, best match first; what .gitignore leaves out is not found.",
    needs: 'sessions:read',
    http: 'GET /v1/sessions/{id}/files',
    cli: { positionals: ['id', 'query'] },
    input: z.strictObject({ id: SessionId, query: z.string().trim().max(400).default(''), limit: z.int().min(1).max(100).default(20) }),
    output: z.object({
      /** Paths from the workspace on, with `/`. */
      items: z.array(z.object({ path: z.string() })),
      /** False: the workspace has more files than could be looked at. */
      complete: z.boolean(),
    }),
  }),
  'sessions.rename': operation({
    summary: 'Give a session a new title.',
    needs: 'sessions:write',
    http: 'PATCH /v1/sessions/{id}',
    database: 'chat',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: SessionId, title: Title }),
    output: Session,
    lane,
  }),
  'sessions.archive': operation({
    summary: 'Put a session away, or bring it back with archived=false.',
    needs: 'sessions:write',
    http: 'POST /v1/sessions/{id}/archive',
    database: 'chat',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: SessionId, archived: z.boolean().default(true) }),
    output: Session,
    lane,
  }),
  'sessions.delete': operation({
    summary: 'Delete a session with its messages and files; a run in it is cancelled first.',
    needs: 'sessions:write',
    http: 'DELETE /v1/sessions/{id}',
    status: 204,
    database: 'chat',
    cli: { positionals: ['id'] },
    input: one,
    output: Nothing,
  }),
  'sessions.fork': operation({
    summary: 'Copy a session, up to and with one of its messages, into a new one.',
    needs: 'sessions:write',
    http: 'POST /v1/sessions/{id}/fork',
    status: 201,
    database: 'chat',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: SessionId, messageId: MessageId.optional(), title: Title.optional() }),
    output: Session,
    lane,
  }),
  'sessions.rewind': operation({
    summary: 'Take a session back to before one of its user messages: the conversation, and the workspace files where a checkpoint was made.',
    needs: 'sessions:write',
    http: 'POST /v1/sessions/{id}/rewind',
    database: 'chat',
    cli: { positionals: ['id', 'messageId'] },
    input: z.strictObject({ id: SessionId, messageId: MessageId, files: z.boolean().default(true) }),
    output: z.object({ session: Session, removedMessages: z.int(), restoredFiles: z.array(z.string()) }),
    lane,
  }),
  'sessions.rewindPreview': operation({
    summary: 'Say what a rewind to before one of its user messages would remove and take back; nothing is changed.',
    needs: 'sessions:read',
    http: 'GET /v1/sessions/{id}/rewind',
    cli: { positionals: ['id', 'messageId'] },
    input: z.strictObject({ id: SessionId, messageId: MessageId }),
    /** `files` relative to the workspace; `unreadable` says why they cannot be compared. */
    output: z.object({ messages: z.int(), files: z.array(z.string()), unreadable: z.string().nullable() }),
  }),
  'sessions.export': operation({
    summary: 'Download a session as JSON or Markdown.',
    needs: 'sessions:read',
    http: 'GET /v1/sessions/{id}/export',
    bytes: 'download',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: SessionId, format: z.enum(['json', 'markdown']).default('json') }),
    output: z.object({ name: z.string(), mediaType: z.string(), size: z.int().nullable() }),
  }),
}
