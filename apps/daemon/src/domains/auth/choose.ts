import type { AuthHealth } from '@steward/contract/daemon'
import type { ModelError } from '../../engine/types.ts'

/** How a credential has done so far. Times in ms since 1970. */
export interface Standing {
  readonly health: Exclude<AuthHealth, 'expired'>
  readonly coolingUntil: number | null
  /** The provider itself has named the end of the cool-down; otherwise it is our guess. */
  readonly named: boolean
  /** Refusals in a row, those during a cool-down not counted. */
  readonly strikes: number
  readonly uses: number
  readonly failures: number
  readonly lastUsedAt: number | null
  readonly lastError: { readonly at: number; readonly status: number | null; readonly message: string } | null
}
export interface Eligible {
  readonly id: string
  readonly enabled: boolean
  readonly priority: number
  readonly expiresAt: number | null
  readonly standing: Standing
}
/** What an answer of a provider says about the credential. `blameless`: nothing. */
export interface Verdict {
  readonly kind: 'works' | 'failed' | 'busy' | 'exhausted' | 'blameless'
  readonly status: number | null
  readonly message: string
  readonly retryAfterMs?: number | undefined
}
export const fresh: Standing = {
  health: 'untested',
  coolingUntil: null,
  named: false,
  strikes: 0,
  uses: 0,
  failures: 0,
  lastUsedAt: null,
  lastError: null,
}
const busyMs = 60_000
const exhaustedMs = 3_600_000
const mostDoublings = 5
/** No provider's word keeps a credential away for longer. */
const longestMs = 24 * 3_600_000
/** A timer may ring so much early. */
const slackMs = 50
const works: Verdict = { kind: 'works', status: 200, message: '' }
/** Anthropic says with a 400 that there is no credit. */
const noCredit = /credit balance is too low/i

/** What a failed call says about the credential it was made with. */
export function verdictOf({ kind, status, message, retryAfterMs }: ModelError): Verdict {
  const about = { status: status ?? null, message }
  if (status === 402 || (kind === 'refused' && (status === 429 || noCredit.test(message)))) return { kind: 'exhausted', ...about }
  if (kind === 'auth') return { kind: 'failed', ...about }
  if (kind === 'rate_limited') return { kind: 'busy', ...about, retryAfterMs }
  return { kind: 'blameless', ...about }
}
/** What the answer to a test says about the credential. */
export function verdictOfProbe({ works: good, status, message }: { works: boolean; status: number | null; message: string }): Verdict {
  if (good) return works
  const kind = status === 401 || status === 403 ? 'failed' : status === 429 ? 'busy' : status === 402 ? 'exhausted' : 'blameless'
  return { kind, status, message }
}
export const worked = (standing: Standing): Standing => ({ ...standing, health: 'ok', coolingUntil: null, named: false, strikes: 0 })
export const used = (standing: Standing, now: number): Standing => ({ ...standing, uses: standing.uses + 1, lastUsedAt: now })

/** How a credential stands after an answer. A success resets; what is not the credential's fault changes nothing. */
export function judged(standing: Standing, verdict: Verdict, now: number): Standing {
  const { kind, status, message, retryAfterMs } = verdict
  if (kind === 'works') return worked(standing)
  if (kind === 'blameless') return standing
  const told = { ...standing, lastError: { at: now, status, message }, failures: standing.failures + 1 }
  if (kind === 'failed') return { ...told, health: 'failed', coolingUntil: null, named: false }
  const strikes = isCooling(standing, now) ? Math.max(1, standing.strikes) : standing.strikes + 1
  const guess = (kind === 'busy' ? busyMs : exhaustedMs) * 2 ** Math.min(strikes - 1, mostDoublings)
  const named = kind === 'busy' && retryAfterMs !== undefined
  return { ...told, health: 'cooling', named, strikes, coolingUntil: now + Math.min(named ? retryAfterMs : guess, longestMs) }
}
const isCooling = ({ health, coolingUntil }: Standing, now: number): boolean =>
  health === 'cooling' && coolingUntil !== null && coolingUntil > now + slackMs

/** How a credential does at this time: a cool-down that is over is none. */
export function healthAt({ standing, expiresAt }: Pick<Eligible, 'standing' | 'expiresAt'>, now: number): AuthHealth {
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  return standing.health === 'cooling' && !isCooling(standing, now) ? 'ok' : standing.health
}
const byTurn = (one: Eligible, other: Eligible): number =>
  one.priority - other.priority ||
  (one.standing.lastUsedAt ?? 0) - (other.standing.lastUsedAt ?? 0) ||
  (one.id < other.id ? -1 : one.id > other.id ? 1 : 0)
const byEnd = (one: Eligible, other: Eligible): number => (one.standing.coolingUntil ?? 0) - (other.standing.coolingUntil ?? 0)

/**
 * Which credentials of a provider a call may use, best first: enabled, not expired, not failed, not cooling; by priority, then the least recently used.
 * Where none is left, a call is still better than none: those that cool down by our own guess, the soonest first. A time that the provider has named is
 * kept: then `waitMs` is how long. Where all have failed they are asked once more, since a key may work again, and the provider's words say what is wrong.
 */
export function order<T extends Eligible>(all: readonly T[], now: number): { readonly use: readonly T[]; readonly waitMs: number | null } {
  const able = all.filter((one) => one.enabled && healthAt(one, now) !== 'expired')
  const free = able.filter((one) => healthAt(one, now) === 'ok' || healthAt(one, now) === 'untested')
  if (free.length > 0) return { use: free.toSorted(byTurn), waitMs: null }
  const cooling = able.filter((one) => healthAt(one, now) === 'cooling')
  const guessed = cooling.filter(({ standing }) => !standing.named)
  if (guessed.length > 0) return { use: guessed.toSorted(byEnd), waitMs: null }
  const soonest = cooling.toSorted(byEnd)[0]?.standing.coolingUntil
  if (soonest != null) return { use: [], waitMs: soonest - now }
  return { use: able.toSorted(byTurn), waitMs: null }
}
