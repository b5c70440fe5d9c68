import type { IncomingHttpHeaders } from 'node:http'
import { ToolError } from '../../tools/tool.ts'
import type { Fetcher } from '../../tools/tool.ts'
import { exchange, page, redirectTarget, shown, systemResolve, timed } from './exchange.ts'
import type { Resolve } from './exchange.ts'
import { createAddressGuard } from './guard.ts'

/** Its length is what the body says, and the connection is ours. */
const ours = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'expect', 'upgrade', 'te', 'trailer'])
const followed = new Set(['GET', 'HEAD'])

/**
 * Sends requests of any method, judged and pinned like those of createFetcher, but that only `allow` of the request lifts the ban on private
 * addresses. Redirects are followed for GET and HEAD, and only within the origin of the first URL: the headers may hold a key that belongs to no
 * one else. A redirect of another method is the answer. Throws as createFetcher does; `refused` for a redirect to another origin.
 */
export function createSender({
  resolve = systemResolve,
  userAgent,
}: {
  readonly resolve?: Resolve
  readonly userAgent: string
}): Pick<Fetcher, 'send'> {
  return {
    send({ method, url: text, headers, body, allow }, limits, signal) {
      const given = Object.entries(headers).filter(([name]) => !ours.has(name.toLowerCase()))
      const outgoing = {
        method,
        headers: Object.fromEntries(given),
        ...(body === undefined ? {} : { body }),
      }
      return timed(text, limits.timeoutMs, signal, async (either) => {
        const guard = createAddressGuard(allow)
        const first = guard.url(text)
        let url = first
        for (let left = limits.redirects; ; left -= 1) {
          const response = await exchange(url, outgoing, { guard, resolve, userAgent }, either)
          const target = followed.has(method) ? redirectTarget(url, response) : undefined
          if (target === undefined) return { ...(await page(url, response, limits.bytes)), headers: plain(response.headers) }
          if (new URL(target).origin !== first.origin)
            throw new ToolError(
              'refused',
              `${shown(text)} redirects to ${shown(new URL(target).origin)}, which is not followed: it is another origin.`,
            )
          if (left <= 0) throw new ToolError('failed', `${shown(text)} redirects more than ${limits.redirects} times.`)
          url = guard.url(target)
        }
      })
    },
  }
}

/** Lower-case names; what came more than once is joined as RFC 9110 5.3 says. */
const plain = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])))
