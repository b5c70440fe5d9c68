import type { Holder } from '../../caller.ts'
import type { Queries } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'

export interface Pairing {
  readonly id: string
  readonly kind: 'terminal' | 'account'
  readonly supportsV2: boolean
  readonly response: string | null
  readonly accountId: string | null
  /** What was answered has been handed out; `response` is its hash now. */
  readonly claimed: boolean
}

/** Notes that challenges are used, and answers those that had not been. In one order on every node, so that none waits for another crosswise. */
export async function useChallenges(queries: Queries, used: readonly { digest: string; digestEnds: number }[]): Promise<Set<string>> {
  const ends = new Map(used.map(({ digest, digestEnds }) => [digest, digestEnds]))
  const rows = await queries
    .insertInto('used_challenges')
    .values([...ends].toSorted(byName).map(([digest, expires_at]) => ({ digest, expires_at })))
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('digest')
    .execute()
  return new Set(rows.map(({ digest }) => digest))
}
/** The accounts of keys (lower-case hex), made where they are new. */
export async function accountsOf(queries: Queries, publicKeys: readonly string[], now: number): Promise<Map<string, string>> {
  const known = await findAccounts(queries, publicKeys)
  const fresh = publicKeys.filter((key) => !known.has(key)).toSorted()
  if (fresh.length === 0) return known
  const row = { seq: 0, pruned_seq: 0, settings: null, settings_version: 0, created_at: now, updated_at: now }
  await queries
    .insertInto('accounts')
    .values(fresh.map((public_key) => ({ id: newId(), public_key, ...row })))
    .onConflict((conflict) => conflict.column('public_key').doNothing())
    .execute()
  return new Map([...known, ...(await findAccounts(queries, fresh))])
}
const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)
async function findAccounts(queries: Queries, publicKeys: readonly string[]): Promise<Map<string, string>> {
  if (publicKeys.length === 0) return new Map()
  const rows = await queries.selectFrom('accounts').select(['id', 'public_key']).where('public_key', 'in', publicKeys).execute()
  return new Map(rows.map(({ id, public_key }) => [public_key, id]))
}
export const findAccount = (queries: Queries, id: string) =>
  queries.selectFrom('accounts').select(['id', 'public_key', 'created_at']).where('id', '=', id).executeTakeFirst()

/** Makes devices. `pairing`: the pairing it came from, if it came from one. */
export async function insertDevices(
  queries: Queries,
  devices: readonly { readonly holder: Holder; readonly client: string; readonly pairing: string | null }[],
  now: number,
): Promise<void> {
  if (devices.length === 0) return
  await queries
    .insertInto('devices')
    .values(
      devices.map(({ holder, client, pairing }) => ({
        id: holder.deviceId,
        account_id: holder.accountId,
        client,
        pairing,
        created_at: now,
        last_seen_at: now,
        expires_at: holder.expiresAt,
        revoked_at: null,
      })),
    )
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
const idsOfStatement = 500
/** Which of these devices have not been revoked. */
export async function liveDevices(queries: Queries, ids: readonly string[]): Promise<Set<string>> {
  const live = new Set<string>()
  for (let from = 0; from < ids.length; from += idsOfStatement) {
    const some = ids.slice(from, from + idsOfStatement)
    const rows = await queries.selectFrom('devices').select('id').where('id', 'in', some).where('revoked_at', 'is', null).execute()
    for (const { id } of rows) live.add(id)
  }
  return live
}
/** Lets a device count for longer; false for one that was revoked. */
export async function extendDevice(queries: Queries, id: string, expiresAt: number, now: number): Promise<boolean> {
  const row = await queries
    .updateTable('devices')
    .set({ expires_at: expiresAt, last_seen_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
export async function touchDevice(queries: Queries, id: string, now: number): Promise<void> {
  await queries.updateTable('devices').set({ last_seen_at: now }).where('id', '=', id).execute()
}
/** Ends a device, whose row then goes with those that have expired; false when there is none of this account that still counts. */
export async function revokeDevice(queries: Queries, accountId: string, id: string, now: number): Promise<boolean> {
  const row = await queries
    .updateTable('devices')
    .set({ revoked_at: now, expires_at: now })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
/** Notes that a key waits. One that waits already, because a twin was quicker, keeps its row; an expired one begins anew. */
export async function requestPairing(
  queries: Queries,
  asked: { kind: 'terminal' | 'account'; publicKey: string; supportsV2: boolean; now: number; expiresAt: number },
): Promise<void> {
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
}
export async function findPairing(queries: Queries, kind: Pairing['kind'], publicKey: string, now: number): Promise<Pairing | undefined> {
  const row = await queries
    .selectFrom('pairings')
    .select(['id', 'supports_v2', 'response', 'account_id', 'claimed_at'])
    .where('kind', '=', kind)
    .where('public_key', '=', publicKey)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      kind,
      supportsV2: row.supports_v2 === 1,
      response: row.response,
      accountId: row.account_id,
      claimed: row.claimed_at !== null,
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
/** Hands out what was answered, once; `seal` is what stays of the answer. False when somebody else was quicker. */
export async function claimPairing(queries: Queries, id: string, seal: string, now: number): Promise<boolean> {
  const row = await queries
    .updateTable('pairings')
    .set({ claimed_at: now, response: seal })
    .where('id', '=', id)
    .where('response', 'is not', null)
    .where('claimed_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
/** Removes what has ended. */
export async function sweepAuth(queries: Queries, now: number): Promise<void> {
  await queries.deleteFrom('used_challenges').where('expires_at', '<=', now).execute()
  await queries.deleteFrom('pairings').where('expires_at', '<=', now).execute()
  await queries.deleteFrom('devices').where('expires_at', '<=', now).execute()
}
