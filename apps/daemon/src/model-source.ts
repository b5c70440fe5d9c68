import { Fault } from '@steward/contract'
import type { PlannerTool } from './engine/builtin/types.ts'
import type { Model, Price } from './engine/types.ts'
import type { Embed } from './platform/models/embedder.ts'
import type { Registry } from './tools/registry.ts'
import type { Tool } from './tools/tool.ts'

interface Facts {
  readonly contextTokens: number
  readonly maxOutputTokens: number
  readonly price: Price
}
type Resolved =
  | { readonly kind: 'builtin'; readonly modelId: string; readonly facts: Facts }
  | {
      readonly kind: 'anthropic' | 'openai' | 'openai-compatible' | 'google'
      readonly modelId: string
      readonly model: string
      readonly baseUrl: string | null
      readonly apiKey: string | undefined
      readonly api: 'chat' | 'responses'
      readonly facts: Facts
    }
export interface ModelSourceOptions {
  readonly models: { resolve(id: string): Resolved; defaultModel(): string }
  readonly registry: Registry
  readonly override: ((id: string) => Model | undefined) | undefined
}
const providerOf = ({ kind, baseUrl, apiKey, api }: Exclude<Resolved, { kind: 'builtin' }>) => ({
  kind,
  api,
  ...(baseUrl === null ? {} : { baseUrl }),
  ...(apiKey === undefined ? {} : { apiKey }),
})
/** Turns a model's name into one that can be called. A model's code, our own too, is loaded with the first call that needs it. */
export function createModelSource({ models, registry, override }: ModelSourceOptions) {
  let builtin: Promise<Model> | undefined
  return {
    async model(id: string): Promise<Model> {
      const own = override?.(id)
      if (own) return own
      if (id === 'builtin') return (builtin ??= loadBuiltin(registry))
      const resolved = models.resolve(id)
      if (resolved.kind === 'builtin') return (builtin ??= loadBuiltin(registry))
      const { createAiSdkModel } = await import('./platform/models/ai-sdk-model.ts')
      const { model, facts } = resolved
      return createAiSdkModel({
        id,
        modelId: model,
        provider: providerOf(resolved),
        contextTokens: facts.contextTokens,
        maxOutputTokens: facts.maxOutputTokens,
        price: facts.price,
      })
    },
    /** An embedding model by its name. Throws Fault `unprocessable` for one that is none. */
    async embedder(id: string): Promise<Embed> {
      const resolved = models.resolve(id)
      if (resolved.kind === 'builtin') throw new Fault('unprocessable', 'The builtin planner has no embeddings; name the model of a provider.')
      const { createEmbedder } = await import('./platform/models/embedder.ts')
      return createEmbedder(providerOf(resolved), resolved.model)
    },
    /** The model itself, or the default one where none is named or the named one is gone. */
    modelFor: (wanted: string | null): string => wanted ?? models.defaultModel(),
    /** Throws Fault `unprocessable` for a model that cannot be called. */
    check(id: string): void {
      if (id === 'builtin' || override?.(id)) return
      models.resolve(id)
    },
    defaultModel: () => models.defaultModel(),
  }
}
async function loadBuiltin(registry: Registry): Promise<Model> {
  const { createBuiltinModel } = await import('./engine/builtin/model.ts')
  const tools = plannerTools(registry)
  return createBuiltinModel({ tools, now: Date.now })
}
/** The registry's tools as the planner knows them: the same array as long as the registry does not change. */
function plannerTools(registry: Registry): () => readonly PlannerTool[] {
  let of: readonly Tool[] | undefined
  let planned: readonly PlannerTool[] = []
  return () => {
    if (of === registry.all()) return planned
    of = registry.all()
    planned = of.map(({ id, name, description, examples, risk }) => ({
      id,
      name: registry.modelName(id),
      title: name,
      description,
      examples,
      risk,
      get inputsSchema() {
        return registry.listing(id)?.inputsSchema ?? {}
      },
    }))
    return planned
  }
}
