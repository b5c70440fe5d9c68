import { Fault } from '@steward/contract'
import type { Holder } from '../../caller.ts'
import type { Database } from '../../platform/database.ts'
import type { Tokens } from '../../platform/tokens.ts'
import { findDevice, touchDevice } from './store.ts'

/** A device that was looked up is believed for so long without word of its end, which comes at once while nodes hear each other. */
const believedMs = 10_000
const keptTokens = 20_000
/** How old a device's `lastSeenAt` may grow while it is in use. */
const seenEveryMs = 15 * 60_000

interface Known {
  readonly holder: Holder
  checkedAt: number
}
/**
 * Tells whom a token belongs to, asking the database seldom. `forget` is called with a device that has ended.
 */
export function createIdentity(database: Database, tokens: Tokens, report: (error: unknown) => void) {
  const known = new Map<string, Known>()
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
      if (held && held.holder.expiresAt > now && now - held.checkedAt < believedMs) return held.holder
      const holder = held?.holder ?? (await tokens.read(token))
      known.delete(token)
      await check(holder, now)
      const [oldest] = known.size >= keptTokens ? known.keys() : []
      if (oldest !== undefined) known.delete(oldest)
      known.set(token, { holder, checkedAt: now })
      return holder
    },
    forget(accountId: string, deviceId?: string): void {
      for (const [token, { holder }] of known)
        if (holder.accountId === accountId && (deviceId === undefined || holder.deviceId === deviceId)) known.delete(token)
    },
  }
}
export type Identity = ReturnType<typeof createIdentity>
