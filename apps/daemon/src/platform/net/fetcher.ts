import { lookup as systemLookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { Fault } from '@steward/contract'
import { ToolError } from '../../tools/tool.ts'
import type { FetchedPage, Fetcher } from '../../tools/tool.ts'
import { acceptedEncodings, readBody } from './body.ts'
import { createAddressGuard } from './guard.ts'
import type { AddressGuard } from './guard.ts'

/** All addresses of a host name. Rejects, or gives none, when there is no such host. */
export type Resolve = (host: string) => Promise<readonly string[]>
export interface FetcherOptions {
  /** Rules that lift the ban on private addresses, see createAddressGuard. */
  readonly allow: readonly string[]
  /** Default: the system's resolver, hosts file included. */
  readonly resolve?: Resolve
  readonly userAgent: string
}

const redirects = new Set([301, 302, 303, 307, 308])
const systemResolve: Resolve = async (host) => (await systemLookup(host, { all: true })).map(({ address }) => address)

/**
 * Fetches pages over http and https. Every address of a host is judged before each request, redirects included, and the connection goes to
 * the judged addresses only, whatever DNS says a moment later; Host and TLS name stay those of the URL. `timeoutMs` is for all together,
 * DNS and body included; `bytes` counts decoded bytes; at most `redirects` are followed. HTTP error statuses are answers, not errors.
 * Throws ToolError (`invalid`, `refused`, `not_found`, `timed_out`, `failed`), or the signal's reason when cancelled.
 */
export function createFetcher({ allow, resolve = systemResolve, userAgent }: FetcherOptions): Fetcher {
  const guard = createAddressGuard(allow)
  return {
    async get(text, limits, signal) {
      signal.throwIfAborted()
      const timeout = AbortSignal.timeout(limits.timeoutMs)
      const either = AbortSignal.any([signal, timeout])
      try {
        return await follow(text, limits, either)
      } catch (error) {
        signal.throwIfAborted()
        if (timeout.aborted)
          throw new ToolError('timed_out', `No complete answer from ${shown(text)} within ${limits.timeoutMs} ms.`, { cause: error })
        if (error instanceof ToolError || error instanceof Fault) throw error
        throw new ToolError(
          'failed',
          `${shown(text)} could not be fetched: ${error instanceof Error ? error.message || error.name : String(error)}.`,
          { cause: error },
        )
      }
    },
  }

  async function follow(text: string, limits: { bytes: number; redirects: number }, signal: AbortSignal): Promise<FetchedPage> {
    let url = guard.url(text)
    for (let left = limits.redirects; ; left -= 1) {
      const response = await request(url, await judgedAddresses(url, resolve, guard, signal), userAgent, signal)
      const target = redirects.has(response.statusCode ?? 0) ? response.headers.location : undefined
      if (target === undefined) return page(url, response, limits.bytes)
      response.destroy()
      if (left <= 0) throw new ToolError('failed', `${shown(text)} redirects more than ${limits.redirects} times, at last to ${shown(target)}.`)
      if (!URL.canParse(target, url.href)) throw new ToolError('failed', `${shown(text)} redirects to something that is no address.`)
      url = guard.url(new URL(target, url).href)
    }
  }
}

const shown = (url: string): string => `"${url.length > 200 ? `${url.slice(0, 200)}…` : url}"`

async function judgedAddresses(url: URL, resolve: Resolve, guard: AddressGuard, signal: AbortSignal): Promise<readonly string[]> {
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  // guard.url has judged a literal already.
  if (isIP(literal) !== 0) return [literal]
  const addresses = await abortable(resolve(url.hostname), signal).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new ToolError('not_found', `The host "${url.hostname}" was not found.`, { cause: error })
  })
  guard.addresses(url, addresses)
  return addresses
}

function request(url: URL, addresses: readonly string[], userAgent: string, signal: AbortSignal): Promise<IncomingMessage> {
  const judged = addresses.map((address) => ({ address, family: isIP(address) }))
  const lookup: LookupFunction = (_, options, done) => {
    const [first] = judged
    if (options.all) done(null, judged)
    else if (first) done(null, first.address, first.family)
  }
  // Not by `import`: that would load the whole of fetch at start, see kernel/doors/http.ts.
  const { request: send } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http')
  return new Promise((resolve, reject) => {
    const headers = { 'user-agent': userAgent, accept: '*/*', 'accept-encoding': acceptedEncodings }
    // An agent of its own: no connection is shared with requests that were judged otherwise, and no proxy of the environment is used.
    const sent = send(url, { agent: false, lookup, headers, signal })
    sent.once('response', resolve)
    sent.on('error', reject)
    sent.end()
  })
}

async function page(url: URL, response: IncomingMessage, limit: number): Promise<FetchedPage> {
  const mediaType = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() || 'application/octet-stream'
  const { bytes, truncated } = await readBody(response, limit)
  return { url: url.href, status: response.statusCode ?? 0, mediaType, bytes, truncated }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Cancelled.'))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
