import type { Server } from 'node:http'
import type { Socket } from 'node:net'

const refusals: Readonly<Record<string, { status: number; reason: string; code: string; error: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    code: 'too_large',
    error: 'The head of the request is too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout', code: 'invalid', error: 'The request did not come whole in time.' },
}
const unreadable = { status: 400, reason: 'Bad Request', code: 'invalid', error: 'This is not a request of HTTP/1.1 that can be read.' }

/** Answers what Node's parser refuses, in the form of any other refusal, and hangs up. */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { status, reason, ...words } = refusals[error.code ?? ''] ?? unreadable
  const body = JSON.stringify({ ...words, statusCode: status, retryable: false })
  const head = ['content-type: application/json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`, 'connection: close']
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${head.join('\r\n')}\r\n\r\n${body}`)
}
/** An expectation that is not known is passed over (RFC 9110 §10.1.1 allows it): Node's own 417 would have no words. */
export function passExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response))
}
