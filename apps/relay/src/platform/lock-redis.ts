import { randomBytes } from 'node:crypto'
import type { WithLock } from './lock.ts'
import { redisPrefix, type Redis } from './redis.ts'

const renewScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`
const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/**
 * The lock of a relay with many nodes: a key with a random value that only its owner renews (each third of `ttlMs`, while the work runs) and removes
 * (Redis, "Distributed locks"). A node that dies holds it for `ttlMs` at most. A restarted Redis has forgotten it, so the work must bear to be run twice.
 */
export function createRedisLock({ redis }: { redis: Redis }): WithLock {
  const prefix = `${redisPrefix(redis)}lock:`
  return async (name, ttlMs, work) => {
    const key = prefix + name
    const token = randomBytes(16).toString('base64url')
    const taken = await redis.set(key, token, 'PX', ttlMs, 'NX').catch(() => null)
    if (taken === null) return false
    const holding = new AbortController()
    const lose = (): void => holding.abort(new Error(`The lock ${name} was lost while its work ran.`))
    let end = setTimeout(lose, ttlMs)
    const renew = async (): Promise<void> => {
      const askedAt = performance.now()
      const kept = await redis.eval(renewScript, 1, key, token, ttlMs).catch(() => undefined)
      if (kept === 0) lose()
      if (kept !== 1 || over) return
      clearTimeout(end)
      end = setTimeout(lose, askedAt + ttlMs - performance.now())
    }
    let over = false
    const renewals = setInterval(() => void renew(), ttlMs / 3)
    try {
      await work(holding.signal)
      return true
    } finally {
      over = true
      clearInterval(renewals)
      clearTimeout(end)
      await redis.eval(releaseScript, 1, key, token).catch(() => undefined)
    }
  }
}
