import { Fault } from '@steward/contract'
import type { MemoryHit } from '@steward/contract/daemon'
import { decodePage, encodePage } from '../../platform/page.ts'
import type { Database } from '../../platform/storage/database.ts'
import { loadVectors } from '../../platform/storage/vectors.ts'
import type { MemoryPort } from '../../tools/memory/port.ts'
import type { MemoryHandlers } from './context.ts'
import { excerptOf } from './excerpt.ts'
import { createEmbedding } from './embedding.ts'
import { fuse } from './fuse.ts'
import { createKeep, isLiving } from './keep.ts'
import type { MemoryPorts } from './ports.ts'
import type { Ranked } from './rank.ts'
import { createPrune } from './prune.ts'
import { nothing, recall, type Recalled } from './recall.ts'
import { createMemorySearchStore, type FoundPiece } from './search-store.ts'
import { createMemorySearch, isWanted, type MemoryQuery } from './search.ts'
import { toMemory, type MemoryFilter, type MemoryRecord, type MemoryStore, type Scope } from './store.ts'
import { termsOf } from './terms.ts'
import { createToolMemory } from './tool-memory.ts'
import { createTransfer } from './transfer.ts'
import { createVectorStore, type VectorStore } from './vector-store.ts'

export type { MemoryPorts } from './ports.ts'

interface Asked {
  readonly agentId?: string | undefined
  readonly sessionId?: string | undefined
}
const scopeIn = ({ agentId, sessionId }: Asked): Scope => ({ agentId: agentId ?? null, sessionId: sessionId ?? null })
const mostRecalled = 24
const mostNear = 80

/** Memories: notes, facts and documents in scopes that are never crossed. Saving, searching and forgetting, for operations, tools and runs alike. */
export function createMemoryRoom(db: Database, store: MemoryStore, ports: MemoryPorts) {
  const pieces = createMemorySearchStore(db)
  const keep = createKeep(store, pieces, { redact: ports.redact, indexed: () => embedding.wake() })
  const search = createMemorySearch(pieces)
  let loading: Promise<VectorStore> | undefined
  const vectors = () => (loading ??= loadVectors(db).then(() => createVectorStore(db)))
  const embedding = createEmbedding({ vectors, ports })
  const need = (id: string): MemoryRecord => {
    const record = store.find(id)
    if (!record || !isLiving(record)) throw new Fault('not_found', `There is no memory ${id}.`)
    return record
  }
  const check = ({ agentId, sessionId }: Scope): void => {
    if (agentId !== null && !ports.agentExists(agentId)) throw new Fault('unprocessable', `There is no agent ${agentId}.`)
    if (sessionId !== null && !ports.sessionExists(sessionId)) throw new Fault('unprocessable', `There is no session ${sessionId}.`)
  }
  /** What may be seen from a scope: the global one, the agent's, the session's, and that of both together. */
  const seenFrom = ({ agentId, sessionId }: Scope): number[] => {
    const all = [null, agentId].flatMap((agent) => [null, sessionId].map((session) => ({ agentId: agent, sessionId: session })))
    return [...new Set(all.flatMap((scope) => store.findScope(scope) ?? []))]
  }
  const everyScope = (): number[] => {
    const numbers = seenFrom({ agentId: null, sessionId: null })
    for (let after = 0; ;) {
      const page = store.scopes(after, 500).map(({ number }) => number)
      numbers.push(...page)
      after = page.at(-1) ?? after
      if (page.length < 500) return numbers
    }
  }
  const filterOf = ({ all, kind, tag, ...asked }: Asked & { all: boolean; kind?: string | undefined; tag?: string | undefined }): MemoryFilter => ({
    scopes: all ? undefined : seenFrom(scopeIn(asked)),
    kind,
    tag,
    now: new Date().toISOString(),
  })
  /** By words, and by meaning as well where an embedding model is set and answers in time. */
  const findIn = async (scopes: () => number[], query: Omit<MemoryQuery, 'scopes' | 'now'>): Promise<Ranked<FoundPiece>[]> => {
    const meant = await embedding.ofQuery(query.query)
    const asked = { ...query, scopes: scopes(), now: Date.now() }
    const byWords = search(asked)
    if (!meant) return byWords
    const known = await vectors()
    const now = new Date(asked.now).toISOString()
    return fuse(
      byWords,
      asked.scopes.flatMap((number) => known.near({ ...meant, scope: number, now, limit: mostNear })).filter((piece) => isWanted(piece, asked)),
    )
  }
  const find = (scope: Scope, query: Omit<MemoryQuery, 'scopes' | 'now'>) => findIn(() => seenFrom(scope), query)
  const handlers = {
    async 'memory.save'({ commit, caller }, { text, kind, tags, expiresAt, ...asked }) {
      const scope = scopeIn(asked)
      check(scope)
      const source = { kind: 'user', ref: caller.id } as const
      return commit((emit) => toMemory(keep.save(emit, { text, kind, tags, source, ...scope, expiresAt: expiresAt ?? null }).record))
    },
    async 'memory.get'(_context, { id }) {
      return toMemory(need(id))
    },
    async 'memory.list'(_context, { limit, cursor, ...asked }) {
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodePage(cursor, 'seq')
      const rows = store.list(filterOf(asked), before, limit + 1)
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items: items.map(toMemory), nextCursor: rows.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
    async 'memory.search'(_context, { query, kind, tags, all, limit, cursor, ...asked }) {
      const from = cursor === undefined ? 0 : decodePage(cursor, 'from')
      const found = await findIn(all ? everyScope : () => seenFrom(scopeIn(asked)), { query, kind, tags })
      const words = termsOf(query).map(({ word }) => word)
      const items = found.slice(from, from + limit).flatMap(({ candidate, score }): MemoryHit[] => {
        const record = store.find(candidate.memoryId)
        if (!record) return []
        const { text: _text, ...memory } = toMemory(record)
        return [{ ...memory, excerpt: excerptOf(candidate.text, words), score }]
      })
      return { items, nextCursor: found.length > from + limit ? encodePage({ from: from + limit }) : null }
    },
    async 'memory.update'({ commit }, { id, text, kind, tags, expiresAt }) {
      const patch = {
        ...(text === undefined ? {} : { text }),
        ...(kind === undefined ? {} : { kind }),
        ...(tags === undefined ? {} : { tags }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }
      return commit((emit) => toMemory(keep.update(emit, need(id), patch)))
    },
    async 'memory.delete'({ commit }, { id }) {
      return commit((emit) => {
        keep.forget(emit, need(id), 'asked')
        return null
      })
    },
    ...createTransfer({ store, keep, filterOf, check }),
  } satisfies MemoryHandlers
  return {
    handlers,
    prune: createPrune(store, keep, ports),
    /** Gives vectors to what waits for them. */
    embed: () => embedding.wake(),
    close: () => embedding.close(),
    /** What the tools of one run may do: in the scopes of its agent and session, and in no other. */
    toolsOf: (agentId: string, sessionId: string): MemoryPort => createToolMemory({ agentId, sessionId }, { keep, find, commit: ports.commit }),
    /** The block of memories for a run's system prompt: of its own scopes, about `query`, in at most `tokenLimit` tokens; 0 is off. */
    async recall(scope: { readonly agentId: string; readonly sessionId: string }, query: string, tokenLimit: number): Promise<Recalled> {
      if (tokenLimit === 0) return nothing
      const hits = (await find(scope, { query })).slice(0, mostRecalled)
      return recall(
        query,
        hits.map(({ candidate: { memoryId: id, text, tags, updatedAt }, score }) => ({ id, text, tags, updatedAt, score })),
        tokenLimit,
      )
    },
  }
}
