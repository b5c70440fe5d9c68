import type { Queries } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'

export interface Pairing {
  readonly id: string
  readonly kind: 'terminal' | 'account'
  readonly publicKey: string
  readonly supportsV2: boolean
  readonly response: string | null
  readonly accountId: string | null
  readonly expiresAt: number
}
const pairingColumns = ['id', 'kind', 'public_key', 'supports_v2', 'response', 'account_id', 'expires_at'] as const

/** Notes that a challenge was used; false when it had been before. */
export async function useChallenge(queries: Queries, digest: string, expiresAt: number): Promise<boolean> {
  const row = await queries
    .insertInto('used_challenges')
    .values({ digest, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('digest')
    .executeTakeFirst()
  return row !== undefined
}
/** The account of a key, made when it is new. */
export async function accountOf(queries: Queries, publicKey: string, now: number): Promise<string> {
  const find = () => queries.selectFrom('accounts').select('id').where('public_key', '=', publicKey).executeTakeFirst()
  const known = await find()
  if (known) return known.id
  await queries
    .insertInto('accounts')
    .values({ id: newId(), public_key: publicKey, seq: 0, pruned_seq: 0, settings: null, settings_version: 0, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('public_key').doNothing())
    .execute()
  const made = await find()
  if (!made) throw new Error('An account that was just made is not there.')
  return made.id
}
export const findAccount = (queries: Queries, id: string) =>
  queries.selectFrom('accounts').select(['id', 'public_key', 'created_at']).where('id', '=', id).executeTakeFirst()

export async function insertDevice(
  queries: Queries,
  device: { id: string; accountId: string; client: string; pairing: string | null; now: number; expiresAt: number },
): Promise<void> {
  await queries
    .insertInto('devices')
    .values({
      id: device.id,
      account_id: device.accountId,
      client: device.client,
      pairing: device.pairing,
      created_at: device.now,
      last_seen_at: device.now,
      expires_at: device.expiresAt,
      revoked_at: null,
    })
    .execute()
}
/** A device that still counts, or undefined. */
export const findDevice = (queries: Queries, accountId: string, id: string, now: number) =>
  queries
    .selectFrom('devices')
    .select(['id', 'expires_at', 'last_seen_at'])
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
export const listDevices = (queries: Queries, accountId: string, now: number, limit: number, after: string | undefined) =>
  queries
    .selectFrom('devices')
    .select(['id', 'client', 'created_at', 'last_seen_at', 'expires_at'])
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where('id', '>', after ?? '')
    .orderBy('id')
    .limit(limit)
    .execute()
export async function extendDevice(queries: Queries, id: string, expiresAt: number, now: number): Promise<void> {
  await queries.updateTable('devices').set({ expires_at: expiresAt, last_seen_at: now }).where('id', '=', id).execute()
}
export async function touchDevice(queries: Queries, id: string, now: number): Promise<void> {
  await queries.updateTable('devices').set({ last_seen_at: now }).where('id', '=', id).execute()
}
/** Ends a device; false when there is none of this account that still counts. */
export async function revokeDevice(queries: Queries, accountId: string, id: string, now: number): Promise<boolean> {
  const row = await queries
    .updateTable('devices')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
/** Notes that a key waits; one that waits already keeps its row, an expired one begins anew. */
export async function requestPairing(
  queries: Queries,
  asked: { kind: 'terminal' | 'account'; publicKey: string; supportsV2: boolean; now: number; expiresAt: number },
): Promise<Pairing> {
  const key = { kind: asked.kind, public_key: asked.publicKey }
  await queries
    .deleteFrom('pairings')
    .where('kind', '=', key.kind)
    .where('public_key', '=', key.public_key)
    .where('expires_at', '<=', asked.now)
    .execute()
  await queries
    .insertInto('pairings')
    .values({
      id: newId(),
      ...key,
      supports_v2: asked.supportsV2 ? 1 : 0,
      response: null,
      account_id: null,
      created_at: asked.now,
      expires_at: asked.expiresAt,
      claimed_at: null,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'public_key']).doNothing())
    .execute()
  const pairing = await findPairing(queries, asked.kind, asked.publicKey, asked.now)
  if (!pairing) throw new Error('A pairing that was just made is not there.')
  return pairing
}
export async function findPairing(queries: Queries, kind: Pairing['kind'], publicKey: string, now: number): Promise<Pairing | undefined> {
  const row = await queries
    .selectFrom('pairings')
    .select(pairingColumns)
    .where('kind', '=', kind)
    .where('public_key', '=', publicKey)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      kind,
      publicKey: row.public_key,
      supportsV2: row.supports_v2 === 1,
      response: row.response,
      accountId: row.account_id,
      expiresAt: row.expires_at,
    }
  )
}
/** Answers a waiting key; the first answer counts. False when there is an answer. */
export async function answerPairing(queries: Queries, id: string, accountId: string, response: string): Promise<boolean> {
  const row = await queries
    .updateTable('pairings')
    .set({ account_id: accountId, response })
    .where('id', '=', id)
    .where('response', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
/** Takes an answered pairing away: whoever deletes it has claimed it. */
export async function claimPairing(queries: Queries, id: string): Promise<boolean> {
  const row = await queries.deleteFrom('pairings').where('id', '=', id).where('response', 'is not', null).returning('id').executeTakeFirst()
  return row !== undefined
}
/** Removes what has ended. */
export async function sweepAuth(queries: Queries, now: number): Promise<void> {
  await queries.deleteFrom('used_challenges').where('expires_at', '<=', now).execute()
  await queries.deleteFrom('pairings').where('expires_at', '<=', now).execute()
  await queries.deleteFrom('devices').where('expires_at', '<=', now).execute()
}
