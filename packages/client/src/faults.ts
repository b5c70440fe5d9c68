import { Fault, faultStatus, type FaultCode } from '@steward/contract'

/** Makes a fault that came over a wire the same fault again. */
export function faultFrom(wire: unknown): Fault {
  const { code, message, details, retryable, requestId } = (wire ?? {}) as Record<string, unknown>
  const known: FaultCode = typeof code === 'string' && Object.hasOwn(faultStatus, code) ? (code as FaultCode) : 'internal'
  return new Fault(known, typeof message === 'string' ? message : 'The daemon gave no reason.', details, {
    ...(typeof retryable === 'boolean' ? { retryable } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  })
}
export const unreachable = (cause?: unknown): Fault =>
  new Fault('unavailable', 'The daemon cannot be reached; see whether it runs with: steward status.', undefined, cause === undefined ? {} : { cause })
export const cutOff = (): Fault =>
  new Fault('unavailable', 'The connection was cut before the answer came, and this call cannot be repeated safely.', undefined, { retryable: false })
export const givenUp = (): Fault => new Fault('unavailable', 'The call was given up by its caller.', undefined, { retryable: false })
