import ipaddr from 'ipaddr.js'

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')
/** Cloud control addresses that look public: Azure's host agent. */
const controls = new Set(['168.63.129.16'])

/**
 * Why an address is no public one, or null when it is. Public is: IPv4 outside of every special range (IANA registry, RFC 6890), and IPv6
 * inside 2000::/3 outside of every special range; so mapped, compatible, NAT64, 6to4, Teredo, unique-local and link-local addresses are not.
 * Takes only full forms (four decimal parts, or RFC 4291); what is no address is refused.
 */
export function privateReason(address: string): string | null {
  const parsed = parseAddress(address)
  if (parsed === null) return 'no address'
  const range: string = parsed.range()
  if (range !== 'unicast') return range
  if (parsed.kind() === 'ipv6' && !parsed.match(globalUnicast)) return 'not global unicast'
  return controls.has(parsed.toString()) ? 'cloud control' : null
}

/** The address, or null. No octal, hexadecimal or short IPv4 forms: URL has normalised those already. */
export function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare)
  return bare.includes(':') && ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : null
}
