import { isIP } from 'node:net'
import { Fault } from '@steward/contract'
import type { Provider } from '@steward/contract/daemon'
import { credentialId, type Credential, type Turn } from '../../platform/models/credential.ts'
import type { SecretBox } from '../../platform/secrets/box.ts'
import { presets, type Preset } from './presets.ts'
import type { ModelStore, ProviderRecord } from './store.ts'

/** A provider with what is needed to call it. */
export interface Effective {
  readonly shown: Provider
  /** Its own two: the key of `providers.set` and that of the environment. */
  readonly own: readonly Credential[]
  /** Those and what was added for its address. */
  readonly credentials: readonly Credential[]
  /** Which of all its credentials a call may use now. */
  readonly turn: Turn
  /** Has what it needs to be called. */
  readonly ready: boolean
  /** A key may not be sent to its address. */
  readonly unsafe: boolean
  /** Where a key of the environment, or of another tool, may be sent: the vendor's own address (null: the SDK knows it) or the environment's. Undefined for a provider that is not known by name. */
  readonly home: string | null | undefined
}
/** Credentials beside a provider's own two, and the rotation of all. */
export interface Rotation {
  /** Those that were given for this address; null: the vendor's own. */
  added(provider: string, origin: string | null): readonly Credential[]
  turn(credentials: readonly Credential[]): Turn
}
export type Environment = Readonly<Record<string, string | undefined>>
const firstOf = (env: Environment, names: readonly string[]) => names.map((name) => env[name]?.trim()).find(Boolean)
const originOf = (url: string | null): string | null => (url === null ? null : (URL.parse(url)?.origin ?? url))
/** The wire format that a provider most likely speaks. */
const api = (kind: Provider['kind'], baseUrl: string | null): Provider['api'] => (kind === 'openai' && baseUrl === null ? 'responses' : 'chat')
/** The name under which a provider's key is sealed. */
export const sealName = (id: string): string => `provider:${id}`

/** True for addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}
/** Throws Fault `unprocessable` for an address that would show the key to the network or holds a password. */
export function checkAddress(baseUrl: string | null, hasKey: boolean): void {
  const url = baseUrl === null ? null : URL.parse(baseUrl)
  if (!url) return
  if (url.username !== '' || url.password !== '')
    throw new Fault('unprocessable', 'The address may not hold a user or password; give the key as the key.')
  if (hasKey && url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new Fault('unprocessable', `A key is not sent over plain http to ${url.hostname}; use https, or a loopback address.`)
}

/**
 * What is stored and what the environment says, in one view. The environment's key goes only to the
 * vendor's own address or the environment's: who may change an address must not be able to have the key sent to it.
 */
export function createProviders(store: ModelStore, box: SecretBox, env: Environment, rotation: Rotation) {
  const view = (preset: Preset | undefined, stored: ProviderRecord | undefined, id: string): Effective | undefined => {
    const kind = stored?.kind ?? preset?.kind
    if (!kind) return undefined
    const envUrl = preset ? (firstOf(env, preset.urlVariables) ?? null) : null
    const home = envUrl ?? preset?.baseUrl ?? null
    const baseUrl = stored?.baseUrl ?? home
    const storedKey = stored?.sealedKey == null ? undefined : box.open(sealName(id), stored.sealedKey)
    const variable = preset && originOf(baseUrl) === originOf(home) ? preset.keyVariables.find((name) => (env[name]?.trim() ?? '') !== '') : undefined
    const own: Credential[] = [
      ...(storedKey === undefined
        ? []
        : [{ id: credentialId(id, 'provider'), provider: id, source: 'settings' as const, where: null, key: storedKey }]),
      ...(variable === undefined
        ? []
        : [
            {
              id: credentialId(id, 'environment'),
              provider: id,
              source: 'environment' as const,
              where: variable,
              key: env[variable]?.trim() ?? '',
            },
          ]),
    ]
    const all = [...own, ...rotation.added(id, originOf(baseUrl))]
    const turn = rotation.turn(all)
    const unsafe = all.length > 0 && baseUrl !== null && /^http:/i.test(baseUrl) && !isLoopback(URL.parse(baseUrl)?.hostname ?? '')
    const keyless =
      kind === 'openai-compatible' && baseUrl !== null && (preset?.keyless === true || originOf(baseUrl) !== originOf(preset?.baseUrl ?? null))
    return {
      shown: {
        id,
        kind,
        baseUrl,
        api: stored?.api ?? api(kind, baseUrl),
        hasKey: all.length > 0,
        keySource: (turn.credentials[0] ?? all[0])?.source ?? 'none',
        models: [...(stored?.models ?? [])],
        updatedAt: stored?.updatedAt ?? null,
      },
      own,
      credentials: all,
      turn,
      ready: !unsafe && (turn.credentials.length > 0 || turn.waitMs !== null || keyless),
      unsafe,
      home: preset && originOf(home),
    }
  }
  const find = (id: string): Effective | undefined =>
    view(
      presets.find((preset) => preset.id === id),
      store.find(id),
      id,
    )
  return {
    find,
    api,
    originOf,
    /** The ones known by name in the order of preference, then the user's own by id. */
    all(): Effective[] {
      const stored = new Map(store.list().map((record) => [record.id, record]))
      const known = presets.map((preset) => view(preset, stored.get(preset.id), preset.id))
      const own = [...stored.values()]
        .filter(({ id }) => !presets.some((preset) => preset.id === id))
        .map((record) => view(undefined, record, record.id))
      return [...known, ...own].filter((provider) => provider !== undefined)
    },
  }
}
export type Providers = ReturnType<typeof createProviders>
