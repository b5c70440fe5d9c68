import { createHash } from 'node:crypto'
import type { RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible'
import { createQuietReport } from './quiet-report.ts'
import { redisPrefix, type Redis } from './redis.ts'

/** At most `points` in a window of `perMs`, which is counted in whole seconds (rounded up) and begins with the first. */
export interface Limit {
  readonly points: number
  readonly perMs: number
}
export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }
export interface Limits {
  /** Counts one for the key of a kind (`login` of an address). Never throws: without Redis this node counts alone. A key is any text. */
  take(kind: string, key: string, limit: Limit): Promise<Taken>
}
export interface SharedLimits {
  readonly redis: Redis
  readonly report: (error: unknown) => void
}
/** So many keys are counted in this process; the one that was not asked for longest is forgotten first. About 10 MB when full. */
const mostKeys = 20_000
const longestKey = 64

/** Limits counted in this process, or by all nodes together in Redis, and in each process while Redis is away. The library is loaded at the first `take`. */
export function createLimits(shared?: SharedLimits): Limits {
  const limiters = new Map<string, ReturnType<typeof make>>()
  const remember = createMemory()
  const insured =
    shared && createQuietReport(shared.report, (times) => `A limit could not be counted in Redis ${times} times; this node counted alone.`)
  const make = async (kind: string, { points, perMs }: Limit) => {
    const { RateLimiterMemory, RateLimiterRedis } = await import('rate-limiter-flexible')
    const options = { points, duration: Math.ceil(perMs / 1000) }
    return {
      alone: new RateLimiterMemory({ ...options, keyPrefix: '' }),
      together:
        shared &&
        new RateLimiterRedis({
          ...options,
          keyPrefix: `${redisPrefix(shared.redis)}limit:${kind}`,
          storeClient: shared.redis,
          rejectIfRedisNotReady: true,
        }),
    }
  }
  return {
    async take(kind, key, limit) {
      const name = `${kind}:${limit.points}:${limit.perMs}`
      const limiter = limiters.get(name) ?? make(kind, limit)
      limiters.set(name, limiter)
      const { alone, together } = await limiter
      const short = key.length > longestKey ? createHash('sha256').update(key).digest('base64url') : key
      if (shared && together) {
        try {
          return await consume(together, short)
        } catch (error) {
          if (shared?.redis.status === 'ready') insured?.(error)
        }
      }
      remember(name, short, alone)
      return consume(alone, short)
    },
  }
}
/** Counts one. Throws when the store fails. */
async function consume(limiter: RateLimiterAbstract, key: string): Promise<Taken> {
  try {
    await limiter.consume(key)
    return { ok: true }
  } catch (refusal) {
    // The library throws what it would have answered where there were too many.
    if (typeof refusal !== 'object' || refusal === null || !('msBeforeNext' in refusal) || typeof refusal.msBeforeNext !== 'number') throw refusal
    return { ok: false, retryAfterMs: Math.max(1, refusal.msBeforeNext) }
  }
}
/** Keeps the number of keys in this process bounded: the library forgets a key only when its window is over. */
function createMemory() {
  const used = new Map<string, () => void>()
  return (name: string, key: string, limiter: RateLimiterMemory): void => {
    const id = `${name}:${key}`
    const known = used.get(id)
    used.delete(id)
    used.set(id, known ?? (() => void limiter.delete(key)))
    const [oldest] = used
    if (used.size <= mostKeys || oldest === undefined) return
    used.delete(oldest[0])
    oldest[1]()
  }
}
