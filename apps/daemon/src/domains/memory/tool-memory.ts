import type { MemoryPort } from '../../tools/memory/port.ts'
import type { MemoryCommit } from './context.ts'
import { excerptOf } from './excerpt.ts'
import type { Keep } from './keep.ts'
import type { Ranked } from './rank.ts'
import type { FoundPiece } from './search-store.ts'
import type { Scope } from './store.ts'
import { termsOf } from './terms.ts'

interface Parts {
  readonly keep: Keep
  readonly commit: MemoryCommit
  find(scope: Scope, query: { readonly query: string; readonly tags?: readonly string[] | undefined }): Promise<Ranked<FoundPiece>[]>
}
const excerptLength = 600
/** The memory of one agent in one session, for its tools. The tool says global, agent or session; whose they are is fixed here. */
export function createToolMemory({ agentId, sessionId }: { agentId: string; sessionId: string }, { keep, commit, find }: Parts): MemoryPort {
  const places: Record<'global' | 'agent' | 'session', Scope> = {
    global: { agentId: null, sessionId: null },
    agent: { agentId, sessionId: null },
    session: { agentId: null, sessionId },
  }
  return {
    async save({ scope, ...given }) {
      const source = { kind: 'agent', ref: `${agentId} ${sessionId}` } as const
      const { record, merged } = commit((emit) => keep.save(emit, { ...given, ...places[scope], source, expiresAt: null }))
      return { id: record.id, tags: record.tags, merged }
    },
    async search({ query, tags, limit }) {
      const words = termsOf(query).map(({ word }) => word)
      const found = await find({ agentId, sessionId }, { query, tags })
      return found.slice(0, limit).map(({ candidate, score }) => ({
        id: candidate.memoryId,
        text: excerptOf(candidate.text, words, excerptLength),
        tags: candidate.tags,
        updatedAt: candidate.updatedAt,
        score,
      }))
    },
  }
}
