import { once } from 'node:events'
import { Fault } from '@steward/contract'
import { openRedis, type Redis } from './redis.ts'

const waitMs = 5_000
/** Opens a connection to Redis for a few commands and closes it. Throws Fault `unavailable` when Redis is not there within 5 s. */
export async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  let why: unknown
  const redis = await openRedis({ url, purpose: 'operator', report: (error) => (why = error), commandTimeoutMs: waitMs })
  try {
    const signal = AbortSignal.timeout(waitMs)
    if (redis.status !== 'ready') await once(redis, 'ready', { signal }).catch(() => undefined)
    if (redis.status !== 'ready')
      throw new Fault('unavailable', `Redis cannot be reached${why instanceof Error && why.cause instanceof Error ? `: ${why.cause.message}` : ''}.`)
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}
