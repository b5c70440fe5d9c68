import { Fault } from '@steward/contract'
import type { RelayCaller } from '../../caller.ts'
import type { RelayHandlers } from '../../context.ts'
import { inTx, type Database } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { bytesOf, isSignedBy } from '../../platform/keys.ts'
import type { Tokens } from '../../platform/tokens.ts'
import { createChallenges, digestOf, loginDomain } from './challenges.ts'
import * as store from './store.ts'

export interface AuthPorts {
  readonly database: Database
  readonly tokens: Tokens
  /** Marks our challenges. */
  readonly challengeKey: Uint8Array
  readonly tokenLifeMs: number
  /** False: only challenges that this server made count. */
  readonly acceptClientChallenges: boolean
  /** Refuses a key that asks too much. Throws Fault `too_many`. */
  limitKey(kind: string, key: string): Promise<void>
  /** A device has ended: its sockets are closed and its token forgotten, on every node. */
  ended(accountId: string, deviceId: string): void
}
type Names = Extract<keyof typeof import('@steward/contract/relay').relayOperations, `auth.${string}` | `devices.${string}`>
const pairingLifeMs = 10 * 60_000
/** A challenge that a client made has no end, so it is remembered for ever. */
const never = 8_640_000_000_000_000
const badSignature = () => new Fault('unauthenticated', 'Invalid signature')

/** Logging in, pairing and devices. */
export function authHandlers(ports: AuthPorts): RelayHandlers<Names> {
  const { database, tokens } = ports
  const challenges = createChallenges(ports.challengeKey)
  const grant = async (
    accountId: string,
    { client = '' }: RelayCaller,
    pairing: string | null,
    now: number,
    queries: Parameters<typeof store.insertDevice>[0],
  ) => {
    const holder = { accountId, deviceId: newId(), expiresAt: now + ports.tokenLifeMs }
    await store.insertDevice(queries, { id: holder.deviceId, accountId, client, pairing, now, expiresAt: holder.expiresAt })
    return holder
  }
  /** One login: the challenge is used up, the account made if it is new, and a device of its own. */
  const login = async (by: RelayCaller, key: Buffer, digest: string, digestEnds: number) => {
    const now = Date.now()
    const holder = await inTx(database, 'read committed', async (tx) => {
      if (!(await store.useChallenge(tx, digest, digestEnds))) throw new Fault('unauthenticated', 'This challenge was used before; sign a new one.')
      return grant(await store.accountOf(tx, key.toString('hex'), now), by, null, now, tx)
    })
    await database.durable()
    return { success: true as const, token: await tokens.sign(holder), expiresAt: holder.expiresAt }
  }
  const ask = async (kind: store.Pairing['kind'], by: RelayCaller, publicKey: string | undefined, supportsV2: boolean) => {
    const now = Date.now()
    const challenge = challenges.make(now)
    if (publicKey === undefined) return { state: 'requested' as const, ...challenge }
    const key = pairingKey(publicKey)
    const pairing = await inTx(database, 'read committed', (tx) =>
      store.requestPairing(tx, { kind, publicKey: key, supportsV2, now, expiresAt: now + pairingLifeMs }),
    )
    const { response, accountId, id } = pairing
    if (response === null || accountId === null) return { state: 'requested' as const, ...challenge }
    const holder = await inTx(database, 'read committed', async (tx) =>
      (await store.claimPairing(tx, id)) ? grant(accountId, by, id, now, tx) : undefined,
    )
    if (holder === undefined) return { state: 'requested' as const, ...challenge }
    await database.durable()
    return { state: 'authorized' as const, token: await tokens.sign(holder), response, ...challenge }
  }
  const approve = async (kind: store.Pairing['kind'], accountId: string, publicKey: string, response: string) => {
    const pairing = await store.findPairing(database.queries, kind, pairingKey(publicKey), Date.now())
    if (!pairing) throw new Fault('not_found', 'Request not found')
    const same = pairing.accountId === accountId && pairing.response === response
    if (!same && !(await store.answerPairing(database.queries, pairing.id, accountId, response)))
      throw new Fault('conflict', 'This request has been answered already.')
    await database.durable()
    return { success: true as const }
  }
  return {
    async 'auth.login'({ by }, { publicKey, challenge, signature }) {
      if (!ports.acceptClientChallenges)
        throw new Fault('unauthenticated', 'This server accepts only challenges of its own: ask for one with POST /v1/auth/request.')
      const [key, sign] = [bytesOf(publicKey, 32), bytesOf(signature, 64)]
      const signed = bytesOf(challenge, 32)
      if (!key || !sign || !signed) throw new Fault('unauthenticated', 'Invalid signature')
      await ports.limitKey('login', key.toString('hex'))
      if (!isSignedBy(key, signed, sign)) throw badSignature()
      return login(by, key, digestOf(key, signed), never)
    },
    'auth.request': ({ by }, { publicKey, supportsV2 }) => ask('terminal', by, publicKey, supportsV2 === true),
    'auth.linkRequest': ({ by }, { publicKey, supportsV2 }) => ask('account', by, publicKey, supportsV2 === true),
    async 'auth.status'(_context, { publicKey }) {
      const key = bytesOf(publicKey, 32)?.toString('hex')
      const pairing = key === undefined ? undefined : await store.findPairing(database.queries, 'terminal', key, Date.now())
      if (!pairing) return { status: 'not_found', supportsV2: false }
      return pairing.response === null ? { status: 'pending', supportsV2: pairing.supportsV2 } : { status: 'authorized', supportsV2: false }
    },
    async 'auth.respond'({ by, holder }, { publicKey, challenge, signature, response }) {
      if (signature === undefined) {
        if (response === undefined) throw new Fault('invalid', 'body must have a signature, to log in, or a response, to approve a key that waits.')
        return approve('terminal', holder().accountId, publicKey, response)
      }
      const [key, sign] = [bytesOf(publicKey, 32), bytesOf(signature, 64)]
      const ends = challenge === undefined ? undefined : challenges.expiryOf(challenge, Date.now())
      if (!key || !sign || challenge === undefined || ends === undefined) throw badSignature()
      await ports.limitKey('login', key.toString('hex'))
      if (!isSignedBy(key, Buffer.from(loginDomain + challenge), sign)) throw badSignature()
      // A challenge of ours is one for everybody: it counts once, whoever signed it.
      return login(by, key, digestOf(Buffer.alloc(0), challenge), ends)
    },
    'auth.linkRespond': ({ holder }, { publicKey, response }) => approve('account', holder().accountId, publicKey, response),
    async 'auth.me'({ holder }) {
      const { accountId, deviceId, expiresAt } = holder()
      const account = await store.findAccount(database.queries, accountId)
      if (!account) throw new Fault('unauthenticated', 'Invalid token')
      return { id: account.id, publicKey: account.public_key, deviceId, expiresAt, createdAt: account.created_at }
    },
    async 'auth.refresh'({ holder }) {
      const now = Date.now()
      const renewed = { ...holder(), expiresAt: now + ports.tokenLifeMs }
      await store.extendDevice(database.queries, renewed.deviceId, renewed.expiresAt, now)
      await database.durable()
      return { success: true, token: await tokens.sign(renewed), expiresAt: renewed.expiresAt }
    },
    async 'auth.logout'({ holder }) {
      const { accountId, deviceId } = holder()
      await store.revokeDevice(database.queries, accountId, deviceId, Date.now())
      await database.durable()
      ports.ended(accountId, deviceId)
      return { success: true }
    },
    async 'devices.list'({ holder }, { limit, cursor }) {
      const { accountId, deviceId } = holder()
      const rows = await store.listDevices(database.queries, accountId, Date.now(), limit + 1, cursor)
      const shown = rows.slice(0, limit).map((row) => ({
        id: row.id,
        client: row.client,
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
        expiresAt: row.expires_at,
        current: row.id === deviceId,
      }))
      return { devices: shown, nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
    },
    async 'devices.revoke'({ holder }, { id }) {
      const { accountId } = holder()
      if (!(await store.revokeDevice(database.queries, accountId, id, Date.now()))) throw new Fault('not_found', 'There is no such device.')
      await database.durable()
      ports.ended(accountId, id)
      return { success: true }
    },
  }
}
/** A key that waits to be paired: 32 bytes, kept as hex. Throws Fault `unauthenticated` in the existing clients' words. */
function pairingKey(publicKey: string): string {
  const key = bytesOf(publicKey, 32)
  if (!key) throw new Fault('unauthenticated', 'Invalid public key')
  return key.toString('hex')
}
