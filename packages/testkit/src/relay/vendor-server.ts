import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface VendorRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** What the JSON said; undefined when it was none. */
  readonly body: unknown
}
export interface VendorAnswer {
  readonly status: number
  /** A string is sent as plain text, everything else as JSON. */
  readonly body: unknown
}
/**
 * What a request may meet in place of its answer: `hang` is never answered (nothing is done), `cut` resets the connection (nothing is done), `late` does it all
 * and then resets the connection, `garbage` is a page of a proxy (502), and an answer is that answer, of which nothing is done.
 */
export type VendorFault = 'hang' | 'cut' | 'late' | 'garbage' | VendorAnswer

export interface VendorServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  /** Every request, those that met a fault too, in order of arrival. */
  readonly requests: readonly VendorRequest[]
  /** The next `times` requests (default 1) meet this fault. */
  fail(fault: VendorFault, times?: number): void
  /** Takes away the faults that have not been met. */
  heal(): void
  /** Destroys all connections and ends. */
  close(): Promise<void>
}

/** A loopback stand-in of a vendor's JSON API: `answer` is the vendor, faults come on demand. */
export async function startVendor(answer: (request: VendorRequest) => VendorAnswer): Promise<VendorServer> {
  const requests: VendorRequest[] = []
  const faults: VendorFault[] = []
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming)
    requests.push(request)
    const fault = faults.shift()
    if (fault === 'hang') return
    if (fault === 'cut') return void incoming.socket.resetAndDestroy()
    if (fault === 'garbage') return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>')
    const given = typeof fault === 'object' ? fault : answer(request)
    if (fault === 'late') return void incoming.socket.resetAndDestroy()
    const isText = typeof given.body === 'string'
    response.writeHead(given.status, { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' })
    response.end(isText ? given.body : JSON.stringify(given.body))
  }
  const server = createServer((incoming, response) => void serve(incoming, response).catch(() => response.destroy()))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    fail: (fault, times = 1) => void faults.push(...Array.from({ length: times }, () => fault)),
    heal: () => void (faults.length = 0),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function readRequest(incoming: IncomingMessage): Promise<VendorRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  const { pathname } = new URL(incoming.url ?? '/', 'http://loopback')
  return { method: incoming.method ?? 'GET', path: pathname, headers, body: jsonOf(Buffer.concat(chunks).toString()) }
}
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
