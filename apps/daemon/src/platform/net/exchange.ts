import { lookup as systemLookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { Fault } from '@steward/contract'
import { ToolError } from '../../tools/tool.ts'
import type { FetchedPage } from '../../tools/tool.ts'
import { acceptedEncodings, readBody } from './body.ts'
import type { AddressGuard } from './guard.ts'

/** All addresses of a host name. Rejects, or gives none, when there is no such host. */
export type Resolve = (host: string) => Promise<readonly string[]>
export const systemResolve: Resolve = async (host) => (await systemLookup(host, { all: true })).map(({ address }) => address)

/** One request as it goes out. `headers` come over those that every request has. */
export interface Outgoing {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}
export const shown = (url: string): string => `"${url.length > 200 ? `${url.slice(0, 200)}…` : url}"`

/** Where a response redirects to (its body is let go of), or undefined when it is the answer itself. Throws ToolError `failed` for no address. */
export function redirectTarget(from: URL, response: IncomingMessage): string | undefined {
  const redirects = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0)
  const target = redirects ? response.headers.location : undefined
  if (target === undefined) return undefined
  response.destroy()
  if (!URL.canParse(target, from.href)) throw new ToolError('failed', `${shown(from.href)} redirects to something that is no address.`)
  return new URL(target, from).href
}

/** Does the work within the time. Throws the signal's reason when cancelled; what is no ToolError or Fault becomes a ToolError that names `url`. */
export async function timed<T>(url: string, timeoutMs: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    return await work(AbortSignal.any([signal, timeout]))
  } catch (error) {
    signal.throwIfAborted()
    if (timeout.aborted) throw new ToolError('timed_out', `No complete answer from ${shown(url)} within ${timeoutMs} ms.`, { cause: error })
    if (error instanceof ToolError || error instanceof Fault) throw error
    const why = error instanceof Error ? error.message || error.name : String(error)
    throw new ToolError('failed', `${shown(url)} could not be fetched: ${why}.`, { cause: error })
  }
}

/** Sends one request to the judged addresses of the URL's host only, whatever DNS says a moment later; Host and TLS name stay those of the URL. */
export async function exchange(
  url: URL,
  outgoing: Outgoing,
  { guard, resolve, userAgent }: { readonly guard: AddressGuard; readonly resolve: Resolve; readonly userAgent: string },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const judged = (await judgedAddresses(url, resolve, guard, signal)).map((address) => ({ address, family: isIP(address) }))
  const lookup: LookupFunction = (_, options, done) => {
    const [first] = judged
    if (options.all) done(null, judged)
    else if (first) done(null, first.address, first.family)
  }
  // Not by `import`: that would load the whole of fetch at start, see kernel/doors/http.ts.
  const { request: send } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http')
  return new Promise((resolved, reject) => {
    const { body } = outgoing
    // Said, not left to Node: behind a DELETE it would send a body whose length nobody knows.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const headers = { 'user-agent': userAgent, accept: '*/*', ...outgoing.headers, ...length, 'accept-encoding': acceptedEncodings }
    // An agent of its own: no connection is shared with requests that were judged otherwise, and no proxy of the environment is used.
    const sent = send(url, { method: outgoing.method, agent: false, lookup, headers, signal })
    sent.once('response', resolved)
    sent.on('error', reject)
    sent.end(body)
  })
}

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

/** The answer with at most `limit` bytes of its body. */
export async function page(url: URL, response: IncomingMessage, limit: number): Promise<FetchedPage> {
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
