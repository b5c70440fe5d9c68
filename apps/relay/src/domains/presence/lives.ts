import type { Database } from '../../platform/database.ts'
import type { Counted } from '../../watch.ts'
import { endSilent, findLife, keepSigns, type Kind, type Life, type Sign } from './store.ts'

/** When what happens, in milliseconds. */
export interface PresenceTimes {
  /** A kept sign of life is renewed when a newer one is so much newer. */
  readonly renewAfterMs: number
  readonly keepEveryMs: number
  readonly sweepEveryMs: number
  /** What gives no sign of life for so long is inactive; older signs count for nothing. */
  readonly silentMs: number
}
export interface LivesOptions {
  readonly database: Database
  readonly times: PresenceTimes
  /** Tells the account's readers. `at`: when it was alive last. */
  tell(
    kind: Kind,
    life: { readonly accountId: string; readonly id: string; readonly active: boolean; readonly at: number; readonly thinking: boolean },
  ): void
  count(what: Counted): void
}
interface Known {
  readonly life: Promise<Life | undefined>
  readonly until: number
}
const trustedMs = 30_000
const mutedMs = 60_000
const mostKnown = 50_000
const keyOf = (kind: Kind, accountId: string, id: string) => `${kind} ${accountId} ${id}`

/**
 * Signs of life of sessions and machines. Readers are told of each at once; the database hears only of news, all together every few seconds, and is the one to say
 * whether a sign counts: a mute holds on every node and over a restart.
 */
export function createLives({ database, times, tell, count }: LivesOptions) {
  const known = new Map<string, Known>()
  const signs: Record<Kind, Map<string, Sign>> = { sessions: new Map(), machines: new Map() }

  const know = (key: string, life: Promise<Life | undefined>, forMs: number) => {
    const entry = { life, until: Date.now() + forMs }
    known.delete(key)
    known.set(key, entry)
    const [oldest] = known.size > mostKnown ? known.keys() : []
    if (oldest !== undefined) known.delete(oldest)
    return entry
  }
  const forget = (kind: Kind, accountId: string, id: string) => {
    const key = keyOf(kind, accountId, id)
    known.delete(key)
    signs[kind].delete(key)
  }
  const keep = async (kind: Kind): Promise<void> => {
    const waiting = [...signs[kind]]
    if (waiting.length === 0) return
    const settled = new Set(
      await keepSigns(
        database,
        kind,
        waiting.map(([, sign]) => sign),
        Date.now(),
      ),
    )
    for (const [key, sign] of waiting) if (settled.has(sign) && signs[kind].get(key) === sign) signs[kind].delete(key)
  }
  return {
    /** Takes a sign of life. One from the future is of now; an old one, one of a muted or an unknown is passed over. */
    async sign(kind: Kind, accountId: string, id: string, time: number, thinking = false): Promise<void> {
      const now = Date.now()
      const at = Math.min(Math.floor(time), now)
      if (at < now - times.silentMs) return
      const key = keyOf(kind, accountId, id)
      const found = known.get(key)
      const isKnown = found !== undefined && found.until > now
      count(isKnown ? 'session_cache_hit' : 'session_cache_miss')
      const entry = isKnown ? found : know(key, findLife(database.queries, kind, accountId, id), trustedMs)
      const life = await entry.life.catch((error: unknown) => {
        if (known.get(key) === entry) known.delete(key)
        throw error
      })
      // What was read may be out of date already: then the next sign counts.
      if (life === undefined || life.mutedUntil > now || known.get(key) !== entry) return
      tell(kind, { accountId, id, active: true, at, thinking })
      if (life.active && at <= life.activeAt + times.renewAfterMs) return count('database_update_skipped')
      Object.assign(life, { active: true, activeAt: Math.max(life.activeAt, at) })
      signs[kind].set(key, { accountId, id, at })
    },
    /** It is over, or gone: what is still on its way counts for nothing. The database says so already. */
    mute(kind: Kind, accountId: string, id: string): void {
      const now = Date.now()
      forget(kind, accountId, id)
      know(keyOf(kind, accountId, id), Promise.resolve({ active: false, activeAt: now, mutedUntil: now + mutedMs }), trustedMs)
      tell(kind, { accountId, id, active: false, at: now, thinking: false })
    },
    /** What is known of it is no longer true. */
    forget,
    /** Keeps what has come. Where the database is away it is kept later. */
    async keepAll(): Promise<void> {
      await keep('sessions')
      await keep('machines')
    },
    /** Ends what has given no sign of life for long. */
    async sweep(signal: AbortSignal): Promise<void> {
      for (const kind of ['sessions', 'machines'] as const)
        for (let ended: Sign[] | undefined; ended?.length !== 0 && !signal.aborted;) {
          const now = Date.now()
          ended = await endSilent(database, kind, now - times.silentMs, now)
          for (const { accountId, id, at } of ended) {
            forget(kind, accountId, id)
            tell(kind, { accountId, id, active: false, at, thinking: false })
          }
        }
    },
  }
}
export type Lives = ReturnType<typeof createLives>
