import { z } from 'zod'
import { event } from '../event.ts'
import { operation } from '../operation.ts'
import { AgentId, At, listOf, Nothing, page, SessionId } from './common.ts'

export const MemoryId = z.string().regex(/^mem_[0-9a-z]{1,64}$/, 'must look like mem_…')
export const MemoryKind = z.enum(['note', 'fact', 'document'])
export const MemoryTag = z.string().trim().toLowerCase().min(1).max(64)
/** Who it is from. `ref` says more: the caller's id, the session, the file. */
export const MemorySource = z.strictObject({ kind: z.enum(['user', 'agent', 'import']), ref: z.string().max(200).optional() })
export const MemoryText = z.string().min(1).max(200_000).regex(/\S/, 'must hold a word')
const tags = z.array(MemoryTag).max(32)

/** Something remembered. With an `agentId` only that agent sees it, with a `sessionId` only that session; with neither it is global. */
export const Memory = z
  .object({
    id: MemoryId,
    kind: MemoryKind,
    text: z.string(),
    tags: z.array(z.string()),
    source: MemorySource,
    agentId: AgentId.nullable(),
    sessionId: SessionId.nullable(),
    createdAt: At,
    updatedAt: At,
    expiresAt: At.nullable(),
  })
  .meta({ id: 'Memory' })
export type Memory = z.infer<typeof Memory>
/** `score` is from 0 to 1 and compares within one search; `excerpt` is of the part that was found. */
export const MemoryHit = z.object({ ...Memory.omit({ text: true }).shape, excerpt: z.string(), score: z.number() }).meta({ id: 'MemoryHit' })
export type MemoryHit = z.infer<typeof MemoryHit>

const scope = { agentId: AgentId.optional(), sessionId: SessionId.optional() }
/** What a scope sees: the global, the agent's and the session's; `all` lifts it. */
const filter = { ...scope, all: z.boolean().default(false), kind: MemoryKind.optional(), tag: MemoryTag.optional() }
const isOld = { status: 200 as const, when: (answer: { createdAt: string; updatedAt: string }) => answer.createdAt !== answer.updatedAt }

export const memory = {
  'memory.save': operation({
    summary: 'Remember a note, a fact or a document; what its scope holds already is answered as it is, with the tags added.',
    needs: 'memory:write',
    http: 'POST /v1/memory',
    status: 201,
    elseStatus: isOld,
    database: 'agents',
    mcp: true,
    cli: { positionals: ['text'] },
    input: z.strictObject({ text: MemoryText, kind: MemoryKind.default('note'), tags: tags.default([]), ...scope, expiresAt: At.optional() }),
    output: Memory,
  }),
  'memory.get': operation({
    summary: 'Read one memory.',
    needs: 'memory:read',
    http: 'GET /v1/memory/{id}',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: MemoryId }),
    output: Memory,
  }),
  'memory.list': operation({
    summary: 'List what is remembered globally and by the agent and session named, newest first.',
    needs: 'memory:read',
    http: 'GET /v1/memory',
    mcp: true,
    input: z.strictObject({ ...filter, ...page }),
    output: listOf(Memory),
  }),
  'memory.search': operation({
    summary: 'Search what is remembered globally and by the agent and session named, best match first.',
    needs: 'memory:read',
    http: 'GET /v1/memory/search',
    mcp: true,
    cli: { positionals: ['query'] },
    input: z.strictObject({
      query: z.string().trim().min(1).max(4_000),
      ...scope,
      all: filter.all,
      kind: MemoryKind.optional(),
      tags: tags.default([]),
      ...page,
      limit: page.limit.default(10),
    }),
    output: listOf(MemoryHit),
  }),
  'memory.update': operation({
    summary: 'Change the text, kind, tags or expiry of a memory; its scope stays.',
    needs: 'memory:write',
    http: 'PATCH /v1/memory/{id}',
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({
      id: MemoryId,
      text: MemoryText.optional(),
      kind: MemoryKind.optional(),
      tags: tags.optional(),
      expiresAt: At.nullable().optional(),
    }),
    output: Memory,
  }),
  'memory.delete': operation({
    summary: 'Forget one memory.',
    needs: 'memory:write',
    http: 'DELETE /v1/memory/{id}',
    status: 204,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: MemoryId }),
    output: Nothing,
  }),
  'memory.export': operation({
    summary: 'Download what is remembered as Markdown.',
    needs: 'memory:read',
    http: 'GET /v1/memory/markdown',
    bytes: 'download',
    input: z.strictObject(filter),
    output: z.object({ name: z.string(), mediaType: z.string(), size: z.int().nullable() }),
  }),
  'memory.import': operation({
    summary: 'Remember what a Markdown file holds: each entry of an export, or the whole file as one document.',
    needs: 'memory:write',
    http: 'POST /v1/memory/markdown',
    bytes: 'upload',
    database: 'agents',
    input: z.strictObject({
      ...scope,
      /** Puts everything into the global scope; `agentId` or `sessionId` into that one. Without any of them the file says. */
      global: z.boolean().default(false),
      name: z.string().max(200).optional(),
    }),
    output: z.object({ added: z.int(), merged: z.int() }),
  }),
}

/** What the events tell of a memory: never its text, so that what is forgotten is gone. */
const told = { memoryId: MemoryId, kind: MemoryKind, agentId: AgentId.nullable(), sessionId: SessionId.nullable() }
const agents = <D extends z.ZodType>(data: D) => event({ log: 'agents', data })
export const memoryEvents = {
  /** `merged`: it was there already. */
  'memory.saved': agents(z.object({ ...told, source: MemorySource.shape.kind, merged: z.boolean() })),
  'memory.updated': agents(z.object(told)),
  /** `expired`: past its own time; `retention`: older than `memory.days`; `orphaned`: its agent or session is gone. */
  'memory.deleted': agents(z.object({ memoryId: MemoryId, reason: z.enum(['asked', 'expired', 'retention', 'orphaned']) })),
  /** What was put into a run's system prompt by itself; lies in the chat log beside the run's other events. */
  'memory.recalled': event({ log: 'chat', data: z.object({ ids: z.array(MemoryId), tokens: z.int() }) }),
}
