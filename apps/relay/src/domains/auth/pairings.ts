import { createHash } from 'node:crypto'
import { Fault } from '@steward/contract'
import type { Holder, RelayCaller } from '../../caller.ts'
import { inTx, type Database } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { bytesOf } from '../../platform/keys.ts'
import { endOf } from '../../platform/tokens.ts'
import * as store from './store.ts'

export interface PairingPorts {
  readonly database: Database
  readonly pairingLifeMs: number
  readonly tokenLifeMs: number
  /** Refuses a key that asks too often, and an address from which too many keys begin to wait. Throws Fault `too_many`. */
  limitPoll(address: string, key: string): Promise<void>
  limitBegin(address: string): Promise<void>
}
/** What a waiting key gets when somebody has approved it. */
export interface Claimed {
  readonly holder: Holder
  readonly response: string
}
type Kind = store.Pairing['kind']
const sealOf = (response: string) => createHash('sha256').update(response).digest('base64url')

/**
 * Keys that wait to be approved by a device that is logged in. A key waits for `pairingLifeMs`, then begins anew by asking: the existing clients ask once a second,
 * for ever, and give up at the first refusal. The first answer counts, and is handed out once; what stays of it then is its hash.
 */
export function createPairings({ database, pairingLifeMs, tokenLifeMs, limitPoll, limitBegin }: PairingPorts) {
  const { queries } = database
  return {
    /** Undefined while nobody has approved the key, and once what was approved has been handed out. */
    async ask(kind: Kind, { address = '', client = '' }: RelayCaller, publicKey: string, supportsV2: boolean): Promise<Claimed | undefined> {
      const key = pairingKey(publicKey)
      await limitPoll(address, key)
      const now = Date.now()
      const waiting = await store.findPairing(queries, kind, key, now)
      if (waiting === undefined) {
        await limitBegin(address)
        await inTx(database, 'read committed', (tx) =>
          store.requestPairing(tx, { kind, publicKey: key, supportsV2, now, expiresAt: now + pairingLifeMs }),
        )
        return undefined
      }
      const { id, response, accountId, claimed } = waiting
      if (claimed || response === null || accountId === null) return undefined
      if (!(await store.findAccount(queries, accountId))) return undefined
      const holder = { accountId, deviceId: newId(), expiresAt: endOf(now, tokenLifeMs) }
      const isOurs = await inTx(database, 'read committed', async (tx) => {
        if (!(await store.claimPairing(tx, id, sealOf(response), now))) return false
        await store.insertDevices(tx, [{ holder, client, pairing: id }], now)
        return true
      })
      if (!isOurs) return undefined
      await database.durable()
      return { holder, response }
    },
    async status(publicKey: string): Promise<{ status: 'not_found' | 'pending' | 'authorized'; supportsV2: boolean }> {
      const key = bytesOf(publicKey, 32)?.toString('hex')
      const pairing = key === undefined ? undefined : await store.findPairing(queries, 'terminal', key, Date.now())
      if (!pairing) return { status: 'not_found', supportsV2: false }
      return pairing.response === null ? { status: 'pending', supportsV2: pairing.supportsV2 } : { status: 'authorized', supportsV2: false }
    },
    /** Approves a key. The same answer again is no fault; another one is Fault `conflict`, a key that does not wait `not_found`. */
    async approve(kind: Kind, accountId: string, publicKey: string, response: string): Promise<void> {
      const key = pairingKey(publicKey)
      if (response === '') throw new Fault('invalid', 'body/response must hold what the waiting key is to get.')
      // Twice where another answer came between: then it is looked at anew.
      for (let tries = 0; tries < 2; tries++) {
        const pairing = await store.findPairing(queries, kind, key, Date.now())
        if (!pairing) throw new Fault('not_found', 'Request not found')
        const given = pairing.claimed ? sealOf(response) : response
        if (
          pairing.response === null
            ? await store.answerPairing(queries, pairing.id, accountId, response)
            : given === pairing.response && pairing.accountId === accountId
        )
          return database.durable()
        if (pairing.response !== null) break
      }
      throw new Fault('conflict', 'This request has been answered already.')
    },
  }
}
/** A key that waits to be paired: 32 bytes, kept as hex. Throws Fault `unauthenticated` in the existing clients' words. */
function pairingKey(publicKey: string): string {
  const key = bytesOf(publicKey, 32)
  if (!key) throw new Fault('unauthenticated', 'Invalid public key')
  return key.toString('hex')
}
