import { isIPv6 } from 'node:net'

/**
 * Whom an address stands for when requests are counted: the address itself, or its network of 64 bits, which one household or one server has whole (RFC 6177).
 * An IPv4 address in IPv6's clothes (RFC 4291 §2.5.5.2) is the IPv4 address.
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%', 1)
  const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  if (inner !== undefined) return inner
  if (!isIPv6(bare)) return address
  const [head = '', tail] = bare.split('::', 2)
  const groups = (text: string) => (text === '' ? [] : text.split(':')).flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]))
  const [first, last] = [groups(head), groups(tail ?? '')]
  const all = tail === undefined ? first : [...first, ...Array.from({ length: 8 - first.length - last.length }, () => '0'), ...last]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
/**
 * The address that a request comes from. Behind a proxy it is the last of `X-Forwarded-For`, which the proxy itself has written: those before it are whatever
 * the client said.
 */
export function addressOf(remote: string | undefined, forwarded: string | readonly string[] | undefined, trustProxy: boolean): string {
  const said = trustProxy ? ([forwarded ?? []].flat().join(',').split(',').at(-1)?.trim() ?? '') : ''
  // Some proxies write the port beside it, which changes with each connection.
  const bare = /^\[(.+)\](?::\d+)?$/.exec(said)?.[1] ?? /^([\d.]+):\d+$/.exec(said)?.[1] ?? said
  return bare || (remote ?? 'unknown')
}
