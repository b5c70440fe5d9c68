import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export const newRequestId = (): string => `req_${randomUUID().replaceAll('-', '')}`
/** A request's own id where it is a sane one, else a new one. */
export const requestIdOf = (request: IncomingMessage): string => {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && /^[\w.-]{1,100}$/.test(sent) ? sent : newRequestId()
}
