import type { Credential } from '../../platform/models/credential.ts'
import type { Commit, Emit } from '../../platform/storage/event-log.ts'
import { fresh, healthAt, judged, used, worked, type Standing, type Verdict } from './choose.ts'
import type { AuthStore } from './store.ts'

export interface StandingsPorts {
  readonly store: Pick<AuthStore, 'health' | 'putHealth'>
  readonly commit: Commit
  /** A keyed digest of a key, by which it is known again. */
  digest(id: string, key: string): string
  now(): number
  redact<T>(value: T): T
  report(error: unknown): void
}
/** Changes gather for so long before they are written together. */
const gatherMs = 400
const longestMessage = 500

/**
 * How every credential does, in memory; what changes is written in the background, in batches, with the events that tell of a turn. A row lost to a crash
 * does no harm: the next call finds out again. A credential whose key was changed begins anew.
 */
export function createStandings({ store, commit, digest, now, redact, report }: StandingsPorts) {
  interface Known {
    readonly provider: string
    readonly digest: string
    readonly standing: Standing
  }
  const fromRows = () => new Map<string, Known>(store.health().map(({ id, ...known }) => [id, { provider: '', ...known }]))
  let known: Map<string, Known> | undefined
  const dirty = new Map<string, { turned: boolean }>()
  let timer: NodeJS.Timeout | undefined

  const all = () => (known ??= fromRows())
  const of = ({ id, key }: Credential): Standing => {
    const found = all().get(id)
    return found?.digest === digest(id, key) ? found.standing : fresh
  }
  const change = (credential: Credential, next: Standing): void => {
    const before = of(credential)
    if (next === before) return
    all().set(credential.id, { provider: credential.provider, digest: digest(credential.id, credential.key), standing: next })
    const turned = before.health !== next.health || before.coolingUntil !== next.coolingUntil
    dirty.set(credential.id, { turned: turned || dirty.get(credential.id)?.turned === true })
    timer ??= setTimeout(flush, gatherMs)
    timer.unref()
  }
  /** Writes what has changed, inside a commit. */
  const write = (emit: Emit): void => {
    clearTimeout(timer)
    timer = undefined
    for (const [id, { turned }] of dirty) {
      const one = all().get(id)
      if (!one) continue
      store.putHealth({ id, digest: one.digest, standing: one.standing })
      if (turned) emit('auth.changed', { id, provider: one.provider, ...shownHealth(one.standing, now()), removed: false })
    }
    dirty.clear()
  }
  const flush = (): void => {
    timer = undefined
    if (dirty.size === 0) return
    try {
      commit(write)
    } catch (error) {
      report(error)
    }
  }
  return {
    of,
    used: (credential: Credential) => change(credential, used(of(credential), now())),
    worked(credential: Credential): void {
      const before = of(credential)
      if (before.health !== 'ok' || before.strikes > 0) change(credential, worked(before))
    },
    judge: (credential: Credential, verdict: Verdict) =>
      change(credential, judged(of(credential), { ...verdict, message: redact(verdict.message).slice(0, longestMessage) }, now())),
    write,
    /** What was known of a credential that is gone. Its row goes with the profile. */
    forget(id: string): void {
      all().delete(id)
      dirty.delete(id)
    },
    close(): void {
      clearTimeout(timer)
      flush()
    },
  }
}
export type Standings = ReturnType<typeof createStandings>
/** Health and the end of a cool-down, as they are told. */
export function shownHealth(standing: Standing, now: number, expiresAt: number | null = null) {
  const health = healthAt({ standing, expiresAt }, now)
  const coolingUntil = health === 'cooling' && standing.coolingUntil !== null ? new Date(standing.coolingUntil).toISOString() : null
  return { health, coolingUntil }
}
