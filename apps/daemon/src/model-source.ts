import { Fault } from '@steward/contract'
import type { PlannerTool } from './engine/builtin/types.ts'
import type { Model, Price } from './engine/types.ts'
import type { Embed } from './platform/models/embedder.ts'
import type { Turn } from './platform/models/credential.ts'
import type { RotationReports, Target } from './platform/models/rotating-model.ts'
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
      readonly turn: Turn
      readonly api: 'chat' | 'responses'
      readonly facts: Facts
    }
export interface ModelSourceOptions {
  readonly models: { resolve(id: string): Resolved; defaultModel(): string }
  /** Hears how the credentials do that calls are made with. */
  readonly reports: RotationReports
  readonly registry: Registry
  readonly override: ((id: string) => Model | undefined) | undefined
}
const addressOf = ({ kind, baseUrl, api }: Exclude<Resolved, { kind: 'builtin' }>) => ({ kind, api, ...(baseUrl === null ? {} : { baseUrl }) })
/** Turns a model's name into one that can be called. A model's code, our own too, is loaded with the first call that needs it. */
export function createModelSource({ models, reports, registry, override }: ModelSourceOptions) {
  let builtin: Promise<Model> | undefined
  return {
    async model(id: string): Promise<Model> {
      const own = override?.(id)
      if (own) return own
      if (id === 'builtin') return (builtin ??= loadBuiltin(registry))
      const resolved = models.resolve(id)
      if (resolved.kind === 'builtin') return (builtin ??= loadBuiltin(registry))
      const [{ createAiSdkModel }, { createRotatingModel }] = await Promise.all([
        import('./platform/models/ai-sdk-model.ts'),
        import('./platform/models/rotating-model.ts'),
      ])
      const { contextTokens, maxOutputTokens, price } = resolved.facts
      const facts = { id, contextTokens, maxOutputTokens, price }
      // Resolved again for each call: address and keys are always those of one moment, and go together.
      const target = (): Target => {
        const now = models.resolve(id)
        if (now.kind === 'builtin') throw new TypeError('builtin is not called at a provider.')
        const { model, turn } = now
        const address = addressOf(now)
        return {
          provider: id.slice(0, id.indexOf('/')),
          turn,
          make: (apiKey) => createAiSdkModel({ ...facts, modelId: model, provider: apiKey === undefined ? address : { ...address, apiKey } }),
        }
      }
      return createRotatingModel(facts, target, reports)
    },
    /** An embedding model by its name. Throws Fault `unprocessable` for one that is none. */
    async embedder(id: string): Promise<Embed> {
      const resolved = models.resolve(id)
      if (resolved.kind === 'builtin') throw new Fault('unprocessable', 'The builtin planner has no embeddings; name the model of a provider.')
      const { createEmbedder } = await import('./platform/models/embedder.ts')
      const [credential] = resolved.turn.credentials
      return createEmbedder({ ...addressOf(resolved), ...(credential ? { apiKey: credential.key } : {}) }, resolved.model)
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
