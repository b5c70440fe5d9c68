import type ipaddr from 'ipaddr.js'
import { Fault } from '@steward/contract'
import { ToolError } from '../../tools/tool.ts'
import { parseAddress, privateReason } from './address.ts'
import { badPorts } from './bad-ports.ts'

/** Judges where a request may go. All verdicts are ToolErrors: `invalid` for what is no web address, `refused` for a forbidden one. */
export interface AddressGuard {
  /** What can be judged without DNS: scheme, credentials, port, and the host when it is an address or a local name. */
  url(text: string): URL
  /** Judges every address that the URL's host stands for; one bad address refuses all, as the answer may be mixed on purpose. */
  addresses(url: URL, addresses: readonly string[]): void
}
interface Rule {
  readonly host?: string
  readonly range?: [ipaddr.IPv4 | ipaddr.IPv6, number]
  readonly port?: number
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }
const portOf = (url: URL): number => (url.port === '' ? (defaultPorts[url.protocol] ?? 0) : Number(url.port))
const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/\.$/, '')
const localName = /(^|\.)(localhost|local|internal|home\.arpa)$/

/**
 * A guard with rules that lift the ban on private addresses: `host`, `*.host`, an address or a CIDR range, each with `:port` if wanted
 * (`[::1]:80`). A host rule allows whatever that host resolves to; an IPv4 range does not cover mapped IPv6. Rules lift nothing else:
 * schemes, credentials and bad ports stay refused. Throws Fault `unprocessable` for a rule that cannot be read.
 */
export function createAddressGuard(allow: readonly string[] = []): AddressGuard {
  const rules = allow.map(parseRule)
  const lifted = (url: URL, address: string | null): boolean =>
    rules.some(({ host, range, port }) => {
      if (port !== undefined && port !== portOf(url)) return false
      if (host !== undefined) return host.startsWith('*.') ? hostOf(url).endsWith(host.slice(1)) : hostOf(url) === host
      const parsed = address === null ? null : parseAddress(address)
      return parsed !== null && range !== undefined && parsed.kind() === range[0].kind() && parsed.match(range)
    })
  const judge = (url: URL, address: string): void => {
    const reason = privateReason(address)
    if (reason === null || lifted(url, address)) return
    const shown = hostOf(url) === address || url.hostname === `[${address}]` ? address : `${url.hostname} (${address})`
    throw new ToolError('refused', `${shown} is not a public address (${reason}). An allow rule for it in the settings would lift this.`)
  }
  return {
    url(text) {
      if (!URL.canParse(text)) throw new ToolError('invalid', `"${text.slice(0, 200)}" is not a full web address such as https://example.com/page.`)
      const url = new URL(text)
      if (!(url.protocol in defaultPorts)) throw new ToolError('refused', `Only http and https addresses are fetched, not "${url.protocol}".`)
      if (url.username !== '' || url.password !== '')
        throw new ToolError('refused', `The address carries a user name or password. Remove what stands before the @.`)
      if (badPorts.has(portOf(url)))
        throw new ToolError('refused', `Port ${portOf(url)} belongs to another protocol than the web and is never connected to.`)
      const host = hostOf(url)
      if (parseAddress(host) !== null) judge(url, host.replace(/^\[|\]$/g, ''))
      else if (localName.test(host) && !rules.some((rule) => rule.range !== undefined) && !lifted(url, null)) {
        throw new ToolError('refused', `"${host}" is a name of the local network. An allow rule for it in the settings would lift this.`)
      }
      return url
    },
    addresses(url, addresses) {
      if (addresses.length === 0) throw new ToolError('not_found', `The host "${url.hostname}" has no address.`)
      for (const address of addresses) judge(url, address)
    },
  }
}

/** The check without DNS and without rules, for whoever stores an address to send to later (webhooks). The sender must check the addresses again. */
export function guardUrl(text: string): URL {
  return createAddressGuard().url(text)
}

function parseRule(text: string): Rule {
  const wrong = new Fault(
    'unprocessable',
    `"${text}" is no network rule. Write a host, *.host, an address or a range like 10.0.0.0/8, with :port if wanted.`,
  )
  const rule = text.trim().toLowerCase()
  const whole = parseRange(rule)
  if (whole) return { range: whole }
  const [, place = '', digits] = /^(.*?)(?::(\d{1,5}))?$/.exec(rule) ?? []
  if (digits !== undefined && (Number(digits) === 0 || Number(digits) > 65_535)) throw wrong
  const port = digits === undefined ? {} : { port: Number(digits) }
  const range = parseRange(place)
  if (range) return { range, ...port }
  const host = place.replace(/\.$/, '')
  if (!/^(\*\.)?[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*$/u.test(host) || /^[\d.]+$/.test(host)) throw wrong
  const bare = host.replace(/^\*\./, '')
  if (!URL.canParse(`http://${bare}`)) throw wrong
  return { host: `${host === bare ? '' : '*.'}${new URL(`http://${bare}`).hostname}`, ...port }
}

function parseRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/^\[(.*)\](\/\d+)$/, '$1$2')
  const [address = '', bits] = bare.split('/')
  const parsed = parseAddress(address)
  if (parsed === null) return null
  const most = parsed.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? most : Number(bits)
  return Number.isInteger(length) && bits !== '' && length >= 0 && length <= most ? [parsed, length] : null
}
