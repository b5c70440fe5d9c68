import { ToolError } from '../../tools/tool.ts'
import type { FetchedPage, Fetcher } from '../../tools/tool.ts'
import { exchange, page, redirectTarget, shown, systemResolve, timed } from './exchange.ts'
import type { Resolve } from './exchange.ts'
import { createAddressGuard } from './guard.ts'
import { createSender } from './sender.ts'

export interface FetcherOptions {
  /** Rules that lift the ban on private addresses, see createAddressGuard. */
  readonly allow: readonly string[]
  /** Default: the system's resolver, hosts file included. */
  readonly resolve?: Resolve
  readonly userAgent: string
}

/**
 * Fetches pages over http and https. Every address of a host is judged before each request, redirects included, and the connection goes to
 * the judged addresses only, whatever DNS says a moment later; Host and TLS name stay those of the URL. `timeoutMs` is for all together,
 * DNS and body included; `bytes` counts decoded bytes; at most `redirects` are followed. HTTP error statuses are answers, not errors.
 * Throws ToolError (`invalid`, `refused`, `not_found`, `timed_out`, `failed`), or the signal's reason when cancelled. `send`: see createSender.
 */
export function createFetcher({ allow, resolve = systemResolve, userAgent }: FetcherOptions): Fetcher {
  const guard = createAddressGuard(allow)
  return {
    ...createSender({ resolve, userAgent }),
    get: (text, limits, signal) => timed(text, limits.timeoutMs, signal, (either) => follow(text, limits, either)),
  }

  async function follow(text: string, limits: { bytes: number; redirects: number }, signal: AbortSignal): Promise<FetchedPage> {
    let url = guard.url(text)
    for (let left = limits.redirects; ; left -= 1) {
      const response = await exchange(url, { method: 'GET', headers: {} }, { guard, resolve, userAgent }, signal)
      const target = redirectTarget(url, response)
      if (target === undefined) return page(url, response, limits.bytes)
      if (left <= 0) throw new ToolError('failed', `${shown(text)} redirects more than ${limits.redirects} times, at last to ${shown(target)}.`)
      url = guard.url(target)
    }
  }
}

/** A fetcher by the rules of the moment: they are read anew for each request. */
export const createLiveFetcher = (userAgent: string, allow: () => readonly string[]): Fetcher => ({
  ...createSender({ userAgent }),
  get: (url, limits, signal) => createFetcher({ allow: allow(), userAgent }).get(url, limits, signal),
})
