import { Fault } from '@steward/contract'
import { embeddingModel, loadSdk, type ProviderSettings } from './providers.ts'

/** Texts in, a vector for each out, all of one length. */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<number[][]>

/** An embedding model of a provider. It does not retry: who asks knows how long it can wait. Throws Fault `unavailable` with the provider's words. */
export async function createEmbedder(provider: ProviderSettings, modelId: string): Promise<Embed> {
  const [{ embedMany }, model] = await Promise.all([loadSdk(), embeddingModel(provider, modelId)])
  return async (texts, signal) => {
    try {
      const { embeddings } = await embedMany({ model, values: [...texts], maxRetries: 0, abortSignal: signal })
      return embeddings
    } catch (error) {
      throw new Fault('unavailable', `The embedding model ${modelId} did not answer: ${(error as Error).message}`, undefined, { cause: error })
    }
  }
}
