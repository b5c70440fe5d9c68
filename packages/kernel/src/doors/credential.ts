import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '@steward/contract'
import type { Caller, Identifier } from '../caller.ts'
import { checkCookieUse, type Passage } from './gate.ts'

export const cookieName = 'steward'
/** The subprotocol of our WebSockets; the credential may travel beside it as `bearer.TOKEN`. */
export const webSocketProtocol = 'steward.v1'
const unauthenticated = (message: string) => new Fault('unauthenticated', message)

/** The token that a client wrote itself, in a header or as a WebSocket subprotocol; never from the address. Throws Fault for a header it cannot read. */
function writtenToken(headers: IncomingHttpHeaders): string | undefined {
  if (headers.authorization !== undefined) {
    const token = /^Bearer +(\S+) *$/i.exec(headers.authorization)?.[1]
    if (token === undefined) throw unauthenticated('The Authorization header must read: Bearer and an access token.')
    return token
  }
  const key = headers['x-api-key']
  if (typeof key === 'string' && key !== '') return key
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  return offered.includes(webSocketProtocol) ? offered.find((protocol) => protocol.startsWith('bearer.'))?.slice('bearer.'.length) : undefined
}
function cookieOf(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === cookieName) return pair.slice(at + 1).trim()
  }
  return undefined
}
export interface Arrival {
  readonly headers: IncomingHttpHeaders
  readonly method: string
  readonly address: string | undefined
  readonly passage: Passage
  readonly door: string
}
/** Finds out who sends a request. A written token goes before the cookie. Throws Fault `unauthenticated`, `forbidden` or `too_many`. */
export async function callerOf(authenticator: Identifier, { headers, method, address, passage, door }: Arrival): Promise<Caller> {
  const from = address === undefined ? {} : { address }
  const token = writtenToken(headers)
  const cookie = token === undefined ? cookieOf(headers.cookie) : undefined
  if (token === undefined && cookie === undefined)
    throw unauthenticated('This needs a credential: send an access token as "Authorization: Bearer TOKEN".')
  const caller = await authenticator.authenticate(token === undefined ? { ...from, cookie: cookie ?? '' } : { ...from, token }, door)
  if (token === undefined) checkCookieUse(passage, method)
  const instance = headers['x-steward-instance']
  return typeof instance === 'string' && /^[\w.-]{1,100}$/.test(instance) ? { ...caller, instanceId: instance } : caller
}
