import { Fault } from '@steward/contract'
import type { Holder } from '../../caller.ts'
import { inTx, outage, type Database, type Queries } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { endOf } from '../../platform/tokens.ts'
import * as store from './store.ts'

/** A login whose signature holds. */
export interface Proven {
  /** Lower-case hex. */
  readonly publicKey: string
  /** Under what its challenge is remembered, and until when. */
  readonly digest: string
  readonly digestEnds: number
  readonly client: string
}
interface Waiting {
  readonly login: Proven
  done(holder: Holder | undefined): void
  fail(error: unknown): void
}
/** So many logins become one transaction; so many may wait for theirs. */
const most = 200
const queueLimit = 5_000

/**
 * Logs in: uses the challenge up, makes the account where it is new, and a device. Logins that wait together are one transaction and one sync of the disk. Resolves
 * when it is durable; throws Fault `unauthenticated` for a challenge that was used, which of two equal logins one alone escapes, on whatever node.
 */
export function createLogins(database: Database, tokenLifeMs: number): (login: Proven) => Promise<Holder> {
  const queue: Waiting[] = []
  let running = false
  const transact = async (taken: readonly Waiting[]): Promise<void> => {
    const logins = taken.map(({ login }) => login)
    const holders = await inTx(database, 'read committed', (tx) => admit(tx, logins, Date.now(), tokenLifeMs))
    await database.durable()
    taken.forEach(({ done }, at) => done(holders[at]))
  }
  const serve = async () => {
    // What is asked for in the same turn of the event loop goes together.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const taken = queue.splice(0, most)
      await transact(taken).catch(async (error: unknown) => {
        // An account may have been deleted under one of them: none of the others is to suffer. What may have been kept is never run again.
        for (const one of taken)
          if (outage(error)) one.fail(error)
          else await transact([one]).catch(one.fail)
      })
    }
    running = false
  }
  return async (login) => {
    if (queue.length >= queueLimit) throw new Fault('too_many', 'Too many log in at once; ask again in a moment.', { retryAfterMs: 1_000 })
    const holder = await new Promise<Holder | undefined>((done, fail) => {
      queue.push({ login, done, fail })
      if (running) return
      running = true
      void serve()
    })
    if (holder === undefined) throw new Fault('unauthenticated', 'This challenge was used before; sign a new one.')
    return holder
  }
}
/** Undefined for a login whose challenge was used before, in this batch or ever. */
async function admit(tx: Queries, logins: readonly Proven[], now: number, tokenLifeMs: number): Promise<(Holder | undefined)[]> {
  const unused = await store.useChallenges(tx, logins)
  // Of equal ones in this batch the first has it.
  const welcome = logins.map(({ digest }) => unused.delete(digest))
  const accounts = await store.accountsOf(tx, [...new Set(logins.flatMap(({ publicKey }, at) => (welcome[at] ? publicKey : [])))], now)
  const holders = logins.map(({ publicKey }, at): Holder | undefined => {
    const accountId = accounts.get(publicKey)
    return welcome[at] && accountId !== undefined ? { accountId, deviceId: newId(), expiresAt: endOf(now, tokenLifeMs) } : undefined
  })
  const devices = holders.flatMap((holder, at) => (holder ? { holder, client: logins[at]?.client ?? '', pairing: null } : []))
  await store.insertDevices(tx, devices, now)
  return holders
}
