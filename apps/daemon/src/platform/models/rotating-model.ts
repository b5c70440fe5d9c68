import { ModelError } from '../../engine/types.ts'
import type { Model } from '../../engine/types.ts'
import type { Credential, Turn } from './credential.ts'

/** Hears how the credentials of calls do. None of these may take long: they stand in the way of an answer. */
export interface RotationReports {
  used(credential: Credential): void
  worked(credential: Credential): void
  /** True when the credential is to blame, so that another may do better. */
  failed(credential: Credential, error: ModelError): boolean
}
/** What a call is made with at this moment: which credentials may be used, best first, and the model made with one (undefined: without a key). */
export interface Target {
  readonly provider: string
  readonly turn: Turn
  make(key: string | undefined): Pick<Model, 'stream'>
}
/** Failures that may pass: the run waits for these and tries again. */
const passes = (error: ModelError): boolean => error.kind === 'rate_limited'

/**
 * A model that is called with the first of its provider's credentials that may be used, and with the next ones at once when the provider refuses one before
 * anything of the answer came: such a call is neither shown nor billed. Only when none is left the failure goes on to who called, as the one that a wait helps
 * with soonest. `target` is asked anew for each call; what it throws becomes a ModelError.
 */
export function createRotatingModel(facts: Omit<Model, 'stream'>, target: () => Target, reports: RotationReports): Model {
  return {
    ...facts,
    async *stream(request, signal) {
      signal.throwIfAborted()
      const { provider, turn, make } = found(target)
      if (turn.waitMs !== null) throw coolingDown(provider, turn.waitMs)
      if (turn.credentials.length === 0) return yield* make(undefined).stream(request, signal)
      const refused: ModelError[] = []
      for (const credential of turn.credentials) {
        let began = false
        reports.used(credential)
        try {
          for await (const part of make(credential.key).stream(request, signal)) {
            if (!began) reports.worked(credential)
            began = true
            yield part
          }
          return
        } catch (error) {
          if (!(error instanceof ModelError)) throw error
          if (!reports.failed(credential, error) || began) throw error
          refused.push(error)
        }
        signal.throwIfAborted()
      }
      throw soonest(provider, refused)
    },
  }
}
function found(target: () => Target): Target {
  try {
    return target()
  } catch (error) {
    throw error instanceof ModelError ? error : new ModelError('refused', error instanceof Error ? error.message : String(error))
  }
}
function coolingDown(provider: string, waitMs: number): ModelError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return new ModelError('rate_limited', `${provider} has named a time to wait for every key of it; the first may be used again in ${seconds} s.`, {
    status: 429,
    retryAfterMs: waitMs,
  })
}
/** Of the refusals of all credentials the one to go on with: one that passes before one that does not, the shortest wait first. */
function soonest(provider: string, refused: readonly ModelError[]): ModelError {
  const [first] = refused.filter(passes).toSorted((one, other) => (one.retryAfterMs ?? 0) - (other.retryAfterMs ?? 0))
  const error = first ?? refused.at(-1) ?? new ModelError('auth', `${provider} has no key that may be used.`)
  if (refused.length < 2) return error
  const { kind, message, status, retryAfterMs } = error
  return new ModelError(kind, `${provider} refuses all ${refused.length} keys that could be used. ${message}`, { status, retryAfterMs })
}
