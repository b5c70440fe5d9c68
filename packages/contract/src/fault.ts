/** The closed list of ways a call can fail, and what each is over HTTP. */
export const faultStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unprocessable: 422,
  approval_required: 428,
  too_many: 429,
  internal: 500,
  unavailable: 503,
} as const
export type FaultCode = keyof typeof faultStatus
export type FaultWire = { code: FaultCode; message: string; details?: unknown; retryable: boolean; requestId?: string }

/** A broken request, with a sentence that the user can act on. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly details: unknown
  readonly retryable: boolean
  /** Known where the fault came over a door: the id under which the log tells of it. */
  readonly requestId: string | undefined
  constructor(code: FaultCode, message: string, details?: unknown, options?: ErrorOptions & { retryable?: boolean; requestId?: string }) {
    super(message, options)
    this.code = code
    this.details = details
    this.retryable = options?.retryable ?? (code === 'too_many' || code === 'unavailable')
    this.requestId = options?.requestId
  }
  toJSON(): FaultWire {
    return {
      code: this.code,
      message: this.message,
      ...(this.details === undefined ? {} : { details: this.details }),
      retryable: this.retryable,
      ...(this.requestId === undefined ? {} : { requestId: this.requestId }),
    }
  }
}
