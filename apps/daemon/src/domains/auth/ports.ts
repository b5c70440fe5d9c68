import type { Credential } from '../../platform/models/credential.ts'
import type { Provider } from '@steward/contract/daemon'
import type { Standings } from './standings.ts'
import type { AuthStore } from './store.ts'
import type { Places } from './tool-files.ts'
import type { Vault } from './vault.ts'

/** What this room needs to know of a provider. */
export interface KnownProvider {
  readonly id: string
  readonly kind: Provider['kind']
  readonly baseUrl: string | null
  /** Of its address; null: the vendor's own. */
  readonly origin: string | null
  /** Where keys of the environment and of other tools may be sent; undefined for a provider that is not known by name. */
  readonly home: string | null | undefined
  /** The key of `providers.set` and that of the environment, where there are such. */
  readonly own: readonly Credential[]
}
export interface KeyVariable {
  readonly provider: string
  readonly variable: string
}
interface ProbeResult {
  readonly works: boolean
  readonly status: number | null
  readonly message: string
  readonly latencyMs: number
}
export interface AuthPorts {
  readonly store: AuthStore
  readonly vault: Vault
  readonly standings: Standings
  readonly places: Places
  readonly providers: {
    all(): readonly KnownProvider[]
    find(id: string): KnownProvider | undefined
    /** Inside a commit: changes or takes away (null) the key of `providers.set`. */
    setKey(id: string, key: string | null): void
    /** Throws Fault `unprocessable` for an address to which no key may be sent. */
    checkAddress(baseUrl: string | null): void
    /** The variables of vendors' keys, those of one provider in the order in which they count. */
    readonly variables: readonly KeyVariable[]
  }
  seal(id: string, key: string): string
  probe(target: { kind: Provider['kind']; baseUrl: string | null; key: string }, signal: AbortSignal): Promise<ProbeResult>
  /** A value was stored: from now on it is taken out of whatever leaves. */
  learned(): void
  now(): number
}
