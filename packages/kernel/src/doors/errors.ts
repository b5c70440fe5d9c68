import { Fault, faultStatus, type FaultCode } from '@steward/contract'

/** Gives any error of a door the one shape. Fastify's and Node's own errors carry a `statusCode`; what has none is ours and says nothing of its inside. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  if ((error as { code?: unknown } | null)?.code === 'FST_ERR_BAD_URL')
    return new Fault('invalid', 'The address has percent signs that encode nothing.', undefined, { cause: error })
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  const message = error instanceof Error ? error.message.slice(0, 300) : ''
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const code = (Object.keys(faultStatus) as FaultCode[]).find((known) => faultStatus[known] === status) ?? 'invalid'
    return new Fault(code, message === '' ? 'The request is broken.' : message, undefined, { cause: error })
  }
  return new Fault('internal', 'Something broke inside Steward; its log has the rest under this request id.', undefined, { cause: error })
}
/** The body of a refused request, as HTTP clients get it. */
export const faultBody = (fault: Fault, requestId: string): string => JSON.stringify({ error: { ...fault.toJSON(), requestId } })
const keyForm = /^[\x21-\x7e]{1,200}$/
/** Checks an idempotency key. Throws Fault `invalid`. */
export function idempotencyKey(key: unknown): string {
  if (typeof key === 'string' && keyForm.test(key)) return key
  throw new Fault('invalid', 'An idempotency key is 1 to 200 visible ASCII characters without spaces.')
}
/** A whole HTTP answer for a connection that has no response object: a request that could not be parsed, a refused upgrade. */
export function rawFault(fault: Fault, requestId: string): string {
  const status = faultStatus[fault.code]
  const body = faultBody(fault, requestId)
  const challenge = status === 401 ? 'www-authenticate: Bearer realm="steward"\r\n' : ''
  const head = `HTTP/1.1 ${status} ${fault.code}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  return `${head}x-request-id: ${requestId}\r\nx-content-type-options: nosniff\r\ncache-control: no-store\r\n${challenge}connection: close\r\n\r\n${body}`
}
