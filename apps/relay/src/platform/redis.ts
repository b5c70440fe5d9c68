import type { Redis, RedisOptions } from 'ioredis'

/** How to reach the Redis that the nodes of a relay share. `purpose` names the connection in Redis's own list of clients. */
export interface RedisPlace {
  readonly url: string
  readonly purpose: string
  readonly report: (error: unknown) => void
  /** How long a command may wait for its answer, in ms. None: as long as the connection gives signs of life. */
  readonly commandTimeoutMs?: number
}
export type { Redis }
const pingEveryMs = 2_500
/** A connection is given up when Redis owes an answer for so long. */
const silenceMs = 6_000

/** What all keys and channels of this relay begin with; channels of Redis do not know databases, so it names the database too. */
export const redisPrefix = (redis: Redis): string => `steward:${redis.options.db ?? 0}:`

/**
 * Opens a connection that never queues: while Redis is away a command fails at once, and one whose connection breaks fails and is not sent again. It comes
 * back by itself, after 50 ms at first and 2 s at most. A Redis that is silent is found out within 9 s. Each loss is reported once.
 * Resolves without waiting for Redis; the driver is loaded here and not before.
 */
export async function openRedis({ url, purpose, report, commandTimeoutMs }: RedisPlace): Promise<Redis> {
  const { Redis } = await import('ioredis')
  const options = {
    connectionName: `steward-${purpose}`,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    connectTimeout: silenceMs,
    socketTimeout: silenceMs,
    retryStrategy: (times) => Math.min(2_000, 50 * 2 ** Math.min(times - 1, 8)) * (0.75 + Math.random() / 4),
    ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }),
  } satisfies RedisOptions
  const redis = new Redis(url, options)
  let told = false
  let cause: unknown
  redis.on('error', (error: unknown) => (cause = withoutCommand(error)))
  redis.on('reconnecting', () => {
    if (!told) report(new Error(`Redis cannot be reached (${purpose}); the relay goes on trying.`, { cause }))
    told = true
    cause = undefined
  })
  redis.on('ready', () => (told = false))
  const pings = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => undefined)
  }, pingEveryMs).unref()
  redis.on('end', () => clearInterval(pings))
  return redis
}
/** The driver hangs the failed command on its error, and that of a refused greeting holds the password. */
function withoutCommand(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? { code: error.code } : {}
  return Object.assign(new Error(error instanceof Error ? error.message : String(error)), code)
}
