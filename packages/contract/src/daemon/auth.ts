import { z } from 'zod'
import { operation, writeOnly } from '../operation.ts'
import { At, AuthId, FoundId, listOf, Nothing, page, ProviderId } from './common.ts'

/**
 * How a credential does: `untested` (not used yet), `ok`, `cooling` (refused for now: too many requests, or no credit), `failed` (refused as such; out of the
 * rotation until it is tested or changed), `expired` (its own end has passed).
 */
export const AuthHealth = z.enum(['untested', 'ok', 'cooling', 'failed', 'expired'])
export type AuthHealth = z.infer<typeof AuthHealth>
/** Where a credential lies: sealed in settings.db, in a variable of the daemon's environment, or in the file of another tool. */
export const AuthSource = z.enum(['settings', 'environment', 'file'])
export type AuthSource = z.infer<typeof AuthSource>
/** One credential of a provider. The credential itself is never shown, but for its last characters (`tail`) where it is long. */
export const AuthProfile = z
  .object({
    id: AuthId,
    provider: ProviderId,
    name: z.string(),
    health: AuthHealth,
    /** May be used now. */
    ready: z.boolean(),
    /** The lowest is used first; equal ones take turns. */
    priority: z.int(),
    enabled: z.boolean(),
    tail: z.string().max(4).nullable(),
    source: AuthSource,
    /** The variable or the file it is read from; null when it is stored. */
    where: z.string().nullable(),
    /** A sentence why it may not be used now. */
    why: z.string().nullable(),
    coolingUntil: At.nullable(),
    expiresAt: At.nullable(),
    lastUsedAt: At.nullable(),
    lastError: z.object({ at: At, status: z.int().nullable(), message: z.string() }).nullable(),
    uses: z.int(),
    failures: z.int(),
    createdAt: At.nullable(),
    updatedAt: At.nullable(),
  })
  .meta({ id: 'AuthProfile' })
export type AuthProfile = z.infer<typeof AuthProfile>
/**
 * A credential that another tool keeps on this machine. `usable` false: `why` says why Steward does not use it. `profileId`: the profile that uses it
 * already. `provider` is null where it cannot be told.
 */
export const FoundAuth = z
  .object({
    id: FoundId,
    provider: z.string().nullable(),
    kind: z.enum(['api-key', 'login', 'unknown']),
    source: z.enum(['environment', 'file']),
    tool: z.string(),
    where: z.string(),
    usable: z.boolean(),
    why: z.string().nullable(),
    profileId: AuthId.nullable(),
  })
  .meta({ id: 'FoundAuth' })
export type FoundAuth = z.infer<typeof FoundAuth>

const Name = z.string().trim().min(1).max(80)
const Priority = z.int().min(0).max(1000)
const Key = z.string().regex(/^[\x21-\x7e]{1,10000}$/, 'must be a key: printable characters without spaces')
const facts = { name: Name.optional(), priority: Priority.optional(), enabled: z.boolean().optional(), expiresAt: At.nullable().optional() }

export const auth = {
  'auth.list': operation({
    summary: 'List the credentials of providers and how they do; never the credentials themselves.',
    needs: 'auth:read',
    http: 'GET /v1/auth',
    input: z.strictObject({ ...page, provider: ProviderId.optional() }),
    output: listOf(AuthProfile),
  }),
  'auth.get': operation({
    summary: 'Read how one credential does.',
    needs: 'auth:read',
    http: 'GET /v1/auth/{id}',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: AuthId }),
    output: AuthProfile,
  }),
  'auth.add': operation({
    summary: 'Give a provider one more key; the keys of a provider take turns and stand in for each other.',
    needs: 'auth:write',
    http: 'POST /v1/auth',
    status: 201,
    database: 'settings',
    cli: { positionals: ['provider'] },
    input: z.strictObject({ provider: ProviderId, key: writeOnly(Key), ...facts }),
    output: AuthProfile,
    lane: ({ provider }) => `provider:${provider}`,
  }),
  'auth.update': operation({
    summary: 'Change the name, priority or key of a credential, or switch it off or on.',
    needs: 'auth:write',
    http: 'PATCH /v1/auth/{id}',
    database: 'settings',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: AuthId, key: writeOnly(Key.optional()), ...facts }),
    output: AuthProfile,
    lane: ({ id }) => `auth:${id}`,
  }),
  'auth.remove': operation({
    summary: 'Forget a credential. A file of another tool stays as it is.',
    needs: 'auth:write',
    http: 'DELETE /v1/auth/{id}',
    status: 204,
    database: 'settings',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: AuthId }),
    output: Nothing,
    lane: ({ id }) => `auth:${id}`,
  }),
  'auth.test': operation({
    summary: 'Ask the provider whether a credential works, and keep the answer as its health.',
    needs: 'auth:write',
    http: 'POST /v1/auth/{id}/test',
    database: 'settings',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: AuthId }),
    output: z.object({ works: z.boolean(), status: z.int().nullable(), message: z.string(), latencyMs: z.number(), profile: AuthProfile }),
  }),
  'auth.discover': operation({
    summary: 'Look for keys in the environment and in the files of other agent tools. Reads only, and only now.',
    needs: 'auth:write',
    http: 'POST /v1/auth/discover',
    input: z.strictObject({}),
    output: listOf(FoundAuth),
  }),
  'auth.adopt': operation({
    summary: 'Use a key that was found in the file of another tool. It is read from there each time.',
    needs: 'auth:write',
    http: 'POST /v1/auth/adopt',
    status: 201,
    database: 'settings',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: FoundId, name: Name.optional(), priority: Priority.optional() }),
    output: AuthProfile,
    lane: ({ id }) => `auth:${id}`,
  }),
}
