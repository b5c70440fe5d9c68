import { parseAddress, privateReason } from '../net/address.ts'

const localName = /(^|\.)(localhost|local|internal|home\.arpa)$/
const loopback = ['127.0.0.0/8', '::1', 'localhost', '*.localhost']
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']

/**
 * The guard rules for a server that a person configured: its own host when that is a private or loopback address or a local name, nothing
 * for a public one. `beside` is for the authorization server, which may then be another host of the same kind; never a link-local address.
 */
export function allowedFor(url: URL): { readonly own: readonly string[]; readonly beside: readonly string[] } {
  const host = url.hostname.toLowerCase().replace(/\.$/, '')
  const bare = host.replace(/^\[|\]$/g, '')
  const isAddress = parseAddress(host) !== null
  if (isAddress ? privateReason(bare) === null : !localName.test(host)) return { own: [], beside: [] }
  const reason = isAddress ? privateReason(bare) : /(^|\.)localhost$/.test(host) ? 'loopback' : 'private'
  return { own: [bare], beside: [bare, ...(reason === 'loopback' ? loopback : privateRanges)] }
}
