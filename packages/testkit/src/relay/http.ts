import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export interface Answer<T = unknown> {
  readonly status: number
  /** What the JSON said; text for other text, bytes for anything else, undefined when there was nothing. Its type is what the caller says. */
  readonly body: T
  readonly headers: IncomingHttpHeaders
}
export interface Sending {
  /** Bytes are sent as octet-stream and a string as JSON text that may be broken; everything else becomes JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** When the answer is not whole after this many milliseconds, the request is ended and throws. Default 30000. */
  readonly timeoutMs?: number
}
export interface HttpClient extends Disposable {
  request<T = unknown>(method: string, path: string, sending?: Sending): Promise<Answer<T>>
  get<T = unknown>(path: string): Promise<Answer<T>>
  post<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>
  put<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>
  delete<T = unknown>(path: string): Promise<Answer<T>>
  /** Closes its connections. */
  close(): void
}

/**
 * A small JSON client of the server at `url` (`http:` only), which keeps up to `connections` connections open (default 16) and sends `token` as bearer. A status is
 * never thrown; a connection that fails is, with node's error. Not `fetch`: that costs a load generator three times the processor time.
 */
export function http(url: string, token?: string, options: { connections?: number } = {}): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections ?? 16 })
  const { hostname, port } = new URL(url)
  const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }

  const send = async <T>(method: string, path: string, { body, headers = {}, timeoutMs = 30_000 }: Sending = {}): Promise<Answer<T>> => {
    const { payload, type } = encoded(body)
    const framing = payload === undefined ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(payload)) }
    const outgoing = request({ agent, hostname, port, method, path, headers: { ...bearer, ...framing, ...headers } })
    // What fails after the answer has begun is thrown by reading it.
    outgoing.on('error', () => undefined)
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      outgoing.destroy(new Error('late'))
    }, timeoutMs)
    try {
      outgoing.end(payload)
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
      return { status: incoming.statusCode ?? 0, body: (await decoded(incoming)) as T, headers: incoming.headers }
    } catch (error) {
      throw isLate ? new Error(`${method} ${path} was not answered within ${timeoutMs} ms.`) : error
    } finally {
      clearTimeout(timer)
    }
  }
  const close = (): void => agent.destroy()
  return {
    request: send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, { body }),
    put: (path, body) => send('PUT', path, { body }),
    delete: (path) => send('DELETE', path),
    close,
    [Symbol.dispose]: close,
  }
}

function encoded(body: unknown): { payload?: string | Uint8Array; type: string } {
  if (body === undefined) return { type: '' }
  if (body instanceof Uint8Array) return { payload: body, type: 'application/octet-stream' }
  return { payload: typeof body === 'string' ? body : JSON.stringify(body), type: 'application/json' }
}

async function decoded(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const type = incoming.headers['content-type'] ?? ''
  if (bytes.length === 0) return undefined
  if (/\bjson\b/.test(type)) return JSON.parse(bytes.toString())
  return type.startsWith('text/') ? bytes.toString() : bytes
}
