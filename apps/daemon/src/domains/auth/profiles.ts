import { Fault } from '@steward/contract'
import type { AuthProfile } from '@steward/contract/daemon'
import type { Credential } from '../../platform/models/credential.ts'
import { fresh, healthAt } from './choose.ts'
import type { AuthPorts, KnownProvider } from './ports.ts'
import { shownHealth } from './standings.ts'
import type { ProfileRecord } from './store.ts'
import { standardPriority } from './vault.ts'

/** A credential with the row that says more of it. One of the two is always there. */
export interface Profile {
  readonly id: string
  readonly provider: string
  readonly credential: Credential | undefined
  readonly row: ProfileRecord | undefined
}
const shortestWithTail = 16
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** Finds profiles, wherever their credentials lie, and shows them without the credential. */
export function createProfiles({ store, vault, standings, providers, now }: Pick<AuthPorts, 'store' | 'vault' | 'standings' | 'providers' | 'now'>) {
  const ofOwn = (credential: Credential): Profile => ({
    id: credential.id,
    provider: credential.provider,
    credential,
    row: store.find(credential.id),
  })
  const ofRow = (row: ProfileRecord): Profile => ({ id: row.id, provider: row.provider, credential: vault.credentialOf(row), row })
  const ofProvider = (provider: KnownProvider): Profile[] => provider.own.map(ofOwn)
  /** The rows of keys of their own. */
  const added = (rows: readonly ProfileRecord[]) => rows.filter(({ source }) => source !== 'provider').map(ofRow)

  const priorityOf = ({ row, credential }: Profile) => row?.priority ?? standardPriority[credential?.source ?? 'settings']
  const why = ({ credential, row }: Profile, health: AuthProfile['health']): string | null => {
    if (row && row.source !== 'provider') {
      const provider = providers.find(row.provider)
      if (!provider) return `There is no provider ${row.provider} any more.`
      if (provider.origin !== row.origin) return `It was given for another address of ${row.provider} and is sent nowhere else.`
      const opened = credential ? undefined : vault.open(row)
      if (opened && 'why' in opened) return opened.why
    }
    if (row?.enabled === false) return 'It is switched off.'
    if (health === 'expired') return 'Its own end has passed.'
    if (health === 'failed') return 'The provider has refused it; change it, or test it when it should work again.'
    return health === 'cooling' ? 'It cools down after a refusal.' : null
  }
  return {
    all: (provider?: string): Profile[] => {
      const known = provider === undefined ? providers.all() : [providers.find(provider)].filter((one) => one !== undefined)
      return [...known.flatMap(ofProvider), ...added(provider === undefined ? store.all() : store.ofProvider(provider))]
    },
    /** Throws Fault `not_found`. */
    need(id: string): Profile {
      const row = store.find(id)
      const found =
        row && row.source !== 'provider'
          ? ofRow(row)
          : providers
              .all()
              .flatMap(ofProvider)
              .find((one) => one.id === id)
      if (!found) throw new Fault('not_found', `There is no credential ${id}; \`steward auth list\` shows them.`)
      return found
    },
    /** Sorts profiles by provider and priority, a provider's own key before those that were added, these by age. */
    placeOf: (profile: Profile) =>
      `${profile.provider} ${String(priorityOf(profile)).padStart(4, '0')} ${profile.row === undefined || profile.row.source === 'provider' ? 0 : 1} ${profile.id}`,
    show(profile: Profile): AuthProfile {
      const { id, provider, credential, row } = profile
      const standing = credential ? standings.of(credential) : fresh
      const expiresAt = row?.expiresAt == null ? null : Date.parse(row.expiresAt)
      const { health, coolingUntil } = shownHealth(standing, now(), expiresAt)
      const reason = why(profile, healthAt({ standing, expiresAt }, now()))
      const source = credential?.source ?? (row?.source === 'file' ? 'file' : 'settings')
      return {
        id,
        provider,
        name: row?.name ?? (source === 'environment' ? 'environment' : 'default'),
        health,
        ready: reason === null,
        priority: priorityOf(profile),
        enabled: row?.enabled ?? true,
        tail: credential && credential.key.length >= shortestWithTail ? credential.key.slice(-4) : null,
        source,
        where: credential?.where ?? (row?.source === 'file' ? vault.open(row).where : null),
        why: reason,
        coolingUntil,
        expiresAt: row?.expiresAt ?? null,
        lastUsedAt: iso(standing.lastUsedAt),
        lastError: standing.lastError && { ...standing.lastError, at: new Date(standing.lastError.at).toISOString() },
        uses: standing.uses,
        failures: standing.failures,
        createdAt: row?.createdAt ?? null,
        updatedAt: row?.updatedAt ?? null,
      }
    },
  }
}
