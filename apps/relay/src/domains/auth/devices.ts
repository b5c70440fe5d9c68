import { Fault } from '@steward/contract'
import type { Holder } from '../../caller.ts'
import type { Database } from '../../platform/database.ts'
import type { Tokens } from '../../platform/tokens.ts'
import { findDevice, liveDevices, touchDevice } from './store.ts'

const keptTokens = 20_000
/** How old a device's `lastSeenAt` may grow while it is in use. */
const seenEveryMs = 15 * 60_000

interface Known {
  readonly holder: Holder
  readonly checkedAt: number
}
/**
 * Tells whom a token belongs to. A device that was looked up is believed for `trustMs` without word of its end; `forget` is called with one that has ended, which
 * counts at once.
 */
export function createIdentity(database: Database, tokens: Tokens, trustMs: number, report: (error: unknown) => void) {
  const known = new Map<string, Known>()
  /** Raised by every end: what was read before it is not believed after it. */
  let ends = 0
  const check = async ({ accountId, deviceId }: Holder, now: number): Promise<void> => {
    const device = await findDevice(database.queries, accountId, deviceId, now)
    if (!device) throw new Fault('unauthenticated', 'Invalid token')
    if (now - device.last_seen_at > seenEveryMs) void touchDevice(database.queries, deviceId, now).catch(report)
  }
  return {
    /** Throws Fault `unauthenticated`. */
    async identify(token: string): Promise<Holder> {
      const now = Date.now()
      const held = known.get(token)
      if (held && held.holder.expiresAt > now && now - held.checkedAt < trustMs) return held.holder
      const holder = held && held.holder.expiresAt > now ? held.holder : await tokens.read(token)
      known.delete(token)
      const before = ends
      await check(holder, now)
      if (ends !== before) return holder
      const [oldest] = known.size >= keptTokens ? known.keys() : []
      if (oldest !== undefined) known.delete(oldest)
      known.set(token, { holder, checkedAt: now })
      return holder
    },
    forget(accountId: string, deviceId?: string): void {
      ends++
      for (const [token, { holder }] of known)
        if (holder.accountId === accountId && (deviceId === undefined || holder.deviceId === deviceId)) known.delete(token)
    },
    /** Those of these devices that no longer count, as the database says. */
    async endedOf(holders: readonly Holder[]): Promise<readonly Holder[]> {
      const live = await liveDevices(database.queries, [...new Set(holders.map(({ deviceId }) => deviceId))])
      return holders.filter(({ deviceId }) => !live.has(deviceId))
    },
  }
}
