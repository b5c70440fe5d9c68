import type { Bus } from '../../platform/bus.ts'
import type { RpcTopics } from './topics.ts'

/** Who went so lately is likely to be back in a moment; so long it is waited for. */
const goneMs = 20_000
const backMs = 15_000
/** Who has come registers its methods within this. */
const settlingMs = 5_000
const most = 50_000

/** Which machines and sessions have lately come or gone, on any node. `clock`: milliseconds that only grow. */
export function createSeen(bus: Bus<RpcTopics>, clock: () => number = () => performance.now()) {
  const known = new Map<string, { readonly at: number; readonly isHere: boolean }>()
  const note = (scope: string, isHere: boolean) => {
    const at = clock()
    known.delete(scope)
    known.set(scope, { at, isHere })
    for (const [oldest, when] of known) {
      if (known.size <= most && at - when.at < goneMs) break
      known.delete(oldest)
    }
  }
  const scopeOf = (accountId: string, id: string) => `${accountId} ${id}`
  return {
    /** One has come, or gone. */
    touch(accountId: string, id: string, isHere: boolean): void {
      const scope = scopeOf(accountId, id)
      note(scope, isHere)
      bus.publish('rpcSeen', { scope, isHere })
    },
    /** How long it is worth to wait for one of its methods that is not there, in milliseconds; 0 where it has not been here lately, or has been here for a while. */
    worthMs(accountId: string, id: string): number {
      const seen = known.get(scopeOf(accountId, id))
      if (seen === undefined) return 0
      const age = clock() - seen.at
      if (seen.isHere) return Math.max(0, settlingMs - age)
      return age < goneMs ? backMs : 0
    },
    start: () => void bus.on('rpcSeen', ({ scope, isHere }) => note(scope, isHere)),
  }
}
export type Seen = ReturnType<typeof createSeen>
