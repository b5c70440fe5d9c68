import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { ToolError } from '../../tools/tool.ts'
import { exchange, shown, systemResolve } from './exchange.ts'
import type { Resolve } from './exchange.ts'
import { createAddressGuard } from './guard.ts'

export interface PinnedFetchOptions {
  /** Rules that lift the ban on private addresses, see createAddressGuard. */
  readonly allow: readonly string[]
  /** The only origins that are asked. */
  readonly origins: readonly string[]
  readonly userAgent: string
  /** For a whole body, and for one event of a stream, after decompression. */
  readonly bytes: number
  readonly resolve?: Resolve
}
type FetchLike = (url: string | URL, init?: RequestInit) => Promise<Response>

const never = new AbortController().signal
const withoutBody = new Set([204, 205, 304])
const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
}

/**
 * A `fetch` for clients of vendors. Like createFetcher it goes to judged addresses only; it follows no redirect, and refuses (ToolError
 * `refused`) every origin but those given, so that no header reaches another. A body or event that is too long breaks off with an error.
 */
export function createPinnedFetch({ allow, origins, userAgent, bytes, resolve = systemResolve }: PinnedFetchOptions): FetchLike {
  const guard = createAddressGuard(allow)
  return async (address, init) => {
    const url = guard.url(String(address))
    if (!origins.includes(url.origin)) throw new ToolError('refused', `${shown(url.origin)} is none of the addresses that may be asked here.`)
    const request = new Request(url, { ...init, redirect: 'manual' })
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer())
    const outgoing = { method: request.method, headers: Object.fromEntries(request.headers), ...(body === undefined ? {} : { body }) }
    const response = await exchange(url, outgoing, { guard, resolve, userAgent }, init?.signal ?? never)
    return asResponse(response, bytes)
  }
}

function asResponse(response: IncomingMessage, bytes: number): Response {
  const status = response.statusCode ?? 0
  const headers = new Headers()
  for (const [name, value] of Object.entries(response.headers)) for (const each of [value ?? []].flat()) headers.append(name, each)
  const encoding = headers.get('content-encoding') ?? 'identity'
  headers.delete('content-encoding')
  headers.delete('content-length')
  if (status < 200 || status > 599) throw new ToolError('failed', `The server answered with the status ${status}, which is none.`)
  if (withoutBody.has(status)) {
    response.resume()
    return new Response(null, { status, headers })
  }
  const decoder = encoding === 'identity' ? null : decoders[encoding]
  if (decoder === undefined) throw new ToolError('failed', `The server compressed its answer with "${encoding}", which was not asked for.`)
  const events = (headers.get('content-type') ?? '').startsWith('text/event-stream')
  const stream = Readable.from(bounded(response, decoder?.() ?? null, bytes, events), { objectMode: false })
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, { status, headers })
}

/** The decoded bytes; throws when more than `most` of them come, or with `events` without the end of an event (an empty line) in between. */
async function* bounded(response: IncomingMessage, decoder: NodeJS.ReadWriteStream | null, most: number, events: boolean): AsyncGenerator<Buffer> {
  if (decoder !== null) response.on('error', (error) => (decoder as unknown as Readable).destroy(error)).pipe(decoder)
  let count = 0
  let before: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of (decoder ?? response) as AsyncIterable<Buffer>) {
      count += chunk.length
      if (events) {
        const seam = Buffer.concat([before, chunk.subarray(0, 3)])
        before = chunk.subarray(-3)
        if (endsEvent(chunk) || endsEvent(seam)) count = 0
      }
      if (count > most) throw new ToolError('too_large', `The server's answer has more than ${most} bytes, which is not read.`)
      yield chunk
    }
  } finally {
    response.destroy()
  }
}
const endsEvent = (bytes: Buffer): boolean => bytes.includes('\n\n') || bytes.includes('\r\n\r\n') || bytes.includes('\r\r')
