import { credentialId, type Credential, type Turn } from '../../platform/models/credential.ts'
import type { SecretBox } from '../../platform/secrets/box.ts'
import { order, type Eligible } from './choose.ts'
import type { Standings } from './standings.ts'
import type { AuthStore, ProfileRecord } from './store.ts'
import { readEntry, type Places } from './tool-files.ts'

export interface VaultPorts {
  readonly store: AuthStore
  readonly box: SecretBox
  readonly standings: Standings
  readonly places: Places
  now(): number
  /** Hears of each value that was not known before. */
  learned(): void
}
/** Those of the environment come after all that were given on purpose. */
export const standardPriority = { settings: 100, file: 100, environment: 1000 } as const
/** The name under which a credential is sealed: moved to another profile it does not open. */
export const sealedAs = (id: string): string => `auth:${id}`

/** The credentials of providers that are kept beside the key of `providers.set`, and which of all may be used. */
export function createVault({ store, box, standings, places, now, learned }: VaultPorts) {
  /** Every value that was read from a file of another tool: it stays a secret when the file has another. */
  const seen = new Set<string>()
  /** The key of a row, read now: a file's is what stands there at this moment. A sentence where there is none. */
  const open = ({ id, sealed, reference }: ProfileRecord): { where: string | null } & ({ key: string } | { why: string }) => {
    if (reference !== null) return readEntry(places, reference)
    const key = sealed === null ? undefined : box.open(sealedAs(id), sealed)
    return key === undefined
      ? { where: null, why: 'Its stored key does not open with the key of this data folder; give it again with `steward auth update`.' }
      : { where: null, key }
  }
  const credentialOf = (row: ProfileRecord): Credential | undefined => {
    if (row.source === 'provider') return undefined
    const opened = open(row)
    if (row.source === 'file' && 'key' in opened && !seen.has(opened.key)) {
      seen.add(opened.key)
      learned()
    }
    return 'key' in opened ? { id: row.id, provider: row.provider, source: row.source, where: opened.where, key: opened.key } : undefined
  }
  const eligible = (credential: Credential, row = store.find(credential.id)): Eligible & { readonly credential: Credential } => ({
    credential,
    id: credential.id,
    enabled: row?.enabled ?? true,
    priority: row?.priority ?? standardPriority[credential.source],
    expiresAt: row?.expiresAt == null ? null : Date.parse(row.expiresAt),
    standing: standings.of(credential),
  })
  return {
    open,
    credentialOf,
    eligible,
    /** Those that were given for this address of a provider (null: the vendor's own) and can be read. */
    added: (provider: string, origin: string | null): Credential[] =>
      store
        .ofProvider(provider)
        .filter((row) => row.origin === origin)
        .map(credentialOf)
        .filter((one) => one !== undefined),
    /** Which of a provider's credentials a call may use now, best first. */
    turn(credentials: readonly Credential[]): Turn {
      const { use, waitMs } = order(
        credentials.map((one) => eligible(one)),
        now(),
      )
      return { credentials: use.map(({ credential }) => credential), waitMs }
    },
    /** Inside a commit: forgets what is stored for a provider. False when there was nothing. */
    forget(provider: string): boolean {
      const rows = store.ofProvider(provider)
      for (const id of [credentialId(provider, 'provider'), ...rows.map((row) => row.id)]) {
        store.remove(id)
        standings.forget(id)
      }
      return rows.length > 0
    },
    /** Every value there is, for taking them out of whatever leaves. */
    values(): string[] {
      const keys = store.all().flatMap((row) => {
        const opened = row.source === 'provider' ? undefined : open(row)
        return opened !== undefined && 'key' in opened ? [opened.key] : []
      })
      return [...new Set([...seen, ...keys])]
    },
  }
}
export type Vault = ReturnType<typeof createVault>
