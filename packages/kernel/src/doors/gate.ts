import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '@steward/contract'

/** Which names the server answers to and which pages may speak to it, besides loopback ones. Asked at each request, so a changed setting acts at once. */
export interface Gate {
  /** Host names, with or without a port. */
  hosts(): readonly string[]
  /** Whole origins: `https://console.example`. */
  origins(): readonly string[]
}
/** What the addresses of a request say about where it comes from. */
export interface Passage {
  readonly origin: string | undefined
  /** The page was served by this very server, or is named in the settings: it may use the console's cookie. */
  readonly trusted: boolean
}
const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])
const hostForm = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i

/**
 * Checks `Host` (DNS rebinding) and `Origin` (cross-site pages and WebSockets). Loopback pages of any port may call with a token of their
 * own; only our own pages and the listed origins may use the cookie. Throws Fault `forbidden`.
 */
export function checkAddresses(headers: IncomingHttpHeaders, gate: Gate): Passage {
  const host = (headers.host ?? '').toLowerCase()
  const name = hostForm.exec(host)?.[1]
  if (name === undefined || !(loopback.has(name) || gate.hosts().some((allowed) => [name, host].includes(allowed.toLowerCase()))))
    throw new Fault(
      'forbidden',
      `This server does not answer to the host ${JSON.stringify(host.slice(0, 100))}; add it to server.allowedHosts if it should.`,
    )
  const { origin } = headers
  if (origin === undefined) return { origin, trusted: headers['sec-fetch-site'] === 'same-origin' }
  const refused = new Fault(
    'forbidden',
    `Pages of the origin ${JSON.stringify(origin.slice(0, 100))} may not speak to this server; add it to server.allowedOrigins if they should.`,
  )
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url === undefined || url.origin === 'null' || url.origin !== origin.toLowerCase()) throw refused
  const listed = gate.origins().some((allowed) => allowed.toLowerCase() === url.origin)
  const own = url.host === host || url.host === host.replace(/:(80|443)$/, '')
  if (!listed && !own && !loopback.has(url.hostname)) throw refused
  return { origin, trusted: listed || own }
}
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])
/** A cookie travels by itself, so a request that changes something on its strength must prove that our own page sent it. Throws Fault `forbidden`. */
export function checkCookieUse(passage: Passage, method: string): void {
  if (safe.has(method) || passage.trusted) return
  throw new Fault('forbidden', "A login cookie may change things only from the console's own page; use an access token elsewhere.")
}
/** Answers to pages of another allowed origin: what they may read and send. Credentials only for trusted ones. */
export function corsHeaders(passage: Passage): Record<string, string> {
  if (passage.origin === undefined) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': passage.origin,
    'access-control-expose-headers': 'x-request-id, x-answer, content-disposition, content-range, retry-after, mcp-session-id',
    ...(passage.trusted ? { 'access-control-allow-credentials': 'true' } : {}),
  }
}
export const preflightHeaders = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, idempotency-key, last-event-id, range, x-api-key, x-request-id, x-steward-instance, ' +
    'mcp-session-id, mcp-protocol-version, mcp-method, mcp-name',
  'access-control-max-age': '600',
}
