import { plain, type Database } from '../../platform/storage/database.ts'
import type { Standing } from './choose.ts'

/** A row of auth_profiles. `reference`: which entry of which tool's file holds the key. `origin`: the only address the key may go to; null: the vendor's own. */
export interface ProfileRecord {
  readonly id: string
  readonly provider: string
  readonly name: string
  readonly source: 'settings' | 'file' | 'provider'
  readonly sealed: string | null
  readonly reference: { readonly tool: string; readonly entry: string } | null
  readonly origin: string | null
  readonly enabled: boolean
  readonly priority: number
  readonly expiresAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}
export interface HealthRecord {
  readonly id: string
  /** By which a credential is known again: one that was changed begins anew. */
  readonly digest: string
  readonly standing: Standing
}
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
const ms = (at: unknown) => (typeof at === 'string' ? Date.parse(at) : null)
const toProfile = (row: unknown): ProfileRecord => {
  const { enabled, reference, ...rest } = plain<Record<string, unknown>>(row)
  return {
    ...(rest as unknown as ProfileRecord),
    enabled: enabled === 1,
    reference: typeof reference === 'string' ? (JSON.parse(reference) as ProfileRecord['reference']) : null,
  }
}
const toHealth = (row: unknown): HealthRecord => {
  const found = plain<Record<string, unknown>>(row)
  const { id, digest, health, strikes, uses, failures, lastError } = found as unknown as HealthRecord & Standing & { lastError: string | null }
  const errorAt = ms(found['lastErrorAt'])
  const standing: Standing = {
    health,
    strikes,
    uses,
    failures,
    coolingUntil: ms(found['coolingUntil']),
    named: found['named'] === 1,
    lastUsedAt: ms(found['lastUsedAt']),
    lastError:
      errorAt === null ? null : { at: errorAt, status: found['lastErrorStatus'] as number | null, message: (lastError as string | null) ?? '' },
  }
  return { id, digest, standing }
}
/** The only file that knows the tables auth_profiles and auth_health. */
export function createAuthStore(db: Database) {
  const columns = `id, provider, name, source, sealed, reference, origin, enabled, priority, expires_at AS expiresAt, created_at AS createdAt,
    updated_at AS updatedAt`
  const all = db.prepare(`SELECT ${columns} FROM auth_profiles ORDER BY id`)
  const ofProvider = db.prepare(`SELECT ${columns} FROM auth_profiles WHERE provider = ? ORDER BY id`)
  const byId = db.prepare(`SELECT ${columns} FROM auth_profiles WHERE id = ?`)
  const put = db.prepare(`INSERT OR REPLACE INTO auth_profiles
    (id, provider, name, source, sealed, reference, origin, enabled, priority, expires_at, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const remove = db.prepare('DELETE FROM auth_profiles WHERE id = ?')
  const removeHealth = db.prepare('DELETE FROM auth_health WHERE id = ?')
  const health = db.prepare(`SELECT id, digest, health, cooling_until AS coolingUntil, named, strikes, uses, failures, last_used_at AS lastUsedAt,
    last_error AS lastError, last_error_status AS lastErrorStatus, last_error_at AS lastErrorAt FROM auth_health ORDER BY id`)
  const putHealth = db.prepare(`INSERT OR REPLACE INTO auth_health
    (id, digest, health, cooling_until, named, strikes, uses, failures, last_used_at, last_error, last_error_status, last_error_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  return {
    all: () => all.all().map(toProfile),
    ofProvider: (provider: string) => ofProvider.all(provider).map(toProfile),
    find(id: string): ProfileRecord | undefined {
      const row = byId.get(id)
      return row && toProfile(row)
    },
    put: ({ id, provider, name, source, sealed, reference, origin, enabled, priority, expiresAt, createdAt, updatedAt }: ProfileRecord) =>
      void put.run(
        id,
        provider,
        name,
        source,
        sealed,
        reference === null ? null : JSON.stringify(reference),
        origin,
        enabled ? 1 : 0,
        priority,
        expiresAt,
        createdAt,
        updatedAt,
      ),
    /** A profile and what is known of how it does. */
    remove(id: string): void {
      remove.run(id)
      removeHealth.run(id)
    },
    health: () => health.all().map(toHealth),
    putHealth: ({ id, digest, standing: { health: state, coolingUntil, named, strikes, uses, failures, lastUsedAt, lastError } }: HealthRecord) =>
      void putHealth.run(
        id,
        digest,
        state,
        iso(coolingUntil),
        named ? 1 : 0,
        strikes,
        uses,
        failures,
        iso(lastUsedAt),
        lastError?.message ?? null,
        lastError?.status ?? null,
        iso(lastError?.at ?? null),
      ),
  }
}
export type AuthStore = ReturnType<typeof createAuthStore>
