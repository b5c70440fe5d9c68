import { createHash } from 'node:crypto'
import type { Behalf, Delegate, Identity } from '@steward/client/node'
import type { Caller, Credential, Identifier } from '@steward/kernel'

/** A caller with what it showed: the daemon judges that anew with each call. */
export interface GatewayCaller extends Caller {
  readonly as: Behalf['as']
  readonly address?: string
}
interface Known {
  readonly identity: Identity
  readonly ended: AbortController
  leave(): void
}
/** So many credentials are looked after at a time; the one that was used longest ago makes room. */
const most = 2_000

/**
 * Asks the daemon who holds a credential, once: it is then told when that ends. This only decides what is read and shown before a call; the call
 * itself carries the credential, and nothing is let in here that the daemon would refuse. Wrong ones are not remembered.
 */
export function createIdentities(delegate: Delegate): Identifier {
  const known = new Map<string, Promise<Known>>()
  const look = async (key: string, behalf: Behalf): Promise<Known> => {
    const ended = new AbortController()
    const over = () => {
      known.delete(key)
      ended.abort()
    }
    try {
      return { ended, ...(await delegate.identify(behalf, over)) }
    } catch (error) {
      known.delete(key)
      throw error
    }
  }
  /** One that is refused meanwhile has nothing to forget. */
  const forget = async (one: Promise<Known>) => {
    const [found] = await Promise.allSettled([one])
    if (found.status === 'rejected') return
    found.value.leave()
    found.value.ended.abort()
  }
  const makeRoom = () => {
    const [oldest] = known
    if (known.size <= most || oldest === undefined) return
    known.delete(oldest[0])
    void forget(oldest[1])
  }
  return {
    async authenticate({ token, cookie, address }: Credential, door): Promise<GatewayCaller> {
      const as = token ?? { cookie: cookie ?? '' }
      const from = address === undefined ? {} : { address }
      const key = createHash('sha256').update(JSON.stringify(as)).digest('base64')
      const found = known.get(key) ?? look(key, { as, via: { door, ...from } })
      known.delete(key)
      known.set(key, found)
      makeRoom()
      const { identity, ended } = await found
      return { ...identity, door, ended: ended.signal, as, ...from }
    },
  }
}
/** For whom a call or a stream is. */
export function behalfOf(caller: Caller, requestId?: string): Behalf {
  const { as, address, door, instanceId } = caller as GatewayCaller
  const named = { ...(address === undefined ? {} : { address }), ...(instanceId === undefined ? {} : { instanceId }) }
  return { as, via: { door, ...named, ...(requestId === undefined ? {} : { requestId }) } }
}
