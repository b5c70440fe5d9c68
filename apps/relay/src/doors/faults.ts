import { Fault, faultStatus } from '@steward/contract'
import { outage } from '../platform/database.ts'

/** What the existing clients read of a refusal, with what the document's clients read beside it. */
export interface WireFault {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}
/** Turns any error into the relay's form. `error` is the sentence (the existing clients compare some of them), `code` the closed table's word. */
export function wireFault(thrown: unknown, requestId: string): WireFault {
  const fault = relayFault(thrown)
  const status = faultStatus[fault.code]
  const { details } = fault as { details?: { wire?: Record<string, unknown>; retryAfterMs?: number } }
  if (details?.wire !== undefined) return { status, body: details.wire }
  const rest = {
    code: fault.code,
    retryable: fault.retryable,
    requestId,
    ...(details?.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
  }
  if (fault.code === 'internal')
    return { status, body: { error: 'Internal Server Error', message: 'An unexpected error occurred', statusCode: status, ...rest } }
  if (fault.code === 'invalid') return { status, body: { error: 'Error', message: fault.message, statusCode: status, ...rest } }
  return { status, body: { error: fault.message, ...rest } }
}
/** Gives an error of any kind its place in the closed table. A database that is away is `unavailable`, whoever met it. */
export function relayFault(error: unknown): Fault {
  if (error instanceof Fault && error.code !== 'internal') return error
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (outage(cause)) return new Fault('unavailable', 'The database cannot be reached; ask again in a moment.', undefined, { cause: error })
  if (error instanceof Fault) return error
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new Fault(statusCode === 413 ? 'too_large' : 'invalid', String(message).slice(0, 300), undefined, { cause: error })
  return new Fault('internal', 'An unexpected error occurred', undefined, { cause: error })
}
