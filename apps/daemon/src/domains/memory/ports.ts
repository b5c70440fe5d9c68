import type { MemoryCommit } from './context.ts'

/** What memories need of other rooms; the composition root hands it in. */
export interface MemoryPorts {
  /** Commits of what no operation has asked for: tools that save, and forgetting by age. */
  readonly commit: MemoryCommit
  agentExists(id: string): boolean
  sessionExists(id: string): boolean
  /** The setting `memory.embeddingModel`. */
  embeddingModel(): string | null
  /** Texts in, a vector for each out, by the model of that name. Throws Fault where it is none or does not answer. */
  embedder(model: string): Promise<(texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>>
  report(error: unknown): void
  /** Takes every known secret out. */
  redact<T>(value: T): T
  /** The setting `memory.days`: days after its last change that a memory is kept; 0 keeps them. */
  days(): number
}
