import { ModelError, type ModelErrorKind } from './types.ts'

const longestRetryAfterMs = 5 * 60_000
const backoffMs = [1000, 2000, 4000]
const jitterMs = 250
const passing: ReadonlySet<ModelErrorKind> = new Set(['rate_limited', 'overloaded', 'network', 'malformed'])
const refusedUnbilled: ReadonlySet<ModelErrorKind> = new Set(['rate_limited', 'overloaded', 'auth', 'refused', 'overflow'])

/**
 * How long to wait before the same model is tried again; null when it should not be. Failures that may pass are tried again three times, after 1, 2 and
 * 4 s and up to 0.25 s more, or after what the provider asked for. One that asks for more than 5 minutes is given up at once.
 */
export function retryWaitMs(error: ModelError, step: number, attempt: number): number | null {
  const base = backoffMs[attempt - 1]
  if (!passing.has(error.kind) || base === undefined) return null
  if (error.retryAfterMs === undefined) return base + jitter(step, attempt)
  return error.retryAfterMs > longestRetryAfterMs ? null : error.retryAfterMs
}

/** True when providers do not bill a call that failed like this before anything of it came back. */
export const isUnbilled = (error: ModelError): boolean => refusedUnbilled.has(error.kind)

/** Whatever a model threw, as a ModelError: what is not one is an answer that could not be understood. */
export function asModelError(error: unknown): ModelError {
  if (error instanceof ModelError) return error
  return new ModelError('malformed', error instanceof Error ? error.message : String(error), { cause: error })
}

/** A fraction of `jitterMs` that depends on nothing but its arguments (the finaliser of MurmurHash3). */
function jitter(step: number, attempt: number): number {
  let mixed = Math.imul(step, 0x9e3779b1) ^ Math.imul(attempt, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) % jitterMs
}
