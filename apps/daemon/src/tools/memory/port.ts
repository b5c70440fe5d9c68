/** The memory that a call's own agent and session have. Whose it is, the host has fixed; a tool chooses no more than how far a memory reaches. */
export interface MemoryPort {
  /** Saves, or answers what is there already with the same content (`merged`). */
  save(memory: {
    readonly text: string
    readonly kind: 'note' | 'fact' | 'document'
    readonly tags: readonly string[]
    readonly scope: 'global' | 'agent' | 'session'
  }): Promise<{ readonly id: string; readonly tags: readonly string[]; readonly merged: boolean }>
  /** Best match first, of what is global, the agent's or the session's. */
  search(query: {
    readonly query: string
    readonly tags?: readonly string[] | undefined
    readonly limit: number
  }): Promise<
    readonly { readonly id: string; readonly text: string; readonly tags: readonly string[]; readonly updatedAt: string; readonly score: number }[]
  >
}
