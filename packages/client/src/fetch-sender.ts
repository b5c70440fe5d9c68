import { Fault, mutates, type Contract, type Operation } from '@steward/contract'
import { operations } from '@steward/contract/daemon'
import { backOff, patience, type Patience } from './back-off.ts'
import { chunksOf, streamOf } from './chunks.ts'
import { cutOff, faultFrom, givenUp, unreachable } from './faults.ts'
import { prepare } from './http-request.ts'
import type { Bytes, Download, Follow, Range, Sender, SendOptions } from './sender.ts'
import { followStream } from './sse-events.ts'

export interface FetchSenderOptions {
  /** The daemon's address: `http://127.0.0.1:4123`. */
  readonly url: string
  /** An access token. Absent: the login cookie of the page. */
  readonly token?: string
  readonly contract?: Contract
  /** Paths of the event streams: of one session, and of everything. */
  readonly streams?: { readonly session: string; readonly all: string }
  /** An event stream that is silent for so long is connected anew; 45,000 unless said. */
  readonly silenceMs?: number
  readonly pace?: Partial<Patience>
}
const daemonStreams = { session: '/v1/sessions/{sessionId}/events', all: '/v1/events' }
const repeatable = (op: Operation) => !mutates(op) || op.database !== undefined

/** Talks to the daemon by HTTP and server-sent events, in browsers and in Node. */
export function createFetchSender(options: FetchSenderOptions): Sender {
  const { contract = operations, streams = daemonStreams, silenceMs = 45_000, token } = options
  const base = options.url.replace(/\/+$/, '')
  const pace = { ...patience, ...options.pace }
  const closed = new AbortController()
  const credential: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const both = (signal: AbortSignal | undefined) => (signal ? AbortSignal.any([signal, closed.signal]) : closed.signal)

  /** Asks until there is an answer, if asking again is safe. Throws Fault. */
  const ask = async <T>(
    again: boolean,
    signal: AbortSignal,
    attempt: () => Promise<Response>,
    read: (response: Response) => Promise<T>,
  ): Promise<T> => {
    const until = Date.now() + pace.patienceMs
    for (let tries = 0; ; tries++) {
      try {
        const response = await attempt()
        if (!response.ok) throw await faultOf(response)
        return await read(response)
      } catch (error) {
        if (error instanceof Fault) throw error
        if (signal.aborted) throw givenUp()
        if (!again) throw cutOff()
        if (Date.now() >= until) throw unreachable(error)
      }
      await backOff(tries, pace, signal)
    }
  }
  const headersFor = (op: Operation, key: string | undefined): Record<string, string> => {
    if (!mutates(op)) return credential
    const chosen = key ?? (op.database === undefined ? undefined : crypto.randomUUID())
    return chosen === undefined ? credential : { ...credential, 'idempotency-key': chosen }
  }
  return {
    async call(name, input, { key, signal: own }: SendOptions = {}) {
      const { op, method, path, body } = prepare(contract, name, input)
      const signal = both(own)
      const headers = { ...headersFor(op, key), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
      const request = { method, headers, signal, ...(body === undefined ? {} : { body }) }
      return ask(repeatable(op), signal, () => fetch(base + path, request), answerOf)
    },
    events({ sessionId, names, after }: Follow, own) {
      const query = names === undefined ? '' : `?${new URLSearchParams(names.map((name): [string, string] => ['names', name]))}`
      const path = sessionId === undefined ? streams.all : streams.session.replace('{sessionId}', () => encodeURIComponent(sessionId))
      const open = async (cursor: string | undefined, signal: AbortSignal) => {
        const headers = { ...credential, accept: 'text/event-stream', ...(cursor === undefined ? {} : { 'last-event-id': cursor }) }
        const response = await fetch(base + path + query, { headers, signal, cache: 'no-store' })
        if (!response.ok) throw await faultOf(response)
        if (response.body === null) throw unreachable()
        return response.body
      }
      return followStream(open, after, pace, silenceMs, both(own))
    },
    async upload(name, input, bytes: Bytes, { key, signal: own }: SendOptions = {}) {
      const sent = { ...(input as Record<string, unknown> | undefined) }
      const mediaType = typeof sent['mediaType'] === 'string' ? sent['mediaType'] : undefined
      const { op, method, path } = prepare(contract, name, sent)
      const signal = both(own)
      const headers = { ...headersFor(op, key), ...(mediaType === undefined ? {} : { 'content-type': mediaType }) }
      const oneShot = !(bytes instanceof Uint8Array) && !(bytes instanceof Blob)
      const body = () => (oneShot ? streamOf(bytes) : new Blob([bytes as Blob | Uint8Array<ArrayBuffer>]))
      const request = () => fetch(base + path, { method, headers, signal, body: body(), ...(oneShot ? { duplex: 'half' as const } : {}) })
      return ask(repeatable(op) && !oneShot, signal, request, answerOf)
    },
    async download(name, input, range?: Range, { signal: own }: SendOptions = {}) {
      const { method, path } = prepare(contract, name, input)
      const signal = both(own)
      const headers = { ...credential, ...(range ? { range: `bytes=${range.start}-${range.end}` } : {}) }
      return ask(true, signal, () => fetch(base + path, { method, headers, signal }), downloadOf)
    },
    close() {
      closed.abort()
      return Promise.resolve()
    },
  }
}
const answerOf = async (response: Response): Promise<unknown> => (response.status === 204 ? null : ((await response.json()) as unknown))
async function downloadOf(response: Response): Promise<Download> {
  const told = response.headers.get('x-answer')
  return { value: told === null ? null : (JSON.parse(decodeURIComponent(told)) as unknown), bytes: bytesOf(response) }
}
async function faultOf(response: Response): Promise<Fault> {
  const text = await response.text()
  try {
    return faultFrom((JSON.parse(text) as { error?: unknown }).error)
  } catch (error) {
    const said = `Something at this address answered ${response.status}, and it is not Steward.`
    return new Fault(response.status >= 500 ? 'unavailable' : 'internal', said, undefined, { cause: error })
  }
}
async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
  try {
    if (response.body) yield* chunksOf(response.body)
  } catch (error) {
    throw new Fault('unavailable', 'The download was cut; what came so far is not the whole.', undefined, { cause: error })
  }
}
