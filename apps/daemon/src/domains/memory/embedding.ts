import { setTimeout as delay } from 'node:timers/promises'
import type { MemoryPorts } from './ports.ts'
import type { VectorStore } from './vector-store.ts'

const batch = 64
const queryLimitMs = 2_000
const longestQuery = 2_000
const firstPauseMs = 2_000
const longestPauseMs = 300_000

/**
 * Gives the pieces of memories their vectors, in the background and in batches, as long as an embedding model is set. A model that does not answer is
 * asked again after 2 s, then after twice as long up to 5 minutes; what waits, waits in the database. Known secrets are taken out of all that is sent.
 */
export function createEmbedding({ vectors, ports }: { readonly vectors: () => Promise<VectorStore>; readonly ports: MemoryPorts }) {
  const closing = new AbortController()
  const { signal } = closing
  let working: Promise<void> | undefined
  let again = false
  const fill = async (): Promise<void> => {
    let pauseMs = firstPauseMs
    while (!signal.aborted) {
      again = false
      const model = ports.embeddingModel()
      if (model === null) return
      try {
        const store = await vectors()
        ports.commit(() => store.useModel(model))
        const pieces = store.waiting(batch)
        if (pieces.length === 0) {
          if (again) continue
          return
        }
        const embed = await ports.embedder(model)
        const found = await embed(
          pieces.map(({ text }) => ports.redact(text)),
          signal,
        )
        if (ports.embeddingModel() !== model) continue
        ports.commit(() => {
          for (const [at, { piece, text }] of pieces.entries()) store.put(piece, text, model, found[at] ?? [])
        })
        pauseMs = firstPauseMs
      } catch (error) {
        if (signal.aborted) return
        ports.report(error)
        await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
        pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      }
    }
  }
  return {
    /** Something may wait for its vector. */
    wake(): void {
      again = true
      if (ports.embeddingModel() === null || signal.aborted) return
      working ??= fill().finally(() => {
        working = undefined
      })
    },
    /** The vector of a query and whose it is; undefined where no model is set, or it does not answer within 2 s: words alone must do then. */
    async ofQuery(query: string): Promise<{ readonly vector: readonly number[]; readonly model: string } | undefined> {
      const model = ports.embeddingModel()
      if (model === null || query.trim() === '') return undefined
      try {
        const embed = await ports.embedder(model)
        const [vector] = await embed([ports.redact(query).slice(0, longestQuery)], AbortSignal.any([signal, AbortSignal.timeout(queryLimitMs)]))
        return vector && { vector, model }
      } catch (error) {
        if (!signal.aborted) ports.report(error)
        return undefined
      }
    },
    /** Resolves when nothing is under way any more. */
    async close(): Promise<void> {
      closing.abort()
      await working
    },
  }
}
