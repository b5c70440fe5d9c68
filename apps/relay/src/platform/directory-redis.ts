import { isSameHolder, type Directory, type Holder } from './directory.ts'
import { redisPrefix, type Redis } from './redis.ts'

export interface RedisDirectoryOptions {
  readonly redis: Redis
  readonly report: (error: unknown) => void
  /** An entry that its node does not refresh is forgotten after this; 60 s unless said otherwise. */
  readonly ttlMs?: number
  /** How often this node refreshes its entries; 20 s unless said otherwise. */
  readonly refreshMs?: number
}
/** A claim of this node. `at`: microseconds of Redis's clock, by which claims are told apart when Redis has lost them. */
interface Claim {
  readonly holder: Holder
  at: number
}
/** An entry is `at|node|socket`. Takes it over, at Redis's time; answers with the entry before and the time. */
const claimScript = `
local now = redis.call('TIME')
local at = string.format('%.0f', now[1] * 1000000 + now[2])
local before = redis.call('SET', KEYS[1], at .. '|' .. ARGV[1], 'PX', ARGV[2], 'GET')
return { before, at }`
/** Removes the entries of these holders, and no other's. */
const releaseScript = `
for i, key in ipairs(KEYS) do
  local entry = redis.call('GET', key)
  if entry and string.match(entry, '^%d+|(.*)$') == ARGV[i] then redis.call('DEL', key) end
end`
/** Keeps, or puts back, each entry that no newer one has replaced; answers with the numbers (from 1) of those that one has. */
const refreshScript = `
local lost = {}
for i, key in ipairs(KEYS) do
  local mine = ARGV[i + 1]
  local at, holder = string.match(mine, '^(%d+)|(.*)$')
  local entry = redis.call('GET', key)
  local entryAt, entryHolder = string.match(entry or '0|', '^(%d+)|(.*)$')
  if entry and entryHolder == holder then redis.call('PEXPIRE', key, ARGV[1])
  elseif tonumber(entryAt) < tonumber(at) then redis.call('SET', key, mine, 'PX', ARGV[1])
  else lost[#lost + 1] = i end
end
return lost`
/** So many entries are refreshed by one command: under a millisecond of Redis's time. */
const atOnce = 500
const keep = ({ node, socket }: Holder): string => `${node}|${socket}`
/** Reads an entry, which a claim of this program has written. */
function read(entry: string | null): Holder | undefined {
  const [, node, socket] = /^\d+\|([^|]*)\|(.*)$/s.exec(entry ?? '') ?? []
  return node === undefined || socket === undefined ? undefined : { node, socket }
}

/**
 * The directory of a relay with many nodes. A node keeps its own claims: it refreshes them, and puts back what a restarted Redis has lost, unless a newer claim
 * is there. While Redis is away a claim holds on this node and is made known later, and only this node's own claims are found. Nothing here throws for that.
 */
export function createRedisDirectory({ redis, report, ttlMs = 60_000, refreshMs = 20_000 }: RedisDirectoryOptions): Directory {
  const prefix = `${redisPrefix(redis)}directory:`
  const claims = new Map<string, Claim>()
  const run = (script: string, keys: readonly string[], values: readonly string[]) =>
    redis.eval(script, keys.length, ...keys.map((key) => prefix + key), ...values)

  const refreshSome = async (some: [string, Claim][]): Promise<void> => {
    // What was given up since the list was made must not come back.
    const mine = some.filter(([key, claim]) => claims.get(key) === claim)
    const entries = mine.map(([, claim]) => `${claim.at}|${keep(claim.holder)}`)
    const lost = await run(
      refreshScript,
      mine.map(([key]) => key),
      [String(ttlMs), ...entries],
    )
    for (const index of lost as number[]) {
      const [key, claim] = mine[index - 1] ?? []
      if (key !== undefined && claims.get(key) === claim) claims.delete(key)
    }
  }
  const releaseSome = async (some: [string, Holder][]): Promise<void> => {
    for (const [key, holder] of some) {
      const known = claims.get(key)
      if (known && isSameHolder(known.holder, holder)) claims.delete(key)
    }
    await run(
      releaseScript,
      some.map(([key]) => key),
      some.map(([, holder]) => keep(holder)),
    )
  }
  let refreshing = false
  const refresh = async (): Promise<void> => {
    if (refreshing || redis.status !== 'ready') return
    refreshing = true
    try {
      const all = [...claims]
      for (let from = 0; from < all.length; from += atOnce) await refreshSome(all.slice(from, from + atOnce))
    } catch (error) {
      // A connection that broke is told of by its owner, and brings all claims back when it is there again.
      if (redis.status === 'ready') report(error)
    } finally {
      refreshing = false
    }
  }
  const findMany = async (keys: readonly string[]): Promise<(Holder | undefined)[]> => {
    const entries = keys.length === 0 ? [] : await redis.mget(keys.map((key) => prefix + key)).catch(() => [])
    return keys.map((key, index) => read(entries[index] ?? null) ?? claims.get(key)?.holder)
  }
  const onReady = (): void => void refresh()
  redis.on('ready', onReady)
  const timer = setInterval(onReady, refreshMs).unref()

  return {
    async claim(key, holder) {
      const claim: Claim = { holder, at: Date.now() * 1000 }
      claims.set(key, claim)
      try {
        const [before, at] = (await run(claimScript, [key], [keep(holder), String(ttlMs)])) as [string | null, string]
        claim.at = Number(at)
        const known = read(before)
        return known && !isSameHolder(known, holder) ? known : undefined
      } catch {
        return undefined
      }
    },
    // An entry that cannot be removed now is forgotten when its time is over.
    release: (key, holder) => releaseSome([[key, holder]]).catch(() => undefined),
    find: async (key) => (await findMany([key]))[0],
    findMany,
    async close() {
      clearInterval(timer)
      redis.off('ready', onReady)
      const all = [...claims].map(([key, { holder }]): [string, Holder] => [key, holder])
      try {
        for (let from = 0; from < all.length; from += atOnce) await releaseSome(all.slice(from, from + atOnce))
      } catch (error) {
        if (redis.status === 'ready') report(error)
      }
    },
  }
}
