import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { RelayCaller } from '../../caller.ts'
import type { RelayHandlers } from '../../context.ts'
import { bytesOf, isSignedBy } from '../../platform/keys.ts'
import { endOf, type Tokens } from '../../platform/tokens.ts'
import { createChallenges, digestOf, loginDomain } from './challenges.ts'
import { createLogins } from './logins.ts'
import { createPairings, type PairingPorts } from './pairings.ts'
import * as store from './store.ts'

export interface AuthPorts extends PairingPorts {
  readonly tokens: Tokens
  /** Marks our challenges. */
  readonly challengeKey: Uint8Array
  readonly challengeLifeMs: number
  /** False: only challenges that this server made count. */
  readonly acceptClientChallenges: boolean
  /** Refuses an address, and a key whose owner has proven it, that log in too often. Throws Fault `too_many`. */
  limitAddress(address: string): Promise<void>
  limitKey(key: string): Promise<void>
  /** A device has ended: its sockets are closed and its token forgotten, on every node. */
  ended(accountId: string, deviceId: string): void
}
type Names = Extract<keyof typeof relayOperations, `auth.${string}` | `devices.${string}`>
/** A challenge that a client made has no end, so it is remembered for ever. */
const never = 8_640_000_000_000_000
const badSignature = () => new Fault('unauthenticated', 'Invalid signature')
const badToken = () => new Fault('unauthenticated', 'Invalid token')

/** Logging in, pairing and devices. */
export function authHandlers(ports: AuthPorts): RelayHandlers<Names> {
  const { tokens, ended } = ports
  const { queries, durable } = ports.database
  const challenges = createChallenges(ports.challengeKey, ports.challengeLifeMs)
  const pairings = createPairings(ports)
  const admit = createLogins(ports.database, ports.tokenLifeMs)
  /** Logs in whoever has signed. The key is counted only then: nobody can use up the tries of a key that is not his. */
  const login = async (
    by: RelayCaller,
    sent: { publicKey: string; signature: string },
    signed: Uint8Array,
    used: (key: Buffer) => [string, number],
  ) => {
    const [key, signature] = [bytesOf(sent.publicKey, 32), bytesOf(sent.signature, 64)]
    if (!key || !signature || !(await isSignedBy(key, signed, signature))) throw badSignature()
    const publicKey = key.toString('hex')
    await ports.limitKey(publicKey)
    const [digest, digestEnds] = used(key)
    const holder = await admit({ publicKey, digest, digestEnds, client: by.client ?? '' })
    return { success: true as const, token: tokens.sign(holder), expiresAt: holder.expiresAt }
  }
  const ask = async (kind: store.Pairing['kind'], by: RelayCaller, publicKey: string | undefined, supportsV2: boolean) => {
    const claimed = publicKey === undefined ? undefined : await pairings.ask(kind, by, publicKey, supportsV2)
    const challenge = challenges.make(Date.now())
    if (claimed === undefined) return { state: 'requested' as const, ...challenge }
    return { state: 'authorized' as const, token: tokens.sign(claimed.holder), response: claimed.response, ...challenge }
  }
  const approve = async (kind: store.Pairing['kind'], accountId: string, publicKey: string, response: string) => {
    await pairings.approve(kind, accountId, publicKey, response)
    return { success: true as const }
  }
  return {
    async 'auth.login'({ by }, sent) {
      if (!ports.acceptClientChallenges)
        throw new Fault('unauthenticated', 'This server accepts only challenges of its own: ask for one with POST /v1/auth/request.')
      await ports.limitAddress(by.address ?? '')
      const challenge = bytesOf(sent.challenge, 32)
      if (!challenge) throw badSignature()
      return login(by, sent, challenge, (key) => [digestOf(key, challenge), never])
    },
    'auth.request': ({ by }, { publicKey, supportsV2 }) => ask('terminal', by, publicKey, supportsV2 === true),
    'auth.linkRequest': ({ by }, { publicKey, supportsV2 }) => ask('account', by, publicKey, supportsV2 === true),
    'auth.status': (_context, { publicKey }) => pairings.status(publicKey),
    async 'auth.respond'({ by, holder }, { publicKey, challenge = '', signature, response }) {
      if (signature === undefined) {
        if (response === undefined) throw new Fault('invalid', 'body must have a signature, to log in, or a response, to approve a key that waits.')
        return approve('terminal', holder().accountId, publicKey, response)
      }
      await ports.limitAddress(by.address ?? '')
      const ends = challenges.expiryOf(challenge, Date.now())
      if (ends === undefined) throw badSignature()
      // A challenge of ours is one for everybody: it counts once, whoever signed it.
      return login(by, { publicKey, signature }, Buffer.from(loginDomain + challenge), () => [digestOf(Buffer.alloc(0), challenge), ends])
    },
    'auth.linkRespond': ({ holder }, { publicKey, response }) => approve('account', holder().accountId, publicKey, response),
    async 'auth.me'({ holder }) {
      const { accountId, deviceId, expiresAt } = holder()
      const account = await store.findAccount(queries, accountId)
      if (!account) throw badToken()
      return { id: account.id, publicKey: account.public_key, deviceId, expiresAt, createdAt: account.created_at }
    },
    async 'auth.refresh'({ holder }) {
      const now = Date.now()
      const renewed = { ...holder(), expiresAt: endOf(now, ports.tokenLifeMs) }
      if (!(await store.extendDevice(queries, renewed.deviceId, renewed.expiresAt, now))) throw badToken()
      await durable()
      return { success: true, token: tokens.sign(renewed), expiresAt: renewed.expiresAt }
    },
    async 'auth.logout'({ holder }) {
      const { accountId, deviceId } = holder()
      await store.revokeDevice(queries, accountId, deviceId, Date.now())
      await durable()
      ended(accountId, deviceId)
      return { success: true }
    },
    async 'devices.list'({ holder }, { limit, cursor }) {
      const { accountId, deviceId } = holder()
      const rows = await store.listDevices(queries, accountId, Date.now(), limit + 1, cursor)
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
      if (!(await store.revokeDevice(queries, accountId, id, Date.now()))) throw new Fault('not_found', 'There is no such device.')
      await durable()
      ended(accountId, id)
      return { success: true }
    },
  }
}
