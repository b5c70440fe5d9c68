import type { Bus } from '../../platform/bus.ts'
import type { RpcTopics } from './topics.ts'

/** Who was here so lately is likely to be back in a moment. */
const latelyMs = 20_000
const most = 50_000

/** Which machines and sessions have connected or gone in the last 20 s, on any node. */
export function createSeen(bus: Bus<RpcTopics>) {
  const at = new Map<string, number>()
  const note = (scope: string) => {
    const now = performance.now()
    at.delete(scope)
    at.set(scope, now)
    for (const [oldest, when] of at) {
      if (at.size <= most && now - when < latelyMs) break
      at.delete(oldest)
    }
  }
  const scopeOf = (accountId: string, id: string) => `${accountId} ${id}`
  return {
    touch(accountId: string, id: string): void {
      const scope = scopeOf(accountId, id)
      note(scope)
      bus.publish('rpcSeen', { scope })
    },
    lately: (accountId: string, id: string): boolean => performance.now() - (at.get(scopeOf(accountId, id)) ?? -Infinity) < latelyMs,
    start: () => void bus.on('rpcSeen', ({ scope }) => note(scope)),
  }
}
export type Seen = ReturnType<typeof createSeen>
