import { Fault } from '@steward/contract'
import type { Provider } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import { pageByKey } from '../../platform/page.ts'
import type { SecretBox } from '../../platform/secrets/box.ts'
import type { Database } from '../../platform/storage/database.ts'
import { createCatalog, type ModelTable } from './catalog.ts'
import { presets, usualAddress } from './presets.ts'
import { checkAddress, createProviders, sealName, type Effective, type Environment, type Rotation } from './providers.ts'
import { createModelStore, type ProviderRecord } from './store.ts'

interface ProbeTarget {
  readonly kind: Provider['kind']
  readonly baseUrl: string | null
  readonly key: string | undefined
}
interface ProbeResult {
  readonly works: boolean
  readonly status: number | null
  readonly message: string
  readonly latencyMs: number
  readonly models: string[]
}
export interface ModelPorts {
  readonly box: SecretBox
  readonly env: Environment
  readonly table: ModelTable
  /** The setting models.default. */
  wanted(): string
  probe(target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult>
  readonly rotation: Rotation & {
    /** Inside a commit: forgets the credentials that were added for a provider. False when there were none. */
    forget(provider: string): boolean
  }
}
/** Model providers with their keys, models with their prices, and how a model's name becomes a way to call it. */
export function createModelsRoom(db: Database, { box, env, table, wanted, probe, rotation }: ModelPorts) {
  const store = createModelStore(db)
  const providers = createProviders(store, box, env, rotation)
  const catalog = createCatalog(store, providers, table, wanted)
  const need = (id: string): Effective => {
    const provider = providers.find(id)
    if (!provider) throw new Fault('not_found', `There is no provider ${id}; \`steward providers list\` shows them.`)
    return provider
  }
  const handlers = {
    async 'providers.list'(_context, { limit, cursor }) {
      const sorted = providers.all().toSorted((one, other) => (one.shown.id < other.shown.id ? -1 : 1))
      const page = pageByKey(sorted, ({ shown }) => shown.id, { limit, cursor })
      return { items: page.items.map(({ shown }) => shown), nextCursor: page.nextCursor }
    },
    async 'providers.set'({ commit }, { id, kind: newKind, baseUrl: newUrl, api: newApi, key: newKey, models }) {
      const preset = presets.find((one) => one.id === id)
      return commit((emit) => {
        const before = store.find(id)
        const kind = newKind ?? before?.kind ?? preset?.kind
        if (!kind)
          throw new Fault(
            'unprocessable',
            `${id} is not a provider known by name: give its kind (anthropic, openai, openai-compatible or google) and its address.`,
          )
        const baseUrl = newUrl === undefined ? (before?.baseUrl ?? null) : newUrl
        if (kind === 'openai-compatible' && baseUrl === null && (!preset || (preset.keyless && !providers.find(id)?.shown.baseUrl)))
          throw new Fault('unprocessable', `${id} needs a baseUrl, for example http://127.0.0.1:11434/v1.`)
        const moved = before !== undefined && providers.originOf(baseUrl) !== providers.originOf(before.baseUrl)
        // A stored key stays with the address it was given for.
        const sealedKey =
          newKey === undefined ? (moved ? null : (before?.sealedKey ?? null)) : newKey === null ? null : box.seal(sealName(id), newKey)
        checkAddress(baseUrl, sealedKey !== null)
        const api = newApi ?? (before && !moved && newKind === undefined ? before.api : providers.api(kind, baseUrl ?? preset?.baseUrl ?? null))
        const record: ProviderRecord = {
          id,
          kind,
          baseUrl,
          api,
          sealedKey,
          models: models ?? before?.models ?? [],
          updatedAt: new Date().toISOString(),
        }
        store.put(record)
        emit('provider.changed', { id, removed: false })
        return need(id).shown
      })
    },
    async 'providers.remove'({ commit }, { id }) {
      return commit((emit) => {
        const forgotten = rotation.forget(id)
        if (!store.remove(id) && !forgotten)
          throw new Fault('not_found', `Nothing is stored for a provider ${id}. A key of the environment goes with its variable.`)
        emit('provider.changed', { id, removed: true })
        return null
      })
    },
    async 'providers.test'({ signal }, { id }) {
      const { shown, turn, credentials, ready } = need(id)
      if (!ready)
        return {
          works: false,
          status: null,
          message: `The provider ${id} lacks a key or an address that a key may be sent to.`,
          latencyMs: 0,
          models: [],
        }
      return probe({ kind: shown.kind, baseUrl: shown.baseUrl, key: (turn.credentials[0] ?? credentials[0])?.key }, signal)
    },
    async 'providers.discover'({ signal }) {
      const places = presets.flatMap((preset) => {
        const baseUrl = usualAddress(preset, env)
        return baseUrl === undefined ? [] : [{ ...preset, baseUrl }]
      })
      const items = places.map(async ({ id, kind, baseUrl }) => {
        const { works, message, models } = await probe({ kind, baseUrl, key: undefined }, signal)
        return { provider: id, baseUrl, running: works, isSetUp: (providers.find(id)?.shown.baseUrl ?? null) !== null, message, models }
      })
      return { items: await Promise.all(items), nextCursor: null }
    },
    async 'models.list'(_context, { limit, cursor, available }) {
      const items = catalog.all().filter((model) => available === undefined || model.available === available)
      return pageByKey(items, ({ id }) => (id === 'builtin' ? '' : id), { limit, cursor })
    },
    async 'models.price'({ commit }, { model, price, contextTokens, maxOutputTokens }) {
      if (model === 'builtin') throw new Fault('unprocessable', 'builtin costs nothing and its sizes are fixed; set the price of another model.')
      if (price === null && (contextTokens !== undefined || maxOutputTokens !== undefined))
        throw new Fault('unprocessable', 'Going back to the table (price null) takes the sizes back too; leave them away, or give a price.')
      return commit((emit) => {
        if (price === null) store.removePrice(model)
        else store.putPrice({ model, ...price, contextTokens: contextTokens ?? null, maxOutputTokens: maxOutputTokens ?? null })
        emit('price.changed', { model })
        return catalog.describe(model)
      })
    },
  } satisfies RoomHandlers
  /** The keys of providers and of the environment, for taking them out of whatever leaves. */
  const secrets = (): string[] => providers.all().flatMap(({ own }) => own.map(({ key }) => key))
  /** Inside a commit: changes or takes away (null) the key of `providers.set`. Throws Fault `not_found` where nothing is stored for the provider. */
  const setKey = (id: string, key: string | null): void => {
    const record = store.find(id)
    if (!record) throw new Fault('not_found', `Nothing is stored for a provider ${id}.`)
    store.put({ ...record, sealedKey: key === null ? null : box.seal(sealName(id), key), updatedAt: new Date().toISOString() })
  }
  return { handlers, secrets, providers, setKey, resolve: catalog.resolve, defaultModel: catalog.defaultModel, facts: catalog.describe }
}
