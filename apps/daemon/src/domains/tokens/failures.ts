import { Fault } from '@steward/contract'

const windowMs = 60_000
const mostAddresses = 10_000
/**
 * Counts wrong credentials per address within a minute. Over the limit a wrong one is answered `too_many`; a right one is let in all the
 * same and forgives the rest: 256-bit secrets cannot be guessed, and no stranger behind the same proxy shall lock the owner out.
 */
export function createFailures(perMinute: number, now: () => number = () => Date.now()) {
  const byAddress = new Map<string, { since: number; count: number }>()
  return {
    /** Always throws: `unauthenticated` with the sentence, or `too_many`. */
    fail(address: string, sentence: string): never {
      const known = byAddress.get(address)
      const entry = known && now() - known.since < windowMs ? { since: known.since, count: known.count + 1 } : { since: now(), count: 1 }
      byAddress.delete(address)
      byAddress.set(address, entry)
      if (byAddress.size > mostAddresses)
        for (const oldest of [...byAddress.keys()].slice(0, byAddress.size - mostAddresses)) byAddress.delete(oldest)
      if (entry.count <= perMinute) throw new Fault('unauthenticated', sentence)
      const waitMs = entry.since + windowMs - now()
      throw new Fault('too_many', `Too many wrong credentials from this address; try again in ${Math.ceil(waitMs / 1000)} seconds.`, {
        retryAfterMs: waitMs,
      })
    },
    forgive: (address: string) => void byAddress.delete(address),
    size: () => byAddress.size,
  }
}
export type Failures = ReturnType<typeof createFailures>
