import { Fault } from '@steward/contract'
import type { ModelFacts, Provider } from '@steward/contract/daemon'
import type { Turn } from '../../platform/models/credential.ts'
import type { Providers } from './providers.ts'
import type { ModelStore } from './store.ts'

/** What our own table knows of a model. */
interface TableFacts {
  readonly id: string
  readonly contextTokens: number
  readonly maxOutputTokens: number
  readonly price: ModelFacts['price']
  readonly estimated: boolean
}
export interface ModelTable {
  readonly known: readonly TableFacts[]
  facts(id: string): TableFacts
}
/** A model, ready to be called. `model` is the provider's own name of it. */
export type ResolvedModel =
  | { readonly kind: 'builtin'; readonly modelId: 'builtin'; readonly facts: ModelFacts }
  | {
      readonly kind: Provider['kind']
      readonly modelId: string
      readonly model: string
      readonly baseUrl: string | null
      readonly turn: Turn
      readonly api: Provider['api']
      readonly facts: ModelFacts
    }
const builtinContext = 1_000_000
const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
const split = (id: string): [string, string] => [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)]

/** Which models there are, what they cost, and how each is reached. */
export function createCatalog(store: ModelStore, providers: Providers, table: ModelTable, wanted: () => string) {
  const defaultModel = (): string => {
    const chosen = wanted()
    if (chosen !== 'auto') return chosen
    for (const { ready, shown } of providers.all()) {
      if (!ready) continue
      const best = shown.models[0] ?? table.known.map(({ id }) => split(id)).find(([provider]) => provider === shown.id)?.[1]
      if (best !== undefined) return `${shown.id}/${best}`
    }
    return 'builtin'
  }
  const describe = (id: string, isDefault: boolean): ModelFacts => {
    if (id === 'builtin')
      return {
        id,
        provider: 'builtin',
        available: true,
        isDefault,
        contextTokens: builtinContext,
        maxOutputTokens: 100_000,
        price: free,
        priceSource: 'table',
      }
    const facts = table.facts(id)
    const own = store.findPrice(id)
    const [provider] = split(id)
    return {
      id,
      provider,
      available: providers.find(provider)?.ready ?? false,
      isDefault,
      contextTokens: own?.contextTokens ?? facts.contextTokens,
      maxOutputTokens: own?.maxOutputTokens ?? facts.maxOutputTokens,
      price: own ? { input: own.input, output: own.output, cacheRead: own.cacheRead, cacheWrite: own.cacheWrite } : facts.price,
      priceSource: own ? 'settings' : facts.estimated ? 'estimate' : 'table',
    }
  }
  return {
    defaultModel,
    describe: (id: string) => describe(id, id === defaultModel()),
    /** `builtin` first, then by id. */
    all(): ModelFacts[] {
      const ids = new Set(table.known.map(({ id }) => id))
      for (const { model } of store.prices()) ids.add(model)
      for (const { shown } of providers.all()) for (const model of shown.models) ids.add(`${shown.id}/${model}`)
      const chosen = defaultModel()
      ids.add(chosen)
      ids.delete('builtin')
      return ['builtin', ...[...ids].toSorted()].map((id) => describe(id, id === chosen))
    },
    /** How to reach a model. Throws Fault `unprocessable` with what to do when it cannot be reached. */
    resolve(id: string): ResolvedModel {
      const facts = describe(id, id === defaultModel())
      if (id === 'builtin') return { kind: 'builtin', modelId: 'builtin', facts }
      const [name, model] = split(id)
      const provider = providers.find(name)
      if (!provider)
        throw new Fault(
          'unprocessable',
          `There is no provider ${name}. Set it up with \`steward providers set ${name} --kind openai-compatible --base-url URL\`, or choose another model.`,
        )
      if (provider.unsafe)
        throw new Fault(
          'unprocessable',
          `The address of ${name} is plain http on another machine, and a key is not sent there. Give it an https address with \`steward providers set ${name}\`.`,
        )
      if (!provider.ready)
        throw new Fault(
          'unprocessable',
          provider.shown.hasKey
            ? `Every key of ${name} is switched off or has expired; \`steward auth list --provider ${name}\` shows them. Switch one on, or choose another model.`
            : `The provider ${name} has no key. Give it one with \`steward auth add ${name}\`, or choose another model.`,
        )
      const { kind, baseUrl, api } = provider.shown
      return { kind, modelId: id, model, baseUrl, turn: provider.turn, api, facts }
    },
  }
}
